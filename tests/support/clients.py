"""Browsers of people, as Django's test client plays them."""

from django.test import Client

from accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser_of(user: User | None) -> Client:
    """A client that is signed in as `user`; a stranger's when there is none."""
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client
