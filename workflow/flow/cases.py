"""What is decided upon: each assessment as it stands under its lock, and what is asked once about a whole set."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from viewflow.workflow.token import Token

from common import clock
from common.rows import Statement, fetch, places
from scoring.models import Cycle, ScoreSheet, Step, Track
from workflow.flow.models import Assessment, Node, Outcome, OutcomeKind, Task
from workflow.flow.queries.exclusion import office_people
from workflow.flow.queries.process import flow_ref

PLAN = "SELECT cycle_id, step, CAST(ends_on AS text) FROM scoring_plannedstep WHERE cycle_id IN (%s)"
ANSWERING = (
    "SELECT DISTINCT track_id, department_id FROM scoring_responsibility WHERE track_id IN (%s) ORDER BY department_id"
)
SENT = (
    "SELECT t.process_id, t.flow_task, o.kind, o.by_id FROM workflow_outcome o JOIN workflow_task t ON t.id = o.task_id"
    " WHERE t.process_id IN (%s) AND t.flow_task IN (%s) ORDER BY o.id"
)
REVIEWED = (
    "SELECT process_id, department_id, COALESCE(handed_over_by_id, owner_id) FROM workflow_task"
    " WHERE process_id IN (%s) AND flow_task = %%s AND COALESCE(handed_over_by_id, owner_id) IS NOT NULL ORDER BY id"
)
# From where work is sent back: how the database names the node → the node.
SENDERS = {flow_ref(node): node for node in (Node.ACCEPTANCE, Node.CONSOLIDATION)}


class _Rows(NamedTuple):
    """What was asked about a set of processes, as it stands in the tables."""

    plan: list[tuple[Any, ...]]
    answering: list[tuple[Any, ...]]
    sent: list[tuple[Any, ...]]
    reviewed: list[tuple[Any, ...]]


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
    """What deciding needs to know besides the cases: one trip for the whole set when a question is first asked.

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
        return {(cycle, step): date.fromisoformat(day) for cycle, step, day in self._rows.plan}

    @cached_property
    def _departments(self) -> dict[int, list[int]]:
        departments: dict[int, list[int]] = {}
        for track, department in self._rows.answering:
            departments.setdefault(track, []).append(department)
        return departments

    @cached_property
    def _last_from(self) -> dict[tuple[int, str], tuple[str, int | None]]:
        return {(process, SENDERS[node]): (kind, by) for process, node, kind, by in self._rows.sent}

    @cached_property
    def _reviewers(self) -> dict[tuple[int, int | None], int]:
        return {(process, department): person for process, department, person in self._rows.reviewed}

    @cached_property
    def _rows(self) -> _Rows:
        """All of it is asked in one trip, since most ends of a task want to know several things."""
        processes = [process.pk for process in self._processes]
        cycles = sorted({process.sheet.cycle_id for process in self._processes})
        tracks = sorted({process.sheet.track_id for process in self._processes})
        return _Rows(
            *fetch(
                Statement(PLAN % places(cycles), cycles),
                Statement(ANSWERING % places(tracks), tracks),
                Statement(SENT % (places(processes), places(SENDERS)), [*processes, *SENDERS]),
                Statement(REVIEWED % places(processes), [*processes, flow_ref(Node.DEPARTMENT_REVIEW)]),
            )
        )


@dataclass(eq=False)
class Case:
    """One assessment under its lock, as the flow's conditions, duties and announcements read it.

    `outcome` says how the task ended that is just being left; None while the assessment begins.
    """

    process: Assessment
    facts: Facts
    waiting: list[Task | Waiting]
    outcome: Outcome | None = None
    sheet: ScoreSheet = field(init=False)
    cycle: Cycle = field(init=False)

    def __post_init__(self) -> None:
        """Its unit's sheet and the cycle stay at hand: they are asked for at every turn."""
        self.sheet = self.process.sheet
        self.cycle = self.sheet.cycle

    def ended_as(self, *kinds: OutcomeKind) -> bool:
        """Whether the task that is just being left ended as one of `kinds`."""
        return self.outcome is not None and self.outcome.kind in kinds
