"""The sweep: every minute, what is due is done, in chunks of a transaction each (design.md section 5)."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from common import clock
from common.faults import trace_of
from workflow.bulk.queries import unfinished_runs
from workflow.bulk.services import work_off_all
from workflow.filing.services.reminders import remind
from workflow.filing.services.self_evaluation import exclude_all_overdue
from workflow.flow.endings import hold
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import OPEN
from workflow.office.models import FinishedSweep
from workflow.office.services.retention import forget_all
from workflow.publicity.services.publicity import end_all_publicity
from workflow.rating.services.closing import close_all_ratings
from workflow.rating.services.opening import open_all_kept
from workflow.rating.services.reminders import remind_recipients

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=1)
IDLE_WAIT = timedelta(minutes=5)
# A request about many that is not finished after so long has lost its worker, or needs another.
LEFT_BEHIND = timedelta(minutes=1)

AT_ONCE = 200  # tasks of a node in one transaction


class Act(Protocol):
    """Ends what of these due tasks of a node can end, and says which: in a transaction, idempotent."""

    def __call__(self, *, tasks: Iterable[Task]) -> Collection[Task]:
        """Decide under the locks, which are taken in the order of the processes' keys."""
        ...


# What the sweep does with due tasks, by their node.
ACTS: dict[str, Act] = {
    Node.SELF_EVALUATION: exclude_all_overdue,
    Node.RECIPIENT_RATING: open_all_kept,
    Node.LEADERSHIP_RATING: close_all_ratings,
    Node.PUBLICITY: end_all_publicity,
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
    """Do what is due, then remind and forget; returns how many tasks of each node were ended.

    Where a chunk fails each of its tasks is tried alone, and one that fails then is tried again later, with a back-off;
    the sweep goes on. After `seconds` (of the settings, by default) it stops and the next one continues; only one that
    did all leaves word of it (`watch`).
    """
    end = time.monotonic() + (settings.SWEEP_SECONDS if seconds is None else seconds)
    done: Counter[str] = Counter()
    idle: list[int] = []
    for node, keys in _due_chunks():
        if time.monotonic() >= end:
            _let_others_first(idle)
            return _stopped(done)
        ended = _act(node, keys)
        done[node] += len(ended)
        idle += [key for key in keys if key not in ended]
    if not remind(end=end) or not remind_recipients(end=end) or not _finish_runs(end) or not forget_all(end=end):
        return _stopped(done)
    FinishedSweep.objects.update_or_create(pk=1, defaults={"finished_at": clock.machine_now()})
    return +done


def _due_chunks() -> list[tuple[str, list[int]]]:
    """The keys of what is due, node by node, what fell due first before the rest."""
    due: dict[str, list[int]] = defaultdict(list)
    for key, node in due_tasks().values_list("pk", "flow_task"):
        due[getattr(node, "name", "")].append(key)  # a node that is not declared fails alone
    return [
        (node, keys[start : start + AT_ONCE]) for node, keys in due.items() for start in range(0, len(keys), AT_ONCE)
    ]


def _finish_runs(end: float) -> bool:
    """Finish what a worker that died has left of requests about many; False when the time was over before."""
    return work_off_all(unfinished_runs().filter(asked_at__lte=clock.now() - LEFT_BEHIND), end=end)


def _stopped(done: Counter[str]) -> Counter[str]:
    log.warning("the sweep stopped after its time; the next one continues")
    return +done


def _let_others_first(idle: list[int]) -> None:
    """Put off what was looked at in vain, such as a rating that nobody gave: it would take the next sweep's time.

    Many tasks change, so their processes are locked first, as everywhere.
    """
    waiting = Task.objects.filter(pk__in=idle, retry_at=None)
    with hold(waiting):
        waiting.update(retry_at=clock.now() + IDLE_WAIT)


def _act(node: str, keys: list[int]) -> set[int]:
    """End what of these tasks can end; returns their keys."""
    try:
        with transaction.atomic():
            tasks = list(Task.objects.filter(pk__in=keys).select_related("process").order_by("process_id", "pk"))
            ended = {task.pk for task in ACTS[node](tasks=tasks)}
            calm = [task.pk for task in tasks if task.attempts and task.pk not in ended]
            Task.objects.filter(pk__in=calm).update(attempts=0, retry_at=None)  # what failed before does so no more
            return ended
    except Exception as error:  # whatever it is: one unit's trouble must not keep the others waiting
        if len(keys) > 1:
            return {key for single in keys for key in _act(node, [single])}
        _put_off(keys[0], error)
        return set()


def _put_off(key: int, error: Exception) -> None:
    """Let a task that failed wait, the longer the more often it did."""
    attempts = Task.objects.values_list("attempts", flat=True).get(pk=key)
    wait = min(timedelta(minutes=2 ** min(attempts, 6)), LONGEST_WAIT)
    Task.objects.filter(pk=key).update(attempts=F("attempts") + 1, retry_at=clock.now() + wait)
    log.error("task %s was not ended: %s", key, trace_of(error))
