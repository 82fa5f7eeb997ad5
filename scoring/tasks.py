"""The queue's hand in what is kept of notices."""

from celery import shared_task

from scoring.services.uploads import forget_left_uploads


@shared_task(name="scoring.forget_uploads")
def forget_uploads() -> None:
    """Let go of uploads that nobody imported."""
    forget_left_uploads()
