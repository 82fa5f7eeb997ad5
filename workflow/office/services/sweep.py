"""The sweep: every minute, what is due is done, one process and one transaction at a time (design.md section 5)."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from common import clock
from common.faults import trace_of
from workflow.bulk.queries import unfinished_runs
from workflow.bulk.services import work_off
from workflow.filing.services.reminders import remind
from workflow.filing.services.self_evaluation import exclude_overdue
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import OPEN
from workflow.office.models import FinishedSweep
from workflow.publicity.services.publicity import end_publicity
from workflow.rating.services.ratings import close_ratings

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=1)
IDLE_WAIT = timedelta(minutes=5)
# A request about many that is not finished after so long has lost its worker, or needs another.
LEFT_BEHIND = timedelta(minutes=1)

# What the sweep does with a due task, by its node.
ACTS: dict[str, Callable[..., bool]] = {
    Node.SELF_EVALUATION: exclude_overdue,
    Node.RECIPIENT_RATING: close_ratings,
    Node.LEADERSHIP_RATING: close_ratings,
    Node.PUBLICITY: end_publicity,
}


def due_tasks() -> QuerySet[Task]:
    """Tasks that fire by themselves and whose deadline is past, with the grace that a slow request may take."""
    instant = clock.now()
    latest = instant - timedelta(seconds=settings.DEADLINE_GRACE_SECONDS)
    due: QuerySet[Task] = Task.objects.filter(
        Q(retry_at=None) | Q(retry_at__lte=instant), fires=True, finished=None, status__in=OPEN, due_at__lte=latest
    ).order_by("due_at", "process_id")
    return due


def sweep(*, seconds: float | None = None) -> Counter[str]:
    """Do what is due, then remind; returns how many tasks of each node were ended.

    What fails is rolled back alone and tried again later, with a back-off; the sweep goes on. After `seconds` (of the
    settings, by default) it stops and the next one continues; only one that did all leaves word of it (`watch`).
    """
    end = time.monotonic() + (settings.SWEEP_SECONDS if seconds is None else seconds)
    done: Counter[str] = Counter()
    idle: list[int] = []
    for key in list(due_tasks().values_list("pk", flat=True)):
        if time.monotonic() >= end:
            _let_others_first(idle)
            return _stopped(done)
        task = Task.objects.select_related("process").filter(pk=key).first()
        if task is not None and _act(task):
            done[task.flow_task.name] += 1
        else:
            idle.append(key)
    if not remind(end=end) or not _finish_runs(end):
        return _stopped(done)
    FinishedSweep.objects.update_or_create(pk=1, defaults={"finished_at": clock.machine_now()})
    return done


def _finish_runs(end: float) -> bool:
    """Finish what a worker that died has left of requests about many; False when the time was over before."""
    return all(work_off(run, end=end) for run in unfinished_runs().filter(asked_at__lte=clock.now() - LEFT_BEHIND))


def _stopped(done: Counter[str]) -> Counter[str]:
    log.warning("the sweep stopped after its time; the next one continues")
    return done


def _let_others_first(idle: list[int]) -> None:
    """Put off what was looked at in vain (a rating that nobody gave, an open objection): the next sweep would spend
    its time on the same again."""
    Task.objects.filter(pk__in=idle, retry_at=None).update(retry_at=clock.now() + IDLE_WAIT)


def _act(task: Task) -> bool:
    try:
        with transaction.atomic():
            ended = ACTS[task.flow_task.name](task=task)
            if task.attempts and not ended:  # what failed before does so no more
                Task.objects.filter(pk=task.pk).update(attempts=0, retry_at=None)
            return ended
    except Exception as error:  # whatever it is: one unit's trouble must not keep the others waiting
        wait = min(timedelta(minutes=2 ** min(task.attempts, 6)), LONGEST_WAIT)
        Task.objects.filter(pk=task.pk).update(attempts=F("attempts") + 1, retry_at=clock.now() + wait)
        log.error("task %s was not ended: %s", task.pk, trace_of(error))
        return False
