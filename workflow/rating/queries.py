"""Where draws and ratings stand: for the office, and for a leader's sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.actors import Actor
from accounts.rules import not_own_unit
from common.numbers import key_in
from documents.models import RosterEntry
from scoring.models import Cycle, Draw, Rating, RatingKind, ScoreSheet
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import flow_ref, open_tasks


@dataclass(frozen=True)
class UnitToDraw:
    """A unit whose recipients' ratings are open: how many people its roster has, its draw, and why one may not draw."""

    assessment: Assessment
    people: int
    draw: Draw | None
    why_not: str


def waiting_for_recipients(
    actor: Actor, cycle: Cycle | None = None, *, among: Iterable[int] | None = None
) -> list[UnitToDraw]:
    """The units (of a cycle, or `among` these assessments) that wait for recipients, drawn or not (two queries).

    A draw knows how many ballots were `sent` and how many are `used`.
    """
    counted = Draw.objects.annotate(used=Count("ballots", filter=Q(ballots__used=True)), sent=Count("ballots"))
    waiting = (
        Assessment.objects.filter(
            Exists(open_tasks().filter(process=OuterRef("pk"), flow_task=flow_ref(Node.RECIPIENT_RATING)))
        )
        .select_related("sheet__unit", "sheet__track", "sheet__cycle__scheme")
        .defer("sheet__cycle__scheme__body")
        .annotate(people=Count("sheet__roster", distinct=True))
        .prefetch_related(Prefetch("sheet__draws", queryset=counted))
        .order_by("sheet__track__position", "sheet__unit__code")
    )
    if cycle is not None:
        waiting = waiting.filter(sheet__cycle=cycle)
    if among is not None:
        waiting = waiting.filter(pk__in=among)
    return [
        UnitToDraw(
            assessment=assessment,
            people=assessment.people,
            draw=next(iter(assessment.sheet.draws.all()), None),
            why_not=not_own_unit.refusal(actor, assessment.sheet),
        )
        for assessment in waiting
    ]


def undrawn() -> QuerySet[Task]:
    """The open tasks of units whose recipients have not been drawn."""
    return open_tasks(Node.RECIPIENT_RATING).exclude(Exists(Draw.objects.filter(sheet=OuterRef("process__sheet"))))


def roster_by_category(sheet_id: int) -> list[tuple[str, int]]:
    """How many people of each category a roster has, in the order of their names."""
    counted = RosterEntry.objects.filter(sheet_id=sheet_id).values("category").annotate(people=Count("pk"))
    return list(counted.order_by("category").values_list("category", "people"))


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
