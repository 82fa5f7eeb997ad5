"""Hints to the queue: they only make quick what the sweep would find anyway."""

import logging
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Hint:
    """Asks the queue to run a task now; the same hint twice in one transaction is one."""

    task_name: str

    def __call__(self) -> None:
        try:
            current_app.send_task(self.task_name, retry=False)
        except OperationalError:
            log.warning("the queue did not take %s; the sweep will", self.task_name)


def hint(task_name: str) -> None:
    """Ask the queue, once the transaction is committed, to run `task_name` now; a lost queue costs only a minute."""
    wanted = _Hint(task_name)
    waiting = transaction.get_connection().run_on_commit
    if settings.REDIS_URL and all(called != wanted for _savepoints, called, _robust in waiting):
        transaction.on_commit(wanted)
