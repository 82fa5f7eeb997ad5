"""Sending what is due: one message in one transaction, checked again under its lock, with a back-off on failure."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import QuerySet

from audit import clock
from outbox.models import Channel, Message
from outbox.texts import send_text

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=6)


def send_due(limit: int = 2000) -> int:
    """Send up to `limit` messages that are due; returns how many went out.

    A message is marked in the transaction that sends it, so two workers never send it twice; the one window that
    remains is a crash between the server's acceptance and the commit.
    """
    sent = 0
    due = list(_due().values_list("pk", flat=True)[:limit])
    for key in due:
        sent += _send_one(key)
    return sent


def _due() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, next_attempt_at__lte=clock.now()).order_by("next_attempt_at", "pk")


@transaction.atomic
def _send_one(key: int) -> bool:
    message = _lock(Message.objects.filter(pk=key, sent_at=None)).select_related("to").first()
    if message is None:
        return False
    message.attempts += 1
    try:
        _hand_over(message)
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors, a bad address is a ValueError
        message.last_error = type(error).__name__
        message.next_attempt_at = clock.now() + min(timedelta(minutes=2 ** min(message.attempts, 10)), LONGEST_WAIT)
        log.warning("message %s was not sent: %s", message.pk, message.last_error)
    else:
        message.sent_at = clock.now()
        if message.secret:
            message.address = message.body = ""
    message.save()
    return message.sent_at is not None


def _lock(messages: QuerySet[Message]) -> QuerySet[Message]:
    if connection.features.has_select_for_update_skip_locked:
        return messages.select_for_update(skip_locked=True, of=("self",))
    return messages.select_for_update()


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
