"""How the ballot box of a cycle stands: its key, and how many have rated each unit, never what they gave (R9, R17)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from accounts.actors import Actor
from common import clock
from common.narrow import known
from scoring.engine.track import TrackRules
from scoring.models import (
    Ballot,
    Cycle,
    Draw,
    KeyHolding,
    RatingKind,
    ScoreSheet,
    Tally,
    TallyDecision,
    TallyKey,
    Track,
)
from scoring.rules import none_of_own
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks

# Of fewer ballots no mean is shown to anyone until the office decides: it would say too much of each.
LEAST = 5
# What is read of a unit's scheme beside its task: its text is long, and known by its SHA-256.
WITH_SCHEME, SCHEME_TEXT = (
    ("process__sheet__track", "process__sheet__cycle__scheme"),
    "process__sheet__cycle__scheme__body",
)


def key_in_force(cycle_id: int) -> TallyKey | None:
    """The key of a cycle's ballot box that is not destroyed, proved or not."""
    return TallyKey.objects.filter(cycle=cycle_id, destroyed_at=None).first()


def ballots_in_force() -> QuerySet[Ballot]:
    """The ballots that count: neither revoked nor of a draw that was superseded."""
    return Ballot.objects.filter(revoked_at=None, draw__superseded_at=None)


def last_key(cycle_id: int) -> TallyKey | None:
    """The key in force, else the one that was destroyed last."""
    return TallyKey.objects.filter(cycle=cycle_id).select_related("made_by").first()


class BoxState(StrEnum):
    """How the ballots of a unit stand."""

    RUNNING = "running"
    NONE = "none"
    FEW = "few"
    READY = "ready"
    OPENED = "opened"


@dataclass(frozen=True)
class UnitBox:
    """The ballots of a unit: how many there are and how many were used; its open task, unless it is opened."""

    sheet: ScoreSheet
    task: Task | None
    tally: Tally | None
    ballots: int
    spent: int
    # The fewest that make a mark by the scheme, whatever the office decides.
    needed: int = 1
    why_not: str = ""

    @property
    def waiting(self) -> Task:
        """Its open task, where it is not opened yet."""
        return known(self.task)

    @property
    def state(self) -> BoxState:
        """What can be done: wait, decide, or open."""
        if self.task is None:
            return BoxState.OPENED
        if not is_over(self.task):
            return BoxState.RUNNING
        if self.spent == 0:
            return BoxState.NONE
        if self.spent < self.needed or (self.spent < LEAST and not self.takes_what_is_there):  # as `_few` asks
            return BoxState.FEW
        return BoxState.READY

    @property
    def takes_what_is_there(self) -> bool:
        """Whether the office decided that what is there counts, be it few, or be some of it unreadable."""
        return self.tally is not None and self.tally.decision == TallyDecision.TAKE

    @property
    def counted(self) -> int:
        """How many ratings were counted, once it is opened."""
        return len(self.tally.receipts) if self.tally else 0

    @property
    def to_decide(self) -> bool:
        """Whether it waits for the office: too few have rated."""
        return self.state in (BoxState.NONE, BoxState.FEW)


def is_over(task: Task) -> bool:
    """Whether the window of a unit is over, with the grace that a slow request may take."""
    grace = timedelta(seconds=settings.DEADLINE_GRACE_SECONDS)
    return task.due_at is not None and task.due_at + grace <= clock.now()


def boxes_among(tasks: Iterable[Task], actor: Actor | None = None) -> list[UnitBox]:
    """The boxes of units by their open tasks (two queries), with why the actor may not decide about one."""
    waiting = list(tasks)
    sheets = [task.process.sheet_id for task in waiting]
    counted = _counted(ballots_in_force().filter(draw__sheet__in=sheets))
    tallies = {tally.sheet_id: tally for tally in Tally.objects.filter(sheet__in=sheets)}
    return [
        UnitBox(
            sheet=task.process.sheet,
            task=task,
            tally=tallies.get(task.process.sheet_id),
            ballots=counted.get(task.process.sheet_id, (0, 0))[0],
            spent=counted.get(task.process.sheet_id, (0, 0))[1],
            needed=needed_in(task.process.sheet),
            why_not=none_of_own.refusal(actor, task.process.sheet) if actor else "",
        )
        for task in waiting
    ]


def needed_in(sheet: ScoreSheet) -> int:
    """The fewest recipients' ratings that make a mark by the sheet's scheme."""
    return _needed_by(sheet.rules)


def _needed_by(rules: TrackRules) -> int:
    return next((each.needed for each in rules.components if each.code == RatingKind.RECIPIENTS), 1)


def _counted(ballots: QuerySet[Ballot]) -> dict[int, tuple[int, int]]:
    """Sheet's key → (ballots, how many of them were used)."""
    rows = ballots.order_by().values_list("draw__sheet").annotate(many=Count("pk"), used=Count("pk", Q(spent=True)))
    return {sheet: (many, used) for sheet, many, used in rows}


def waiting_tasks() -> QuerySet[Task]:
    """The open tasks of units that recipients rate, in the order of tracks and units."""
    return (
        open_tasks(Node.RECIPIENT_RATING)
        .select_related("process__sheet__unit", *WITH_SCHEME)
        .defer(SCHEME_TEXT)
        .order_by("process__sheet__track__position", "process__sheet__unit__code")
    )


def boxes_of(cycle: Cycle, actor: Actor | None = None) -> list[UnitBox]:
    """Every unit of a cycle that recipients rate or have rated, the opened ones last (four queries)."""
    opened = opened_tallies(cycle).order_by("sheet__track__position", "sheet__unit__code")
    return boxes_among(waiting_tasks().filter(process__sheet__cycle=cycle), actor) + [
        UnitBox(sheet=tally.sheet, task=None, tally=tally, ballots=tally.ballots, spent=tally.spent) for tally in opened
    ]


def opened_tallies(cycle: Cycle) -> QuerySet[Tally]:
    """What came out of the boxes of a cycle's units."""
    return Tally.objects.filter(sheet__cycle=cycle, opened_at__isnull=False).select_related("sheet__unit")


def to_open(cycle: Cycle) -> list[Task]:
    """The tasks of the units whose ballots can be opened."""
    boxes = boxes_among(waiting_tasks().filter(process__sheet__cycle=cycle))
    return [box.waiting for box in boxes if box.state is BoxState.READY]


def cycles_opened() -> QuerySet[Cycle]:
    """The cycles of which ballots are opened, the newest first."""
    return Cycle.objects.filter(Exists(Tally.objects.filter(sheet__cycle=OuterRef("pk"), opened_at__isnull=False)))


def reserves_of(sheet: ScoreSheet) -> list[str]:
    """The people who can still be drawn for a unit, in their order."""
    draw = sheet.draws.filter(superseded_at=None).first()
    return reserves_left(draw) if draw else []


def reserves_left(draw: Draw) -> list[str]:
    """The people of the reserves who have no ballot, in their order."""
    have = set(draw.ballots.values_list("opaque_id", flat=True))
    return [opaque_id for opaque_id in draw.reserves if opaque_id not in have]


# ---- what waits for the office, for the list of its decisions ----


def keyless() -> QuerySet[Task]:
    """The open tasks of units in cycles whose box has no key that counts."""
    proved = TallyKey.objects.filter(
        cycle=OuterRef("process__sheet__cycle"), destroyed_at=None, proved_at__isnull=False
    )
    return open_tasks(Node.RECIPIENT_RATING).exclude(Exists(proved))


def needed_by_track(cycles: Iterable[int]) -> dict[int, int]:
    """Track's key → the fewest recipients' ratings that make a mark, where that is more than one (one query)."""
    tracks = Track.objects.filter(cycle__in=cycles).select_related("cycle__scheme").defer("cycle__scheme__body")
    needed = {track.pk: _needed_by(track.rules) for track in tracks}
    return {track: fewest for track, fewest in needed.items() if fewest > 1}


def too_few(needed: Mapping[int, int]) -> QuerySet[Task]:
    """The open tasks of units that too few have rated when their window was over (`BoxState.NONE`, `FEW`).

    `needed` is what `needed_by_track` says of their cycles.
    """
    return _over().filter(_few(needed))


def to_open_by_people(needed: Mapping[int, int]) -> QuerySet[Task]:
    """The open tasks of units whose ballots wait for two who hold shares; `needed` as for `too_few`."""
    held = _keys_in_force(KeyHolding.SHARES).filter(cycle=OuterRef("process__sheet__cycle"))
    return _over().filter(~_few(needed), Exists(held))


def _over() -> QuerySet[Task]:
    """The open tasks of units whose window is over; `spent` knows how many have rated, None for nobody."""
    over = clock.now() - timedelta(seconds=settings.DEADLINE_GRACE_SECONDS)
    used = ballots_in_force().filter(spent=True, draw__sheet=OuterRef("process__sheet"))
    counted = used.order_by().values("draw__sheet").annotate(many=Count("pk")).values("many")
    waiting = open_tasks(Node.RECIPIENT_RATING).filter(due_at__lte=over)
    known_of: QuerySet[Task] = waiting.alias(spent=Subquery(counted))
    return known_of


def _few(needed: Mapping[int, int]) -> Q:
    """`UnitBox.to_decide`, asked of the database."""
    decided = Tally.objects.filter(sheet=OuterRef("process__sheet"), decision=TallyDecision.TAKE)
    few = Q(spent=None) | (Q(spent__lt=LEAST) & ~Q(Exists(decided)))
    for track, fewest in needed.items():
        few |= Q(process__sheet__track=track, spent__lt=fewest)
    return few


def _keys_in_force(holding: KeyHolding) -> QuerySet[TallyKey]:
    return TallyKey.objects.filter(holding=holding, destroyed_at=None, proved_at__isnull=False)


def kept_secrets(tasks: Iterable[Task]) -> dict[int, bytes]:
    """Cycle's key → the private key, of those among the tasks' cycles whose key the system holds."""
    cycles = {task.process.sheet.cycle_id for task in tasks}
    keys = _keys_in_force(KeyHolding.SYSTEM).filter(cycle__in=cycles)
    return {key.cycle_id: bytes.fromhex(key.kept) for key in keys}
