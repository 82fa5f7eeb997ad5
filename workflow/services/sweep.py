"""The sweep: every minute, what is due is done, one process and one transaction at a time (design.md section 5)."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from audit import clock
from workflow.models import Task
from workflow.queries.process import OPEN
from workflow.services.publicity import end_publicity
from workflow.services.ratings import close_ratings
from workflow.services.reminders import remind
from workflow.services.self_evaluation import exclude_overdue

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=1)

# What the sweep does with a due task, by the name of its node.
ACTS: dict[str, Callable[..., bool]] = {
    "self_evaluation": exclude_overdue,
    "recipient_rating": close_ratings,
    "leadership_rating": close_ratings,
    "publicity": end_publicity,
}


def due_tasks() -> QuerySet[Task]:
    """Tasks that fire by themselves and whose deadline is past, with the grace that a slow request may take."""
    instant = clock.now()
    latest = instant - timedelta(seconds=settings.DEADLINE_GRACE_SECONDS)
    due: QuerySet[Task] = Task.objects.filter(
        Q(retry_at=None) | Q(retry_at__lte=instant), fires=True, finished=None, status__in=OPEN, due_at__lte=latest
    ).order_by("due_at", "process_id")
    return due


def sweep() -> Counter[str]:
    """Do what is due, then remind; returns how many tasks of each node were ended.

    What fails is rolled back alone and tried again later, with a back-off; the sweep goes on.
    """
    done: Counter[str] = Counter()
    for key in list(due_tasks().values_list("pk", flat=True)):
        task = Task.objects.select_related("process").filter(pk=key).first()
        if task is not None and _act(task):
            done[task.flow_task.name] += 1
    remind()
    return done


def _act(task: Task) -> bool:
    try:
        with transaction.atomic():
            return ACTS[task.flow_task.name](task=task)
    except Exception as error:  # whatever it is: one unit's trouble must not keep the others waiting
        wait = min(timedelta(minutes=2 ** min(task.attempts, 6)), LONGEST_WAIT)
        Task.objects.filter(pk=task.pk).update(attempts=F("attempts") + 1, retry_at=clock.now() + wait)
        log.warning("task %s was not ended: %s", task.pk, type(error).__name__)
        return False
