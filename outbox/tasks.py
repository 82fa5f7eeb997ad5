"""The queue's hand in the outbox."""

from celery import shared_task

from outbox.delivery import send_due


@shared_task(name="outbox.send")
def send() -> int:
    """Send what is due."""
    return send_due()
