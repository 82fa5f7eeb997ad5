"""Working off what was asked of many: in chunks, a transaction each; whoever comes next finishes what died half-way.

Each kind has one act, which its step registers. Several workers share a request: on PostgreSQL each takes a chunk that
nobody holds, on SQLite they wait their turn.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.errors import DomainError
from common.faults import trace_of
from common.language import in_house_language
from outbox.hints import hint
from scoring.models import Cycle
from workflow.bulk.models import BulkItem, BulkKind, BulkRun, BulkState

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


def acts_for(kind: BulkKind) -> Callable[[Act], Act]:
    """Register a step's act for a kind."""

    def register(act: Act) -> Act:
        _acts[kind] = act
        return act

    return register


def ask_of_many(
    kind: BulkKind, items: Iterable[tuple[int, str]], *, cycle: Cycle, by: User, words: Mapping[str, Any] | None = None
) -> BulkRun:
    """Note what is asked of the units (key and name each); few are dealt with at once, many by the workers.

    Whether `by` may is asked of each unit by the act, under its locks.
    """
    with transaction.atomic():
        run = BulkRun.objects.create(kind=kind, cycle=cycle, by=by, words=dict(words or {}))
        asked = {key: BulkItem(run=run, key=key, label=label[:200]) for key, label in items}
        BulkItem.objects.bulk_create(asked.values(), batch_size=AT_ONCE)
        hint("workflow.bulk")
    if len(asked) <= AT_ONCE:
        work_off(run)
    return run


def work_off(run: BulkRun, *, end: float | None = None) -> bool:
    """Deal with what is left of a request, until `end` (of the monotonic clock); returns whether it is finished."""
    while _deal_with_chunk(run):
        if end is not None and time.monotonic() >= end:
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
            chunk = _taken(run)[:AT_ONCE]
            keys = [item.pk for item in chunk]
            _note(chunk, _acts[BulkKind(run.kind)]([item.key for item in chunk], _asked(run)))
    except Exception as error:  # whatever it is: each unit is tried alone, so that one's trouble is not everybody's
        if not isinstance(error, DomainError):
            log.error("a chunk of %s %s failed: %s", run.kind, run.pk, trace_of(error))
        for key in keys:
            _deal_with_one(run, key)
    return bool(keys)


def _deal_with_one(run: BulkRun, key: int) -> None:
    try:
        with transaction.atomic(), in_house_language():
            for item in _taken(run).filter(pk=key):
                _note([item], _acts[BulkKind(run.kind)]([item.key], _asked(run)))
    except DomainError as error:
        with in_house_language():
            _refuse(run, key, str(error.message))
    except Exception as error:  # the same as of a chunk
        log.error("unit %s of %s %s failed: %s", key, run.kind, run.pk, trace_of(error))
        _note_failure(run, key)


def _taken(run: BulkRun) -> Any:
    skip = connection.features.has_select_for_update_skip_locked
    return run.items.filter(state=BulkState.LEFT).select_for_update(skip_locked=skip).order_by("pk")


def _asked(run: BulkRun) -> Asked:
    return Asked(by=run.by, cycle=run.cycle, words=run.words)


def _note(items: Sequence[BulkItem], refused: Refused) -> None:
    """Note in the same transaction how the units of a chunk stand now."""
    for item in items:
        item.why = refused.get(item.key, "")
        item.state = BulkState.REFUSED if item.key in refused else BulkState.DONE
    done = [item.pk for item in items if item.state == BulkState.DONE]
    BulkItem.objects.filter(pk__in=done).update(state=BulkState.DONE)
    BulkItem.objects.bulk_update([item for item in items if item.why], ["state", "why"])


def _refuse(run: BulkRun, key: int, why: str) -> None:
    run.items.filter(pk=key, state=BulkState.LEFT).update(state=BulkState.REFUSED, why=why)


def _note_failure(run: BulkRun, key: int) -> None:
    item = run.items.get(pk=key)
    item.attempts += 1
    item.save(update_fields=["attempts"])
    if item.attempts >= TRIES:
        with in_house_language():
            _refuse(run, key, _("A fault of this system kept it from being done; the operator finds it in the log."))
