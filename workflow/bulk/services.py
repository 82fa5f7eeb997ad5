"""Working off what was asked of many: in chunks, a transaction each; whoever comes next finishes what died half-way.

Each kind has one act, which its step registers. Several workers share a request: on PostgreSQL each takes a chunk that
nobody holds, on SQLite they wait their turn.
"""

import logging
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.errors import DomainError
from common.faults import trace_of
from common.language import in_house_language
from common.many import Dealt
from common.rows import Batch, new
from outbox.hints import hint
from scoring.models import Cycle
from workflow.bulk.models import BulkItem, BulkKind, BulkRun, BulkState
from workflow.flow.models import Task

log = logging.getLogger(__name__)
AT_ONCE = 200  # units in a transaction, and as many as a request does itself
TRIES = 3  # so often is a unit tried whose act fails by a fault of ours

Refused = Mapping[int, str]


@dataclass(frozen=True)
class Asked:
    """What an act is told: who asks, in which cycle, and the details that its kind needs."""

    by: User
    cycle: Cycle
    words: Mapping[str, Any] = field(default_factory=dict)


# Deals with the units of these keys under its locks, and says which it refused and why (in the language that is
# active). It runs in a transaction of its own; what it raises undoes all of them, and each is tried alone.
Act = Callable[[Sequence[int], Asked], Refused]
_acts: dict[BulkKind, Act] = {}


class DealsWithTasks(Protocol):
    """A service that deals with many tasks in somebody's name, each by itself."""

    def __call__(self, *, tasks: Iterable[Task], by: User) -> Dealt[Task]:
        """Deal with the tasks; says which are done and which were refused."""


OfTasks = TypeVar("OfTasks", bound=DealsWithTasks)


def acts_for(kind: BulkKind) -> Callable[[Act], Act]:
    """Register a step's act for a kind."""

    def register(act: Act) -> Act:
        _acts[kind] = act
        return act

    return register


def acts_on_tasks(kind: BulkKind) -> Callable[[OfTasks], OfTasks]:
    """Let a service that deals with many tasks act for a kind whose keys are those of tasks."""

    def register(service: OfTasks) -> OfTasks:
        @acts_for(kind)
        def act(keys: Sequence[int], asked: Asked) -> Refused:
            dealt = service(tasks=Task.objects.filter(pk__in=keys), by=asked.by)
            return {task.pk: str(error.message) for task, error in dealt.refused}

        return service

    return register


def ask_of_tasks(kind: BulkKind, tasks: Sequence[Task], *, by: User) -> BulkRun:
    """Note what is asked of tasks of one cycle (see `ask_of_many`), each under the name of its unit."""
    sheets = {task.pk: task.process.sheet for task in tasks}
    names = [(key, sheet.unit_name) for key, sheet in sheets.items()]
    return ask_of_many(kind, names, cycle=tasks[0].process.sheet.cycle, by=by)


def ask_of_many(
    kind: BulkKind, items: Iterable[tuple[int, str]], *, cycle: Cycle, by: User, words: Mapping[str, Any] | None = None
) -> BulkRun:
    """Note what is asked of the units (key and name each); few are dealt with at once, many by the workers.

    Whether `by` may is asked of each unit by the act, under its locks.
    """
    run = note(kind, items, cycle=cycle, by=by, words=words)
    work_off_few(run)
    return run


@transaction.atomic
def note(
    kind: BulkKind, items: Iterable[tuple[int, str]], *, cycle: Cycle, by: User, words: Mapping[str, Any] | None = None
) -> BulkRun:
    """Note what is asked, in the transaction of whatever else must be true before it is dealt with."""
    run = BulkRun.objects.create(kind=kind, cycle=cycle, by=by, words=dict(words or {}))
    asked = iter(dict(items).items())  # each once
    while chunk := list(islice(asked, AT_ONCE)):
        batch = Batch()
        batch.insert([new(BulkItem, run=run, key=key, label=label[:200]) for key, label in chunk])
        batch.send()
    hint("workflow.bulk")
    return run


def work_off_few(run: BulkRun) -> None:
    """Deal with a request at once if it is about few; what is about many is left to the workers."""
    if run.items.count() <= AT_ONCE:
        work_off(run)


def work_off_all(runs: Iterable[BulkRun], *, end: float) -> bool:
    """Deal with what is left of these requests, one after the other; False when the time was over before.

    Of a request whose units others hold just now nothing is left to do here.
    """
    return all(work_off(run, end=end) or time.monotonic() < end for run in runs)


def work_off(run: BulkRun, *, end: float = math.inf) -> bool:
    """Deal with what is left of a request, until `end` (of the monotonic clock); returns whether it is finished."""
    while _deal_with_chunk(run):
        if time.monotonic() >= end:
            break
    if not run.items.filter(state=BulkState.LEFT).exists():
        BulkRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=clock.now())
        run.refresh_from_db(fields=["finished_at"])
    return run.finished_at is not None


def _deal_with_chunk(run: BulkRun) -> bool:
    """Deal with the next units that nobody else holds; False when there are none."""
    keys: list[int] = []
    try:
        with transaction.atomic(), in_house_language():
            chunk = list(_taken(run)[:AT_ONCE])
            keys = [item.pk for item in chunk]
            _act_on(run, chunk)
    except Exception as error:  # whatever it is: each unit is tried alone, so that one's trouble is not everybody's
        if not isinstance(error, DomainError):
            log.error("a chunk of %s %s failed: %s", run.kind, run.pk, trace_of(error))
        for key in keys:
            _deal_with_one(run, key)
    return bool(keys)


def _deal_with_one(run: BulkRun, key: int) -> None:
    try:
        with transaction.atomic(), in_house_language():
            _act_on(run, list(_taken(run).filter(pk=key)))
    except DomainError as error:
        with in_house_language():
            _refuse(run, key, str(error.message))
    except Exception as error:  # the same as of a chunk
        log.error("unit %s of %s %s failed: %s", key, run.kind, run.pk, trace_of(error))
        _note_failure(run, key)


def _taken(run: BulkRun) -> QuerySet[BulkItem]:
    """The units still to do, under their locks; on PostgreSQL those that nobody else holds."""
    skip = connection.features.has_select_for_update_skip_locked
    return run.items.filter(state=BulkState.LEFT).select_for_update(skip_locked=skip).order_by("pk")


def _act_on(run: BulkRun, items: Sequence[BulkItem]) -> None:
    """Let the act of its kind deal with units that are held, and note how they stand then; none is no act."""
    if items:
        asked = Asked(by=run.by, cycle=run.cycle, words=run.words)
        _note_states(items, _acts[BulkKind(run.kind)]([item.key for item in items], asked))


def _note_states(items: Sequence[BulkItem], refused: Refused) -> None:
    """Note in the same transaction how the units of a chunk stand now."""
    done = [item.pk for item in items if item.key not in refused]
    BulkItem.objects.filter(pk__in=done).update(state=BulkState.DONE)
    left_out = [item for item in items if item.key in refused]
    for item in left_out:
        item.state, item.why = BulkState.REFUSED, refused[item.key]
    BulkItem.objects.bulk_update(left_out, ["state", "why"])


def _refuse(run: BulkRun, key: int, why: str) -> None:
    run.items.filter(pk=key, state=BulkState.LEFT).update(state=BulkState.REFUSED, why=why)


def _note_failure(run: BulkRun, key: int) -> None:
    item = run.items.get(pk=key)
    item.attempts += 1
    item.save(update_fields=["attempts"])
    if item.attempts >= TRIES:
        with in_house_language():
            _refuse(run, key, _("A fault of this system kept it from being done; the operator finds it in the log."))
