"""How far the running cycles are, and what the office decides in them next: for the first page of who runs them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import clock
from scoring.models import Cycle, PlannedStep, Step
from workflow.board.models import BoardLine
from workflow.board.queries.boards import boards_without_signer, open_boards, overtaken_boards
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.flow.queries.process import keeping_open, open_tasks, overdue
from workflow.publicity.models import Objection
from workflow.publicity.queries.publicity import boards_to_publish
from workflow.rating.queries.draws import undrawn

CLOSING = "cycle-close"


@dataclass
class CycleState:
    """A running cycle: its units by step, how many are late, and the step that is planned to begin next."""

    cycle: Cycle
    late: int = 0
    steps: dict[str, int] = field(default_factory=dict)
    coming: PlannedStep | None = None

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
            return reverse(self.place, args=[self.cycle.year])
        return f"{reverse(self.place)}?cycle={self.cycle.pk}"


def states_of_running() -> list[CycleState]:
    """Every cycle that runs, the oldest first (four queries)."""
    running = _running()
    states = {cycle.pk: CycleState(cycle) for cycle in running.order_by("year")}
    counted = Assessment.objects.filter(sheet__cycle__in=running).order_by()
    for cycle, step, units in counted.values_list("sheet__cycle", "step").annotate(units=Count("pk")):
        states[cycle].steps[step] = units
    late = Task.objects.filter(overdue(), process__sheet__cycle__in=running).order_by()
    for cycle, units in late.values_list("process__sheet__cycle").annotate(units=Count("process", distinct=True)):
        states[cycle].late = units
    ahead = PlannedStep.objects.filter(cycle__in=running, starts_on__gt=clock.today())
    for planned in ahead.order_by("-starts_on", "-ends_on"):
        states[planned.cycle_id].coming = planned
    return list(states.values())


def decisions_waiting() -> list[Decision]:
    """What waits for the office besides its tasks, cycle by cycle in the order of the steps (ten queries)."""
    cycles = {cycle.pk: cycle for cycle in _running().order_by("year")}
    steps = PlannedStep.objects.filter(cycle__in=cycles)
    planned = {(planned.cycle_id, planned.step): clock.end_of(planned.ends_on) for planned in steps}
    return [
        Decision(what, cycles[pk], count, place, planned.get((pk, step)))
        for what, place, step, counts in _waiting()
        for pk, count in sorted(counts.items())
        if pk in cycles
    ]


def _running() -> QuerySet[Cycle]:
    return Cycle.objects.filter(opened_at__isnull=False, closed_at=None)


def _waiting() -> Iterable[tuple[Promise, str, Step, dict[int, int]]]:
    """(what, name of the page, step whose plan says until when, cycle's key → how many)."""
    yield _("Draw the service recipients"), "draws", Step.DEPARTMENT_REVIEW, counted_by_cycle(undrawn())
    listed = BoardLine.objects.filter(board__in=open_boards(), sheet=OuterRef("process__sheet"))
    unlisted = open_tasks(Node.APPROVAL).exclude(Exists(listed))
    yield _("Submit the board to the leading group"), "boards", Step.APPROVAL, counted_by_cycle(unlisted)
    yield _("Submit the board again: results have changed"), "boards", Step.APPROVAL, overtaken_boards()
    yield (
        _("Let somebody else submit the board: nobody else is there to sign it"),
        "boards",
        Step.APPROVAL,
        counted_by_cycle(boards_without_signer(), "track__cycle"),
    )
    yield (
        _("Publish the signed boards"),
        "publicities",
        Step.PUBLICITY,
        counted_by_cycle(boards_to_publish(), "track__cycle"),
    )
    undecided = Objection.objects.filter(decision="")
    yield (
        _("Decide on objections"),
        "publicities",
        Step.PUBLICITY,
        counted_by_cycle(undecided, "publicity__board__track__cycle"),
    )
    unissued = open_tasks(Node.CIRCULATION)
    yield _("Issue the notice of results"), "notices", Step.CIRCULATION, counted_by_cycle(unissued)
    ended = _running().exclude(Exists(keeping_open().filter(cycle=OuterRef("pk"))))
    yield _("Close the cycle"), CLOSING, Step.CIRCULATED, dict.fromkeys(ended.values_list("pk", flat=True), 0)
