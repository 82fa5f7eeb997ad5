"""Where draws and ratings stand: for the office, and for a leader's sheet."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.actors import Actor
from accounts.rules import not_own_unit
from documents.models import RosterEntry
from scoring.models import Cycle, Draw
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
    counted = Draw.objects.annotate(used=Count("ballots", filter=Q(ballots__spent=True)), sent=Count("ballots"))
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
