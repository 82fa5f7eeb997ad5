"""Where every unit of a cycle stands: counted by track, listed with who holds it, in a fixed number of queries."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from scoring.models import Cycle, Step, Track
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_tasks, overdue
from workflow.flow.queries.visibility import owner_is_there, somebody_can_act

FINISHED = (Step.CIRCULATED, Step.EXCLUDED, Step.NOT_ASSESSED)


def late_tasks() -> QuerySet[Task]:
    """The overdue tasks of the assessment in the outer query."""
    found: QuerySet[Task] = Task.objects.filter(overdue(), process=OuterRef("pk"))
    return found


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
    found = {track.pk: TrackProgress(track) for track in cycle.tracks.all()}
    rows = Assessment.objects.filter(sheet__cycle=cycle).order_by()
    for row in rows.values("sheet__track", "step").annotate(units=Count("pk")):
        progress = found[row["sheet__track"]]
        progress.steps[row["step"]] = row["units"]
        progress.total += row["units"]
    late = Task.objects.filter(overdue(), process__sheet__cycle=cycle).order_by()
    for row in late.values("process__sheet__track").annotate(units=Count("process", distinct=True)):
        found[row["process__sheet__track"]].late = row["units"]
    return list(found.values())


def standing(
    cycle: Cycle, *, track: str = "", step: str = "", late: bool = False, search: str = ""
) -> QuerySet[Assessment]:
    """The assessments of a cycle, filtered, each with its open tasks (`open_now`) and `is_late`."""
    waiting = (
        open_tasks()
        .annotate(owner_is_there=owner_is_there(), can_be_done=somebody_can_act())
        .select_related("department", "owner")
        .order_by("due_at", "pk")
    )
    found: QuerySet[Assessment] = (
        Assessment.objects.filter(sheet__cycle=cycle)
        .select_related("sheet__unit", "sheet__track")
        .annotate(is_late=Exists(late_tasks()))
        .prefetch_related(Prefetch("task_set", queryset=waiting, to_attr="open_now"))
        .order_by("sheet__track__position", "sheet__unit__code")
    )
    if track:
        found = found.filter(sheet__track__code=track)
    if step:
        found = found.filter(step=step)
    if late:
        found = found.filter(is_late=True)
    if search:
        found = found.filter(Q(sheet__unit_name__icontains=search) | Q(sheet__unit__code__icontains=search))
    return found


def stuck_tasks(cycle: Cycle) -> QuerySet[Task]:
    """The tasks that the sweep tried in vain to end, those tried most often first."""
    tried: QuerySet[Task] = open_tasks().filter(process__sheet__cycle=cycle, fires=True, attempts__gt=0)
    return tried.select_related("process__sheet").order_by("-attempts", "pk")


def holder_of(task: Any) -> str:
    """Who holds an open task of `standing`, as people say it: the place or the role, and the person who claimed it
    while they can act on it, or that nobody can."""
    place = task.department.name if task.department else str(task.get_role_display() or "")
    person = task.owner.name if task.owner and task.owner_is_there else ""
    nobody = _("nobody can act") if task.role and not task.can_be_done else ""
    return " · ".join(filter(None, (place, nobody or person)))
