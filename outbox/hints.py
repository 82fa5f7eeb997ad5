"""Hints to the queue: they only make quick what the sweep would find anyway."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)


def hint(task_name: str) -> None:
    """Ask the queue, after the commit, to run `task_name` now; a lost queue costs a minute, no more."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _send(task_name))


def _send(task_name: str) -> None:
    try:
        current_app.send_task(task_name, retry=False)
    except Exception as error:  # whatever ails the queue, the work that hints at it is done and committed
        log.warning("the queue did not take %s (%s); the sweep will", task_name, type(error).__name__)
