"""What is decided upon: each assessment as it stands under its lock, and what is asked once about a whole set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from viewflow.workflow.token import Token

from common import clock
from scoring.models import Cycle, PlannedStep, Responsibility, ScoreSheet, Step, Track
from workflow.flow.models import Assessment, Node, Outcome, OutcomeKind, Task
from workflow.flow.queries.exclusion import office_people
from workflow.flow.queries.process import flow_ref


@dataclass
class Waiting:
    """A task that is not over, as far as joins and ends look at it."""

    pk: int
    flow_task: Any
    token: Token
    status: str
    finished: datetime | None = None

    @property
    def id(self) -> int:
        """Its key, as the column is called."""
        return self.pk


class Facts:
    """What deciding needs to know besides the cases: one statement for the whole set when a question is first asked.

    It tells what stood in the database before the set began to end: what a set ends it never asks about.
    """

    def __init__(self, processes: Iterable[Assessment]) -> None:
        self._processes = list(processes)

    def due(self, cycle: Cycle, step: Step) -> datetime | None:
        """Until when a step is planned (aware, exclusive); None where it is not."""
        day = self._plan.get((cycle.pk, step))
        return clock.end_of(day) if day else None

    def departments_of(self, track: Track) -> list[int]:
        """The departments that answer for a part or adjustment of the track, each once, in a fixed order."""
        return self._departments.get(track.pk, [])

    def last_sender(self, process: Assessment, node: Node, kinds: Iterable[OutcomeKind]) -> int | None:
        """Who last sent work back from `node`: the corrected piece goes straight back to them."""
        kind, by = self._last_from.get((process.pk, node), ("", None))
        return by if kind in set(kinds) else None

    def last_reviewer(self, process: Assessment, department_id: int) -> int | None:
        """Who last handed over the review of this assessment in the department, else who held it."""
        return self._reviewers.get((process.pk, department_id))

    @cached_property
    def office(self) -> str:
        """The office's people: whom units may ask where the cycle names nobody."""
        return office_people()

    @cached_property
    def _plan(self) -> dict[tuple[int, str], date]:
        cycles = {process.sheet.cycle_id for process in self._processes}
        planned = PlannedStep.objects.filter(cycle__in=cycles)
        return {(cycle, step): day for cycle, step, day in planned.values_list("cycle", "step", "ends_on")}

    @cached_property
    def _departments(self) -> dict[int, list[int]]:
        tracks = {process.sheet.track_id for process in self._processes}
        answering = Responsibility.objects.filter(track__in=tracks).order_by("department_id")
        departments: dict[int, list[int]] = {}
        for track, department in answering.values_list("track", "department").distinct():
            departments.setdefault(track, []).append(department)
        return departments

    @cached_property
    def _last_from(self) -> dict[tuple[int, str], tuple[str, int | None]]:
        nodes = {flow_ref(node): node for node in (Node.ACCEPTANCE, Node.CONSOLIDATION)}
        ended = Outcome.objects.filter(task__process__in=self._processes, task__flow_task__in=nodes).order_by("pk")
        rows = ended.values_list("task__process", "task__flow_task", "kind", "by")
        return {(process, node.name): (kind, by) for process, node, kind, by in rows}

    @cached_property
    def _reviewers(self) -> dict[tuple[int, int | None], int]:
        reviews = Task.objects.filter(process__in=self._processes, flow_task=flow_ref(Node.DEPARTMENT_REVIEW))
        held = reviews.exclude(owner=None, handed_over_by=None).order_by("pk")
        rows = held.values_list("process", "department", "handed_over_by", "owner")
        return {(process, department): handed_over or owner for process, department, handed_over, owner in rows}


@dataclass(eq=False)
class Case:
    """One assessment under its lock, as the flow's conditions, duties and announcements read it.

    `outcome` says how the task ended that is just being left; None while the assessment begins.
    """

    process: Assessment
    facts: Facts
    waiting: list[Task | Waiting]
    outcome: Outcome | None = None

    @property
    def sheet(self) -> ScoreSheet:
        """Its unit's sheet."""
        sheet: ScoreSheet = self.process.sheet
        return sheet

    @property
    def cycle(self) -> Cycle:
        """The cycle."""
        return self.sheet.cycle

    def ended_as(self, *kinds: OutcomeKind) -> bool:
        """Whether the task that is just being left ended as one of `kinds`."""
        return self.outcome is not None and self.outcome.kind in kinds
