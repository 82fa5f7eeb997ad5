"""Where every unit of a cycle stands: counted by track, listed with who holds it, in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypedDict, Unpack, cast

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, User
from scoring.models import Cycle, Step, Track
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_tasks, overdue
from workflow.flow.queries.visibility import owner_is_there, somebody_can_act

FINISHED = (Step.CIRCULATED, Step.EXCLUDED, Step.NOT_ASSESSED)


def late_tasks() -> QuerySet[Task]:
    """The overdue tasks of the assessment in the outer query."""
    late: QuerySet[Task] = Task.objects.filter(overdue(), process=OuterRef("pk"))
    return late


@dataclass
class TrackProgress:
    """How far a track is: its units by step, how many are late."""

    track: Track
    total: int = 0
    late: int = 0
    steps: dict[str, int] = field(default_factory=dict)

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


def progress_of(cycle: Cycle) -> list[TrackProgress]:
    """Each track's progress (three queries)."""
    tracks = {track.pk: TrackProgress(track) for track in cycle.tracks.all()}
    counted = Assessment.objects.filter(sheet__cycle=cycle).order_by()
    for track, step, units in counted.values_list("sheet__track", "step").annotate(units=Count("pk")):
        tracks[track].steps[step] = units
        tracks[track].total += units
    late = Task.objects.filter(overdue(), process__sheet__cycle=cycle).order_by()
    for track, units in late.values_list("process__sheet__track").annotate(units=Count("process", distinct=True)):
        tracks[track].late = units
    return list(tracks.values())


class Narrowed(TypedDict, total=False):
    """What of a cycle's units is wanted: a track by its code, a step, the late ones, words of the name or the code."""

    track: str
    step: str
    late: bool
    search: str


def standing(cycle: Cycle, **narrowed: Unpack[Narrowed]) -> QuerySet[Assessment]:
    """The assessments of a cycle, narrowed, each with its open tasks (`open_now`) and `is_late`."""
    waiting = (
        open_tasks()
        .annotate(owner_is_there=owner_is_there(), can_be_done=somebody_can_act())
        .select_related("department", "owner")
        .order_by("due_at", "pk")
    )
    assessments: QuerySet[Assessment] = (
        Assessment.objects.filter(sheet__cycle=cycle)
        .select_related("sheet__unit", "sheet__track")
        .annotate(is_late=Exists(late_tasks()))
        .prefetch_related(Prefetch("task_set", queryset=waiting, to_attr="open_now"))
        .order_by("sheet__track__position", "sheet__unit__code")
    )
    if track := narrowed.get("track"):
        assessments = assessments.filter(sheet__track__code=track)
    if step := narrowed.get("step"):
        assessments = assessments.filter(step=step)
    if narrowed.get("late"):
        assessments = assessments.filter(is_late=True)
    if search := narrowed.get("search"):
        named = Q(sheet__unit_name__icontains=search) | Q(sheet__unit__code__icontains=search)
        assessments = assessments.filter(named)
    return assessments


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
