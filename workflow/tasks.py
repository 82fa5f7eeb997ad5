"""The queue's hand in the flow."""

import time

from celery import shared_task
from django.conf import settings

from workflow.bulk.queries import unfinished_runs
from workflow.bulk.services import work_off_all
from workflow.office.services.sweep import sweep as sweep_now


@shared_task(name="workflow.sweep")
def sweep() -> dict[str, int]:
    """Do what is due."""
    return dict(sweep_now())


@shared_task(name="workflow.bulk")
def bulk() -> None:
    """Work off what was asked of many, for as long as a task may run; the sweep finishes the rest."""
    work_off_all(unfinished_runs(), end=time.monotonic() + settings.BULK_SECONDS)
