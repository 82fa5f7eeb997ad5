"""Mails that tests let the house say."""

from accounts.models import User
from outbox.models import Message
from outbox.services import mail, queue


def say(person: User, cause: str = "cause:1", **words: str) -> Message:
    """A mail that waits to be sent."""
    queue([mail(cause=cause, to=person, **({"subject": "一件事", "body": "请办理。", "path": "/tasks/7/"} | words))])
    return Message.objects.get(cause=cause)
