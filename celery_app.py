"""The Celery application: the database says what is due, the queue only makes it quick."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_ready

from common.collecting import collect_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("kaohe", task_cls="audit.guarded:GuardedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def look_for_rubbish_seldom(**_more: Any) -> None:
    """The tasks are imported, and the processes that work are forked from this one."""
    collect_seldom()


@worker_ready.connect
def sweep_at_once(**_more: Any) -> None:
    """What fell due while nothing ran is done as soon as a worker is there, not a minute later."""
    app.send_task("workflow.sweep", expires=60, retry=False)
