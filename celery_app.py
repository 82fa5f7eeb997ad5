"""The Celery application: the database says what is due, the queue only makes it quick."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("kaohe", task_cls="audit.guarded:GuardedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def sweep_at_once(**_more: Any) -> None:
    """What fell due while nothing ran is done as soon as a worker is there, not a minute later."""
    app.send_task("workflow.sweep", expires=60, retry=False)
