"""How far the running cycles are, and what the office decides in them next: for the first page of who runs them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import clock
from common.tallies import Counts, Tally, counted
from scoring.models import Cycle, PlannedStep, Step
from workflow.board.models import BoardLine
from workflow.board.queries.boards import boards_without_signer, open_boards, overtaken_boards
from workflow.flow.cycles import OF_TASK
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import keeping_open, open_tasks, overdue
from workflow.publicity.models import Objection
from workflow.publicity.queries.publicity import boards_to_publish
from workflow.rating.queries.comments import unscreened
from workflow.rating.queries.draws import undrawn
from workflow.rating.queries.tally import keyless, needed_by_track, to_open_by_people, too_few

CLOSING = "cycle-close"
# Names of what is counted, beside the names of what is decided.
STEP, LATE, OVERTAKEN = "step", "late", "overtaken"


@dataclass(frozen=True)
class CycleState:
    """A running cycle: its units by step, how many are late, and the step that is planned to begin next."""

    cycle: Cycle
    late: int
    steps: Mapping[str, int]
    coming: PlannedStep | None

    @property
    def total(self) -> int:
        """All its units."""
        return sum(self.steps.values())

    @property
    def by_step(self) -> list[tuple[str, int]]:
        """(name of the step, units in it), in the order of the steps, empty ones left out."""
        return [(str(step.label), self.steps[step]) for step in Step if self.steps.get(step)]


@dataclass(frozen=True)
class Decision:
    """Something that the office decides next in a cycle: what, of how many (0: the cycle itself), where, by when."""

    what: Promise
    cycle: Cycle
    count: int
    place: str
    due_at: datetime | None

    @property
    def url(self) -> str:
        """The page where it is decided."""
        if self.place == CLOSING:
            return reverse(self.place, args=[self.cycle.slug])
        return f"{reverse(self.place)}?cycle={self.cycle.pk}"


@dataclass(frozen=True)
class Running:
    """The cycles that run, the oldest first, each as it stands, and what the office decides next in them."""

    states: list[CycleState]
    decisions: list[Decision]


NOTHING_RUNS = Running([], [])


def running_cycles(*, deciding: bool) -> Running:
    """How the running cycles stand and, `deciding`, what waits in them for the office besides its tasks, cycle by cycle
    in the order of the steps (three queries, six with the decisions; one if no cycle runs)."""
    cycles = {cycle.pk: cycle for cycle in _running().order_by("year", "pk")}
    if not cycles:
        return NOTHING_RUNS
    plan = list(PlannedStep.objects.filter(cycle__in=cycles).order_by("-starts_on", "-ends_on"))
    choices = list(_choices(needed_by_track(cycles))) if deciding else []
    counts = dict(counted([*_standing(), *(choice.tally for choice in choices if choice.tally)]))
    if deciding:
        counts[OVERTAKEN] = overtaken_boards()
    return Running(
        states=[_state(cycle, plan, counts) for cycle in cycles.values()],
        decisions=list(_decisions(choices, cycles, plan, counts)),
    )


def _running() -> QuerySet[Cycle]:
    return Cycle.objects.filter(opened_at__isnull=False, closed_at=None)


# ---- how they stand ----


def _standing() -> Iterable[Tally]:
    yield Tally(STEP, Assessment.objects.filter(sheet__cycle__in=_running()), "sheet__cycle", by="step")
    yield Tally(LATE, Task.objects.filter(overdue(), process__sheet__cycle__in=_running()), OF_TASK, once="process")


def _state(cycle: Cycle, plan: Iterable[PlannedStep], counts: Counts) -> CycleState:
    ahead = [planned for planned in plan if planned.cycle_id == cycle.pk and planned.starts_on > clock.today()]
    return CycleState(
        cycle,
        late=counts.get(LATE, {}).get(cycle.pk, 0),
        steps={step: units for step in Step if (units := counts.get(f"{STEP}:{step}", {}).get(cycle.pk, 0))},
        coming=ahead[-1] if ahead else None,
    )


# ---- what the office decides next ----


@dataclass(frozen=True)
class Choice:
    """Something that the office decides: what, the name of its page, the step whose plan says until when, and which
    rows wait for it (None: boards whose results have changed, which are compared one by one)."""

    name: str
    what: Promise
    place: str
    step: Step
    rows: QuerySet[Any] | None
    path: str = OF_TASK

    @property
    def tally(self) -> Tally | None:
        """What is counted for it."""
        return Tally(self.name, self.rows, self.path) if self.rows is not None else None


def _choices(needed: Mapping[int, int]) -> Iterable[Choice]:
    """What the office may have to decide, in the order of the steps; `needed` as `needed_by_track` says it."""
    yield Choice("key", _("Make the key of the ballot box"), "ballot-box-key", Step.DEPARTMENT_REVIEW, keyless())
    yield Choice("draw", _("Draw the service recipients"), "draws", Step.DEPARTMENT_REVIEW, undrawn())
    few, ready = too_few(needed), to_open_by_people(needed)
    yield Choice("few", _("Decide on units that too few have rated"), "ballot-box", Step.CONSOLIDATION, few)
    yield Choice("box", _("Open the ballot box"), "ballot-box-open", Step.CONSOLIDATION, ready)
    yield Choice(
        "screen",
        _("Screen what recipients wrote"),
        "comments",
        Step.DEPARTMENT_REVIEW,
        unscreened(),
        "sheet__cycle",
    )
    listed = BoardLine.objects.filter(board__in=open_boards(), sheet=OuterRef("process__sheet"))
    unlisted = open_tasks(Node.APPROVAL).exclude(Exists(listed))
    yield Choice("submit", _("Submit the board to the leading group"), "boards", Step.APPROVAL, unlisted)
    yield Choice(OVERTAKEN, _("Submit the board again: results have changed"), "boards", Step.APPROVAL, None)
    yield Choice(
        "unsigned",
        _("Let somebody else submit the board: nobody else is there to sign it"),
        "boards",
        Step.APPROVAL,
        boards_without_signer(),
        "track__cycle",
    )
    yield Choice(
        "publish", _("Publish the signed boards"), "publicities", Step.PUBLICITY, boards_to_publish(), "track__cycle"
    )
    yield Choice(
        "object",
        _("Decide on objections"),
        "publicities",
        Step.PUBLICITY,
        Objection.objects.filter(decision=""),
        "publicity__board__track__cycle",
    )
    yield Choice("issue", _("Issue the notice of results"), "notices", Step.CIRCULATION, open_tasks(Node.CIRCULATION))
    ended = _running().exclude(Exists(keeping_open().filter(cycle=OuterRef("pk"))))
    yield Choice("close", _("Close the cycle"), CLOSING, Step.CIRCULATED, ended, "pk")


def _decisions(
    choices: Iterable[Choice], cycles: Mapping[int, Cycle], plan: Iterable[PlannedStep], counts: Counts
) -> Iterable[Decision]:
    until = {(planned.cycle_id, planned.step): clock.end_of(planned.ends_on) for planned in plan}
    for choice in choices:
        for pk, count in sorted(counts.get(choice.name, {}).items()):
            if pk in cycles:
                many = 0 if choice.place == CLOSING else count
                yield Decision(choice.what, cycles[pk], many, choice.place, until.get((pk, choice.step)))
