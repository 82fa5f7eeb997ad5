"""Sending what is due: each message claimed by one worker, handed over, noted; with a back-off on failure."""

import logging
import time
from contextlib import closing
from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet

from common import clock
from common.faults import trace_of
from outbox.carriers import Carrier, Mails, NotTakenError, Parcel, RefusedError, Texts, UnreachableError
from outbox.minting import Minted, OutOfDateError, mint
from outbox.models import Channel, Message, Reason
from outbox.queries import waiting

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=6)
# How long a message belongs to the worker that claimed it: longer than a conversation with a server can take.
CLAIM = timedelta(minutes=10)
# After each refusal for good that many are tried again, this much later; then the office is asked to see to it.
AFTER_A_REFUSAL = (timedelta(minutes=30), timedelta(hours=6))


def send_due(limit: int = 2000, *, seconds: float | None = None) -> int:
    """Send up to `limit` messages that are due; returns how many went out.

    Each channel stops after `seconds` (of the settings, by default), and at the first connection that is dead: what
    is left goes with the next round. No transaction is open while a server is talked to: a slow one would keep
    SQLite's only writer waiting. A claim keeps two workers from the same message; the one window that remains is a
    crash between the server's acceptance and the note of it, after which the message is sent again, under the same
    Message-ID, once the claim has run out. What only the message itself says is made between the claim and the
    conversation, in a transaction of its own, anew at each try (outbox/minting.py).
    """
    budget = settings.SEND_SECONDS if seconds is None else seconds
    carriers: tuple[Carrier, ...] = (Mails(), Texts())
    return sum(_round(carrier, limit, budget) for carrier in carriers)


def _due(channel: Channel) -> QuerySet[Message]:
    return waiting().filter(channel=channel, next_attempt_at__lte=clock.now()).order_by("next_attempt_at", "pk")


def _round(carrier: Carrier, limit: int, seconds: float) -> int:
    sent, end = 0, time.monotonic() + seconds
    with closing(carrier):
        for key in list(_due(carrier.channel).values_list("pk", flat=True)[:limit]):
            if time.monotonic() >= end:
                break
            try:
                sent += _send(key, carrier)
            except UnreachableError:
                break
    return sent


def _send(key: int, carrier: Carrier) -> bool:
    # Asked here once more: whatever ended its cause while it waited has withdrawn it.
    claimed = _due(carrier.channel).filter(pk=key).order_by()
    if not claimed.update(attempts=F("attempts") + 1, next_attempt_at=clock.now() + CLAIM):
        return False
    try:
        message = Message.objects.select_related("to").get(pk=key)
        carrier.carry(_parcel(message))
    except OutOfDateError:  # what it would lead to ended in another way than by withdrawing it
        Message.objects.filter(pk=key).update(withdrawn_at=clock.now())
        return False
    except UnreachableError as error:
        _not_taken(key, error)
        _put_off(key)
        raise
    except RefusedError as error:
        _not_taken(key, error)
        _refused(key, error)
        return False
    except Exception as error:  # whatever is wrong with one message, the others go out
        log.error("message %s was not sent: %s", key, trace_of(error))  # its own words may name people
        Message.objects.filter(pk=key).update(reason=Reason.FAULT, reason_code=None)
        _put_off(key)
        return False
    message.sent_at, message.reason, message.reason_code = clock.now(), "", None
    message.save(update_fields=["reason", "reason_code", "sent_at"])
    return True


def _parcel(message: Message) -> Parcel:
    minted = mint(message.minting) if message.minting else Minted(words="")
    return Parcel(
        cause=message.cause,
        address=minted.address or (message.to.email if message.to else message.address),
        subject=message.said_subject,
        body=message.body_with(minted.words),
        path=message.path,
    )


def _not_taken(key: int, error: NotTakenError) -> None:
    log.warning("message %s was not sent: %s", key, error)
    Message.objects.filter(pk=key).update(reason=error.reason, reason_code=error.code)


def _put_off(key: int) -> None:
    attempts = Message.objects.values_list("attempts", flat=True).get(pk=key)
    wait = min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)
    Message.objects.filter(pk=key).update(next_attempt_at=clock.now() + wait)


def _refused(key: int, error: RefusedError) -> None:
    """Put a message off; one that was refused for good a few times waits for the office (`undelivered`)."""
    if not error.final:
        _put_off(key)
        return
    message = Message.objects.filter(pk=key)
    before = message.values_list("refusals", flat=True).get()
    message.update(refusals=before + 1)
    if error.reason == Reason.NO_ADDRESS or before >= len(AFTER_A_REFUSAL):
        message.update(given_up_at=clock.now())
    else:
        message.update(next_attempt_at=clock.now() + AFTER_A_REFUSAL[before])
