"""A leader's sheet: which units, and what was given."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.actors import Actor
from common.numbers import key_in
from scoring.models import Cycle, Rating, RatingKind, ScoreSheet
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import flow_ref, open_tasks

FIELD = "rating-"


@dataclass(frozen=True)
class RatedUnit:
    """A unit on a leader's sheet and the rating that this leader gave, if any."""

    task: Task
    value: Decimal | None

    @property
    def field(self) -> str:
        """The name of the row's input."""
        return f"{FIELD}{self.task.process.sheet_id}"


def waiting_for_leaders(actor: Actor, cycle: Cycle | None = None) -> QuerySet[Task]:
    """The open tasks of units (of a cycle) that wait for leaders, without the leader's own."""
    tasks = open_tasks(Node.LEADERSHIP_RATING).filter(actor.no_stake("process__sheet__unit"))
    return tasks if cycle is None else tasks.filter(process__sheet__cycle=cycle)


def grid_of(actor: Actor, cycle: Cycle | None = None) -> list[RatedUnit]:
    """The units (of a cycle) that wait for leaders, each with what this leader gave (two queries)."""
    tasks = (
        waiting_for_leaders(actor, cycle)
        .select_related("process__sheet__unit", "process__sheet__cycle", "process__sheet__track")
        .order_by("process__sheet__track__position", "process__sheet__unit__code")
    )
    given = dict(
        Rating.objects.filter(
            component=RatingKind.LEADERS, rater=actor.user, sheet__in=[task.process.sheet_id for task in tasks]
        ).values_list("sheet_id", "value")
    )
    return [RatedUnit(task=task, value=given.get(task.process.sheet_id)) for task in tasks]


def left_the_grid(actor: Actor, fields: Iterable[str]) -> list[tuple[str, str, Decimal | None]]:
    """Of units named by fields of a sheet that no longer holds them: field, unit, what counts of this leader there."""
    ids = [key for name in fields if (key := key_in(name.removeprefix(FIELD))) is not None]
    kept = Rating.objects.filter(component=RatingKind.LEADERS, rater=actor.user, sheet=OuterRef("pk")).values("value")
    rated = Task.objects.filter(flow_task=flow_ref(Node.LEADERSHIP_RATING)).values("process__sheet")
    sheets = ScoreSheet.objects.filter(pk__in=ids).filter(pk__in=rated)
    rows = sheets.annotate(kept=Subquery(kept)).order_by("pk").values_list("pk", "unit_name", "kept")
    return [(f"{FIELD}{pk}", name, value) for pk, name, value in rows]
