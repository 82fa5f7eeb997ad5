"""Saying things: written in the transaction of their cause, sent after it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.db.models import QuerySet

from common import clock
from common.language import in_house_language
from common.rows import Batch, Prepared, ask, new
from outbox.hints import hint
from outbox.models import Channel, Message
from outbox.queries import undelivered

LONGEST_SUBJECT = 200


class Terms(TypedDict, total=False):
    """Under which terms a message is sent.

    Where its body holds `MINTED` it says what `minting` names, made as it is sent. It is not sent any more once `about`
    was withdrawn, or from `true_until` (aware) on. Where its words hold `DUE` they say `due_at` (aware), as it stands
    when they are read.
    """

    minting: str
    about: str
    due_at: datetime | None
    true_until: datetime | None


def mail(
    *, cause: str, to: AbstractBaseUser, subject: str, body: str, path: str = "", **terms: Unpack[Terms]
) -> Message:
    """A mail to a person, not yet written; `path` is the page in the house where they can act."""
    return new(
        Message,
        cause=cause,
        channel=Channel.MAIL,
        to_id=to.pk,
        subject=subject[:LONGEST_SUBJECT],
        body=body,
        path=path,
        **terms,
    )


def text(*, cause: str, subject: str, body: str, address: str = "", **terms: Unpack[Terms]) -> Message:
    """A text message to a phone number, not yet written; without one, whoever makes its `minting` knows the number."""
    return outside(channel=Channel.TEXT, cause=cause, subject=subject, body=body, address=address, **terms)


def outside(
    *, channel: Channel, cause: str, subject: str, body: str, address: str = "", **terms: Unpack[Terms]
) -> Message:
    """A message to somebody without an account, not yet written; `address` as for `text`."""
    return Message(cause=cause, channel=channel, address=address, subject=subject[:LONGEST_SUBJECT], body=body, **terms)


@dataclass(frozen=True)
class Draft:
    """A message that is put into words only if nobody was told for its cause before."""

    cause: str
    write: Callable[[], Message]


def queue(messages: Iterable[Message]) -> int:
    """Write messages in the caller's transaction; one whose cause was served before is dropped. Returns how many.

    `messages` is asked for them in the house's language, whoever's page caused them. They are sent once the
    transaction is committed; the sweep finds those that were not.
    """
    with in_house_language():
        asked = {message.cause: message for message in messages}
    for known in _served(asked):
        del asked[known]
    written = [asked[cause] for cause in sorted(asked)]  # so that two who write the same never wait for each other
    if not written:
        return 0
    instant = clock.now()
    for message in written:
        message.created_at = message.next_attempt_at = instant
    batch = Batch()
    batch.insert(written, ignore_conflicts=True)
    batch.send()
    hint("outbox.send")
    return len(written)


def queue_in(batch: Batch, drafts: Iterable[Draft]) -> None:
    """Write messages with a batch, as its last statement; of several for one cause the first is said.

    They stand in the order of their causes, so that two who write the same ones never wait for each other.
    """
    asked: dict[str, Draft] = {}
    for draft in drafts:
        asked.setdefault(draft.cause, draft)
    unsaid = sorted(set(asked) - _served(asked)) if asked else []
    if unsaid:
        with in_house_language():
            batch.insert([asked[cause].write() for cause in unsaid], ignore_conflicts=True)
        hint("outbox.send")


@Prepared
def _of_causes(causes: tuple[str, ...]) -> QuerySet[Message, tuple[str]]:
    return Message.objects.filter(cause__in=causes).order_by().values_list("cause")


def _served(causes: Iterable[str]) -> set[str]:
    asked = tuple(causes)
    (served,) = ask(_of_causes(asked)) if asked else [[]]
    return {cause for (cause,) in served}


def withdraw(about: Iterable[str], *, cause: str = "") -> int:
    """Withdraw, in the caller's transaction, what is not sent yet about what has ended; returns how many.

    With `cause` only what was said for a cause that begins so. It stays among its reader's messages, as withdrawn.
    """
    unsent = _unsent(about).filter(cause__startswith=cause, withdrawn_at=None)
    return _held(unsent).update(withdrawn_at=clock.now())


def _unsent(about: Iterable[str]) -> QuerySet[Message]:
    """What is not sent yet about these; SQLite takes the index only where its condition is said."""
    return Message.objects.filter(about__in=list(about), sent_at=None).exclude(about="")


def _held(messages: QuerySet[Message]) -> QuerySet[Message]:
    """These messages, locked in the order of their keys: two who change many never wait for each other.

    SQLite's transactions hold its one write lock; an order would only keep it from the index.
    """
    locked = messages.order_by("pk").select_for_update(no_key=True).values("pk")
    return Message.objects.filter(pk__in=locked) if connection.features.has_select_for_update else messages


def withdraw_in(batch: Batch, about: Sequence[str]) -> None:
    """The same with a batch: whatever is not sent yet about these, locked as `_held` does."""
    locked = "ORDER BY id FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""
    batch.run(
        "UPDATE outbox_message SET withdrawn_at = %s WHERE id IN (SELECT id FROM outbox_message"  # noqa: S608  only places are filled in
        " WHERE sent_at IS NULL AND withdrawn_at IS NULL AND NOT (about = '')"
        f" AND about IN ({', '.join(['%s'] * len(about))}) {locked})",
        connection.ops.adapt_datetimefield_value(clock.now()),
        *about,
    )


def hold_until(about: Iterable[str], instant: datetime) -> int:
    """Let what is not sent yet about these hold until another instant (aware); returns how many messages that are."""
    return _held(_unsent(about)).update(true_until=instant)


def move_due(about: Iterable[str], instant: datetime) -> int:
    """Let what is not sent yet about these say another instant (aware) where it says until when; returns how many."""
    return _held(_unsent(about)).update(due_at=instant)


def try_again(*, to: Iterable[AbstractBaseUser] | None = None) -> int:
    """Send once more what was given up and is still true, of these people or of everybody; returns how many wait again.

    Who may ask for that is asked by the caller.
    """
    lost = undelivered().order_by()
    if to is not None:
        lost = lost.filter(to__in=[person.pk for person in to])
    count = _held(lost).update(given_up_at=None, refusals=0, attempts=0, next_attempt_at=clock.now())
    if count:
        hint("outbox.send")
    return count


def mark_read(*, to: AbstractBaseUser, message_id: int | None = None) -> int:
    """Note that a person has read a message of theirs (all of them when none is named); returns how many."""
    unread = Message.objects.filter(to_id=to.pk, read_at=None)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return _held(unread).update(read_at=clock.now())
