"""Where every unit of a cycle stands: counted by track, listed with who holds it, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypedDict, Unpack, cast

from django.db.models import Case, CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from accounts.models import Department, Role, User
from accounts.queries import working
from common.tallies import Counts, Tally
from scoring.models import Cycle, ScoreSheet, Step, Track
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_tasks, overdue
from workflow.flow.queries.visibility import owner_is_there, somebody_can_act

FINISHED = (Step.CIRCULATED, Step.EXCLUDED, Step.NOT_ASSESSED)


def late_tasks() -> QuerySet[Task]:
    """The overdue tasks of the assessment in the outer query."""
    late: QuerySet[Task] = Task.objects.filter(overdue(), process=OuterRef("pk"))
    return late


@dataclass(frozen=True)
class TrackProgress:
    """How far a track is: its units by step, how many are late."""

    track: Track
    total: int
    late: int
    steps: Mapping[str, int]

    @property
    def submitted(self) -> int:
        """Units that have got past their self-evaluation, the excluded left out."""
        return self.total - self.steps.get(Step.SELF_EVALUATION, 0) - self.steps.get(Step.EXCLUDED, 0)

    @property
    def finished(self) -> int:
        """Units whose assessment has come to an end."""
        return sum(self.steps.get(step, 0) for step in FINISHED)

    @property
    def by_step(self) -> list[tuple[str, int]]:
        """(name of the step, units in it), in the order of the steps, empty ones left out."""
        return [(str(step.label), self.steps[step]) for step in Step if self.steps.get(step)]


class Narrowed(TypedDict, total=False):
    """What of a cycle's units is wanted: a track by its code, a step, the late ones, words of the name or the code."""

    track: str
    step: str
    late: bool
    search: str


# ---- counted ----

UNITS, LATE, MATCHING = "units", "late", "matching"
# Beside the step of a unit that is under way: whether somebody files for it.
VACANT = "vacant"


def progress_counted(cycle: Cycle) -> Iterable[Tally]:
    """What is counted to say how far the tracks of a cycle are: its units in one look, apart by their step (none before
    they begin) and by whether a unit that is under way has nobody who files for it."""
    under_way = Q(assessment__isnull=False, assessment__finished=None)
    nobody_files = ~Q(unit__in=working(Role.FILER).values("unit"))
    vacant = When(under_way & nobody_files, then=Concat("assessment__step", Value(f":{VACANT}")))
    state = Case(vacant, default=F("assessment__step"), output_field=CharField())
    yield Tally(UNITS, ScoreSheet.objects.filter(cycle=cycle), "track", by=state)
    late = Task.objects.filter(overdue(), process__sheet__cycle=cycle)
    yield Tally(LATE, late, "process__sheet__track", once="process")


def progress_of(tracks: Iterable[Track], counts: Counts) -> list[TrackProgress]:
    """Each track's progress, by what was counted."""
    return [_progress(track, counts) for track in tracks]


def _progress(track: Track, counts: Counts) -> TrackProgress:
    by_step = {step: sum(each[track.pk] for each in _units_at(step, counts)) for step in Step}
    steps = {str(step): units for step, units in by_step.items() if units}
    return TrackProgress(track, total=sum(steps.values()), late=counts[LATE][track.pk], steps=steps)


def _units_at(step: str, counts: Counts) -> Iterable[Mapping[int, int]]:
    return counts[f"{UNITS}:{step}"], counts[f"{UNITS}:{step}:{VACANT}"]


def units_not_begun(counts: Counts) -> int:
    """How many units of the cycle have not begun, by what was counted of its progress."""
    return sum(counts[f"{UNITS}:"].values())


def units_vacant(counts: Counts) -> int:
    """How many units under way have nobody who files for them, by what was counted of the progress."""
    return sum(units for step in Step for units in counts[f"{UNITS}:{step}:{VACANT}"].values())


# ---- listed ----


def narrowed_to(cycle: Cycle, **narrowed: Unpack[Narrowed]) -> QuerySet[Assessment]:
    """The assessments of a cycle that are wanted."""
    assessments: QuerySet[Assessment] = Assessment.objects.filter(sheet__cycle=cycle)
    if track := narrowed.get("track"):
        assessments = assessments.filter(sheet__track__code=track)
    if step := narrowed.get("step"):
        assessments = assessments.filter(step=step)
    if narrowed.get("late"):
        assessments = assessments.filter(Exists(late_tasks()))
    if search := narrowed.get("search"):
        named = Q(sheet__unit_name__icontains=search) | Q(sheet__unit__code__icontains=search)
        assessments = assessments.filter(named)
    return assessments


def standing(cycle: Cycle, **narrowed: Unpack[Narrowed]) -> QuerySet[Assessment]:
    """The assessments of a cycle that are wanted, each with its open tasks (`open_now`) and `is_late`."""
    waiting = (
        open_tasks()
        .annotate(owner_is_there=owner_is_there(), can_be_done=somebody_can_act())
        .select_related("department", "owner")
        .order_by("due_at", "pk")
    )
    listed: QuerySet[Assessment] = (
        narrowed_to(cycle, **narrowed)
        .select_related("sheet__unit", "sheet__track")
        .defer("sheet__explain")
        .annotate(is_late=Exists(late_tasks()))
        .prefetch_related(Prefetch("task_set", queryset=waiting, to_attr="open_now"))
        .order_by("sheet__track__position", "sheet__unit__code")
    )
    return listed


@dataclass(frozen=True)
class Listed:
    """The wanted assessments of a cycle as a paginator cuts them, by how many there are in each track.

    A piece that lies in one track is asked for in the order of its units alone: an index walks it, and the first of
    thousands are found without sorting them.
    """

    wanted: QuerySet[Assessment]
    many: Mapping[Track, int]

    def __len__(self) -> int:
        """How many there are."""
        return sum(self.many.values())

    def __getitem__(self, piece: slice) -> QuerySet[Assessment]:
        """The assessments from `start` to before `stop`, both given."""
        start, stop = piece.start, min(piece.stop, len(self))
        ahead, passed, within = 0, 0, list[Track]()
        for track, units in self.many.items():
            if ahead + units <= start:
                passed += units
            elif ahead < stop:
                within.append(track)
            ahead += units
        wanted = self.wanted.filter(sheet__track__in=within)
        if len(within) == 1:
            wanted = wanted.order_by("sheet__unit__code")
        return wanted[start - passed : stop - passed]


def stuck_tasks(cycle: Cycle) -> QuerySet[Task]:
    """The tasks that the sweep tried in vain to end, those tried most often first."""
    tried: QuerySet[Task] = open_tasks().filter(process__sheet__cycle=cycle, fires=True, attempts__gt=0)
    return tried.select_related("process__sheet").order_by("-attempts", "pk")


class OpenNow(Protocol):
    """An open task as `standing` reads it: also whether its owner is still there, and whether anybody can act."""

    role: str
    due_at: datetime | None
    department: Department | None
    owner: User | None
    owner_is_there: bool
    can_be_done: bool

    def get_role_display(self) -> str:
        """The role in words."""
        ...


class AsItStands(Protocol):
    """What `standing` adds to an assessment."""

    open_now: list[OpenNow]
    is_late: bool


@dataclass(frozen=True)
class Standing:
    """A row of the list: an assessment by its unit of the year and track, who holds it, by when it is due (aware), and
    whether that is past."""

    assessment: Assessment
    unit: str
    track: str
    holders: list[str]
    due: datetime | None
    is_late: bool

    @property
    def step(self) -> str:
        """The step in words."""
        return str(self.assessment.get_step_display())

    @property
    def state(self) -> str:
        """The shape that stands beside the step's word: done, late, off (out of play) or wait."""
        if self.assessment.step == Step.CIRCULATED:
            return "done"
        if self.assessment.step in FINISHED:
            return "off"
        return "late" if self.is_late else "wait"


def row_of(assessment: Assessment) -> Standing:
    """The row of an assessment that comes from `standing`."""
    shown = cast("AsItStands", assessment)
    waits = [task for task in shown.open_now if task.role]
    return Standing(
        assessment=assessment,
        unit=assessment.sheet.unit_name,
        track=assessment.sheet.track.name,
        holders=list(dict.fromkeys(filter(None, map(holder_of, waits)))),
        due=min((task.due_at for task in waits if task.due_at), default=None),
        is_late=shown.is_late,
    )


def holder_of(task: OpenNow) -> str:
    """Who holds an open task, as people say it: the place or the role, and the person who claimed it while they can
    act on it, or that nobody can."""
    place = task.department.name if task.department else task.get_role_display() or ""
    person = task.owner.name if task.owner and task.owner_is_there else ""
    nobody = _("nobody can act") if task.role and not task.can_be_done else ""
    return " · ".join(filter(None, (str(place), nobody or person)))
