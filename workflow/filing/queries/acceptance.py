"""What reports to a receiving desk, and how far it is."""

from collections import Counter
from typing import Any

from django.db.models import Count, F, QuerySet

from accounts.actors import Actor
from scoring.models import Cycle, Step
from workflow.flow.models import Assessment, Task
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
    tasks = tasks_for(actor).filter(flow_task=flow_ref("acceptance"))
    if cycle is not None:
        tasks = tasks.filter(process__sheet__cycle=cycle)
    if track:
        tasks = tasks.filter(process__sheet__track__code=track)
    return tasks.order_by(F("due_at").asc(nulls_last=True), "pk")


def counts_by_track(actor: Actor, cycle: Cycle | None) -> list[dict[str, Any]]:
    """How many units of each track of a cycle have not handed in, wait, went on, or are excluded (one query)."""
    rows = (
        reporting_to(actor)
        .filter(sheet__cycle=cycle)
        .order_by()
        .values("sheet__track__position", "sheet__track__code", "sheet__track__name", "step")
        .annotate(many=Count("pk", distinct=True))
    )
    tracks: dict[tuple[int, str, str], Counter[str]] = {}
    for row in rows:
        key = (row["sheet__track__position"], row["sheet__track__code"], row["sheet__track__name"])
        tracks.setdefault(key, Counter())[row["step"]] += row["many"]
    return [_states(code, name, counts) for (_position, code, name), counts in sorted(tracks.items())]


def _states(code: str, name: str, counts: Counter[str]) -> dict[str, Any]:
    before = {Step.SELF_EVALUATION, Step.ACCEPTANCE, Step.EXCLUDED}
    return {
        "code": code,
        "name": name,
        "total": counts.total(),
        "filling": counts[Step.SELF_EVALUATION],
        "waiting": counts[Step.ACCEPTANCE],
        "accepted": sum(many for step, many in counts.items() if step not in before),
        "excluded": counts[Step.EXCLUDED],
    }
