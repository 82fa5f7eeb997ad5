"""Where draws and ratings stand: for the office, and for a leader's sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.actors import Actor
from common.numbers import key_in
from documents.models import RosterEntry
from scoring.models import Cycle, Draw, Rating, RatingKind, ScoreSheet
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import flow_ref, open_tasks


def waiting_for_recipients(cycle: Cycle | None = None) -> QuerySet[Assessment]:
    """Assessments (of a cycle) whose recipients' ratings are open, with the size of their roster and their draw."""
    counted = Draw.objects.annotate(used=Count("ballots", filter=Q(ballots__used=True)), sent=Count("ballots"))
    waiting: QuerySet[Assessment] = (
        Assessment.objects.filter(
            Exists(open_tasks().filter(process=OuterRef("pk"), flow_task=flow_ref("recipient_rating")))
        )
        .select_related("sheet__unit", "sheet__track", "sheet__cycle__scheme", "sheet__roster_waiver")
        .defer("sheet__cycle__scheme__body")
        .annotate(roster_size=Count("sheet__roster", distinct=True))
        .prefetch_related(Prefetch("sheet__draws", queryset=counted, to_attr="drawn"))
        .order_by("sheet__track__position", "sheet__unit__code")
    )
    return waiting if cycle is None else waiting.filter(sheet__cycle=cycle)


def undrawn() -> QuerySet[Task]:
    """The open tasks of units whose recipients have not been drawn."""
    return open_tasks("recipient_rating").exclude(Exists(Draw.objects.filter(sheet=OuterRef("process__sheet"))))


def roster_by_category(sheet_id: int) -> list[tuple[str, int]]:
    """How many people of each category a roster has, in the order of their names."""
    counted = RosterEntry.objects.filter(sheet_id=sheet_id).values("category").annotate(people=Count("pk"))
    return [(row["category"], row["people"]) for row in counted.order_by("category")]


FIELD = "rating-"


@dataclass(frozen=True)
class GridRow:
    """A unit on a leader's sheet and the rating that this leader gave, if any."""

    task: Task
    value: Decimal | None

    @property
    def field(self) -> str:
        """The name of the row's input."""
        return f"{FIELD}{self.task.process.sheet_id}"


def waiting_for_leaders(actor: Actor, cycle: Cycle | None = None) -> QuerySet[Task]:
    """The open tasks of units (of a cycle) that wait for leaders, without the leader's own."""
    tasks = open_tasks("leadership_rating").exclude(process__sheet__unit_id__in=actor.stakes)
    return tasks if cycle is None else tasks.filter(process__sheet__cycle=cycle)


def grid_of(actor: Actor, cycle: Cycle | None = None) -> list[GridRow]:
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
    return [GridRow(task=task, value=given.get(task.process.sheet_id)) for task in tasks]


def left_the_grid(actor: Actor, fields: Iterable[str]) -> list[tuple[str, str, Decimal | None]]:
    """Of units named by fields of a sheet that no longer holds them: field, unit, what counts of this leader there."""
    ids = [key for name in fields if (key := key_in(name.removeprefix(FIELD))) is not None]
    kept = Rating.objects.filter(component=RatingKind.LEADERS, rater=actor.user, sheet=OuterRef("pk")).values("value")
    rated = Task.objects.filter(flow_task=flow_ref("leadership_rating")).values("process__sheet")
    sheets = ScoreSheet.objects.filter(pk__in=ids).filter(pk__in=rated)
    rows = sheets.annotate(kept=Subquery(kept)).order_by("pk").values_list("pk", "unit_name", "kept")
    return [(f"{FIELD}{pk}", name, value) for pk, name, value in rows]
