"""Hints to the queue: they only make quick what the sweep would find anyway."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)


def hint(task_name: str) -> None:
    """Ask the queue, once the transaction is committed, to run `task_name` now; a lost queue costs a minute, no more."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _send(task_name))


def _send(task_name: str) -> None:
    try:
        current_app.send_task(task_name, retry=False)
    except current_app.connection_for_write().connection_errors + current_app.connection_for_write().channel_errors:
        log.warning("the queue did not take %s; the sweep will", task_name)
