"""What reports to a receiving desk, and how far it is."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from accounts.actors import Actor
from scoring.models import Cycle, Step
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import flow_ref
from workflow.flow.queries.visibility import assessments_visible_to, tasks_for


def reporting_to(actor: Actor) -> QuerySet[Assessment]:
    """The assessments of opened cycles that report to the person's departments, without their own unit's."""
    return (
        assessments_visible_to(actor)
        .filter(sheet__track__desk_id__in=actor.department_ids(), sheet__cycle__opened_at__isnull=False)
        .filter(actor.no_stake("sheet__unit"))
    )


def to_accept(actor: Actor, *, cycle: Cycle | None = None, track: str = "") -> QuerySet[Task]:
    """The materials that wait for the person, the most urgent first; of one cycle, of one track if named."""
    tasks = tasks_for(actor).filter(flow_task=flow_ref(Node.ACCEPTANCE))
    if cycle is not None:
        tasks = tasks.filter(process__sheet__cycle=cycle)
    if track:
        tasks = tasks.filter(process__sheet__track__code=track)
    return tasks.order_by(F("due_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True, kw_only=True)
class TrackCounts:
    """How many units of a track have not handed in, wait at the desk, went on, or are excluded."""

    code: str
    name: str
    filling: int
    waiting: int
    accepted: int
    excluded: int

    @property
    def total(self) -> int:
        """How many units the track has."""
        return self.filling + self.waiting + self.accepted + self.excluded


def counts_by_track(actor: Actor, cycle: Cycle | None) -> list[TrackCounts]:
    """How far the units of each track of a cycle are that reports to the person's departments (one query)."""
    before = (Step.SELF_EVALUATION, Step.ACCEPTANCE, Step.EXCLUDED)
    counts = (
        reporting_to(actor)
        .filter(sheet__cycle=cycle)
        .order_by("sheet__track__position")
        .values(code=F("sheet__track__code"), name=F("sheet__track__name"))
        .annotate(
            filling=_units(step=Step.SELF_EVALUATION),
            waiting=_units(step=Step.ACCEPTANCE),
            accepted=_units(~Q(step__in=before)),
            excluded=_units(step=Step.EXCLUDED),
        )
    )
    return [TrackCounts(**row) for row in counts]


def _units(*conditions: Q, **step: Step) -> Count:
    return Count("pk", distinct=True, filter=Q(*conditions, **step))
