"""The queue's hand in the flow."""

from celery import shared_task

from workflow.office.services.sweep import sweep as sweep_now


@shared_task(name="workflow.sweep")
def sweep() -> dict[str, int]:
    """Do what is due."""
    return dict(sweep_now())
