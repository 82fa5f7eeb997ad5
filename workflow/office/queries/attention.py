"""What the office has to see to in a cycle, apart from what the procedure asks; whether the house is awake."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from common import clock
from common.tallies import ALL, Counts, Tally
from outbox.queries import held_up, undelivered
from scoring.models import Cycle, ScoreSheet
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.queries import unfinished_runs
from workflow.flow.models import Task
from workflow.flow.queries.holders import (
    DEPARTMENTAL,
    LEADING,
    departments_without,
    leaders_missing,
    leaders_there,
    unheld_tasks,
)
from workflow.office.models import FinishedSweep
from workflow.office.queries.dashboard import stuck_tasks, units_not_begun, units_vacant


@dataclass(frozen=True)
class Watch:
    """When the sweep last did all that was due, and how long ago that is; None when it never did."""

    finished_at: datetime | None
    age: timedelta | None

    @property
    def is_late(self) -> bool:
        """Whether what is due has been left undone for longer than a sweep may take."""
        return self.age is None or self.age > timedelta(seconds=settings.SWEEP_LATE_SECONDS)


def watch() -> Watch:
    """How the sweep stands now (one query)."""
    last = FinishedSweep.objects.values_list("finished_at", flat=True).first()
    return Watch(finished_at=last, age=clock.machine_now() - last if last else None)


def not_begun(cycle: Cycle) -> QuerySet[ScoreSheet]:
    """The sheets whose assessment has not begun: all before the cycle opens, then those still to be admitted."""
    return ScoreSheet.objects.filter(cycle=cycle, assessment=None)


def opening_of(cycle: Cycle) -> BulkRun | None:
    """The opening that is being worked off, if there is one."""
    return unfinished_runs().filter(kind=BulkKind.OPEN, cycle=cycle).first()


A_FEW = 20


@dataclass(frozen=True)
class AskedOfMany:
    """What was asked of many and is being worked off: the key of the request, and what it is."""

    pk: int
    kind: BulkKind


@dataclass(frozen=True)
class Attention:
    """Whether deadlines are watched, what fell due in vain (the first few), how much is undelivered or unheld;
    what was `asked` of many and is being worked off, and how many units an opening has left behind."""

    watch: Watch
    stuck: list[Task]
    undelivered: int
    held_up: int
    unheld: int
    vacancies: int
    asked: list[AskedOfMany]
    not_begun: int


def faults_counted(cycle: Cycle) -> Iterable[Tally]:
    """What is counted to say what is amiss in a cycle, beside how far it is."""
    yield Tally("asked", unfinished_runs().filter(cycle=cycle), "pk", by="kind")
    yield Tally("stuck", stuck_tasks(cycle))
    yield Tally("undelivered", undelivered())
    yield Tally("held up", held_up())
    if cycle.is_open:
        yield Tally("unheld", unheld_tasks(cycle))
        yield from (Tally(f"without {role}", departments_without(cycle, role)) for role in DEPARTMENTAL)
        yield Tally("leading", leaders_there(), by="role")


def attention_of(cycle: Cycle, counts: Counts) -> Attention:
    """What is amiss now, by what was counted (one query, two if something fell due in vain)."""

    def many(name: str) -> int:
        return counts[name][ALL]

    asked = [AskedOfMany(pk, kind) for kind in BulkKind for pk in sorted(counts[f"asked:{kind}"])]
    there = [role for role in LEADING if many(f"leading:{role}")]
    lacking = [units_vacant(counts), *(many(f"without {role}") for role in DEPARTMENTAL)]
    vacant = sum(lacking) + len(list(leaders_missing(cycle, there))) if cycle.is_open else 0
    return Attention(
        watch=watch(),
        stuck=list(stuck_tasks(cycle)[:A_FEW]) if many("stuck") else [],
        undelivered=many("undelivered"),
        held_up=many("held up"),
        unheld=many("unheld"),
        vacancies=vacant,
        asked=asked,
        not_begun=0 if not cycle.is_open or counts[f"asked:{BulkKind.OPEN}"] else units_not_begun(counts),
    )
