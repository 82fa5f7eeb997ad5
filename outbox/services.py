"""Saying things: written in the transaction of their cause, sent after it."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils import translation

from audit import clock
from outbox.hints import hint
from outbox.models import Channel, Message


def mail(*, cause: str, to: AbstractBaseUser, subject: str, body: str, path: str = "") -> Message:
    """A mail to a person, not yet written; `path` is the page in the house where they can act."""
    return Message(cause=cause, channel=Channel.MAIL, to_id=to.pk, subject=subject[:200], body=body, path=path)


def text(*, cause: str, address: str, subject: str, body: str, secret: bool = False) -> Message:
    """A text message to a phone number, not yet written."""
    return Message(cause=cause, channel=Channel.TEXT, address=address, subject=subject[:200], body=body, secret=secret)


def in_house_language() -> translation.override:
    """What is said to others is said in the house's language, not in that of the page that caused it."""
    return translation.override(settings.LANGUAGE_CODE)


def queue(messages: Iterable[Message]) -> int:
    """Write messages in the caller's transaction; one whose cause was served before is dropped. Returns how many.

    `messages` is asked for them in the house's language, whoever's page caused them. They are sent once the
    transaction is committed; the sweep finds those that were not.
    """
    with in_house_language():
        asked = {message.cause: message for message in messages}
    for known in Message.objects.filter(cause__in=asked).values_list("cause", flat=True):
        del asked[known]
    written = list(asked.values())
    if not written:
        return 0
    instant = clock.now()
    for message in written:
        message.created_at = message.next_attempt_at = instant
    Message.objects.bulk_create(written, ignore_conflicts=True)
    hint("outbox.send")
    return len(written)


def mark_read(*, to: AbstractBaseUser, message_id: int | None = None) -> int:
    """Note that a person has read a message of theirs (all of them when none is named); returns how many."""
    unread = Message.objects.filter(to_id=to.pk, read_at=None)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.update(read_at=clock.now())
