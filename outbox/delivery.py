"""Sending what is due: each message claimed by one worker, handed over, noted; with a back-off on failure."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, QuerySet

from audit import clock
from outbox.models import Channel, Message
from outbox.texts import send_text

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=6)
# How long a message belongs to the worker that claimed it: longer than a conversation with a server can take.
CLAIM = timedelta(minutes=10)


def send_due(limit: int = 2000) -> int:
    """Send up to `limit` messages that are due; returns how many went out.

    No transaction is open while a server is talked to: a slow one would keep SQLite's only writer waiting. A claim
    keeps two workers from the same message; the one window that remains is a crash between the server's acceptance
    and the note of it, after which the message is sent again once the claim has run out.
    """
    return sum(_send(key) for key in list(_due().values_list("pk", flat=True)[:limit]))


def _due() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, next_attempt_at__lte=clock.now()).order_by("next_attempt_at", "pk")


def _send(key: int) -> bool:
    claimed = _due().filter(pk=key).order_by().update(attempts=F("attempts") + 1, next_attempt_at=clock.now() + CLAIM)
    if not claimed:
        return False
    try:
        message = Message.objects.select_related("to").get(pk=key)
        message.last_error = ""
        _hand_over(message)
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors, a bad address is a ValueError
        log.warning("message %s was not sent: %s", key, type(error).__name__)
        _put_off(key, error)
        return False
    except Exception as error:  # whatever is wrong with one message, the others go out
        log.exception("message %s was not sent", key)
        _put_off(key, error)
        return False
    message.sent_at = clock.now()
    if message.secret:
        message.address = message.body = ""
    message.save(update_fields=["last_error", "sent_at", "address", "body"])
    return True


def _put_off(key: int, error: Exception) -> None:
    attempts = Message.objects.values_list("attempts", flat=True).get(pk=key)
    wait = min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)
    told = type(error).__name__
    Message.objects.filter(pk=key).update(last_error=told, next_attempt_at=clock.now() + wait)


def _hand_over(message: Message) -> None:
    if message.channel == Channel.TEXT:
        send_text(message.address, message.body)
        return
    address = message.to.email if message.to else message.address
    if not address:
        message.last_error = "no address"
        return
    link = f"\n\n{settings.BASE_URL}{message.path}" if message.path else ""
    EmailMessage(subject=" ".join(message.subject.split()), body=message.body + link, to=[address]).send()
