"""Browsers of people, as Django's test client plays them, and what they are told."""

from typing import Any

from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser_of(user: User | None) -> Client:
    """A client that is signed in as `user`; a stranger's when there is none."""
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def messages_on(answer: Any) -> list[str]:
    """What an answer says at the head of the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]
