"""Where draws stand: which units wait, who stands and who waits in the order drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from documents.models import RosterEntry
from documents.services.roster import MaskedPerson, masked
from scoring.engine.categories import parse_categories
from scoring.engine.draw import split_lines
from scoring.models import CoveredRoster, Cycle, Draw, PublicRoster
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import flow_ref, open_tasks


@dataclass(frozen=True)
class UnitToDraw:
    """A unit whose recipients' ratings are open: its fixed roster, the drawing that covers it, its draw."""

    assessment: Assessment
    roster: PublicRoster | None
    covered: CoveredRoster | None
    draw: Draw | None


def waiting_for_recipients(cycle: Cycle | None) -> list[UnitToDraw]:
    """The units of a cycle that wait for recipients, drawn or not (four queries).

    A draw knows how many ballots were `sent` and how many are `used`.
    """
    sent = Q(ballots__revoked_at=None)
    counted = Draw.objects.filter(superseded_at=None).annotate(
        used=Count("ballots", filter=sent & Q(ballots__spent=True)), sent=Count("ballots", filter=sent)
    )
    covering = CoveredRoster.objects.filter(drawing__superseded_at=None).select_related("drawing")
    rosters = PublicRoster.objects.filter(superseded_at=None).prefetch_related(Prefetch("covered", queryset=covering))
    waiting = (
        Assessment.objects.filter(
            Exists(open_tasks().filter(process=OuterRef("pk"), flow_task=flow_ref(Node.RECIPIENT_RATING))),
            sheet__cycle=cycle,
        )
        .select_related("sheet__unit", "sheet__track")
        .prefetch_related(
            Prefetch("sheet__draws", queryset=counted), Prefetch("sheet__public_rosters", queryset=rosters)
        )
        .order_by("sheet__track__position", "sheet__unit__code")
    )
    return [_unit(assessment) for assessment in waiting]


def _unit(assessment: Assessment) -> UnitToDraw:
    roster = next(iter(assessment.sheet.public_rosters.all()), None)
    return UnitToDraw(
        assessment=assessment,
        roster=roster,
        covered=next(iter(roster.covered.all()), None) if roster else None,
        draw=next(iter(assessment.sheet.draws.all()), None),
    )


def undrawn() -> QuerySet[Task]:
    """The open tasks of units whose recipients have not been drawn."""
    drawn = Draw.objects.filter(sheet=OuterRef("process__sheet"), superseded_at=None)
    return open_tasks(Node.RECIPIENT_RATING).exclude(Exists(drawn))


def roster_by_category(sheet_id: int) -> list[tuple[str, int]]:
    """How many people of each category a roster has, in the order of their names."""
    counted = RosterEntry.objects.filter(sheet_id=sheet_id).values("category").annotate(people=Count("pk"))
    return list(counted.order_by("category").values_list("category", "people"))


@dataclass(frozen=True)
class Order:
    """Who of a draw holds a ballot now, and which reserves still wait; both in the order drawn."""

    standing: Sequence[str]
    waiting: Sequence[str]


def standing_in(draw: Draw) -> Order:
    """How the people of a draw stand (one query): whoever ever had a ballot waits no more."""
    had: set[str] = set()
    standing: set[str] = set()
    for opaque_id, revoked_at in draw.ballots.values_list("opaque_id", "revoked_at"):
        had.add(opaque_id)
        if revoked_at is None:
            standing.add(opaque_id)
    order = [*draw.drawn, *draw.reserves]
    return Order(
        standing=[opaque_id for opaque_id in order if opaque_id in standing],
        waiting=[opaque_id for opaque_id in draw.reserves if opaque_id not in had],
    )


def roster_of_draw(draw: Draw) -> PublicRoster | None:
    """The fixed roster that a draw was made from; None for a draw from before rosters were fixed."""
    return PublicRoster.objects.filter(sheet=draw.sheet_id, sha256=draw.roster_sha256).order_by("-pk").first()


def categories_of_draw(draw: Draw) -> dict[str, str] | None:
    """Id → category, where at least one of each was drawn; else None."""
    if draw.drawing is None or not draw.drawing.each_category:
        return None
    roster = roster_of_draw(draw)
    return None if roster is None else parse_categories(split_lines(roster.categories))


@dataclass(frozen=True)
class DrawnPerson:
    """Somebody who holds a ballot, as they may be shown; nobody of a roster whose names have been deleted."""

    opaque_id: str
    person: MaskedPerson | None

    @property
    def named(self) -> str:
        """The person in a line: id, masked name and phone."""
        shown = self.person
        return self.opaque_id if shown is None else f"{self.opaque_id} · {shown.name} · {shown.phone}"


def people_standing(draw: Draw, order: Order) -> list[DrawnPerson]:
    """Who holds a ballot, masked, in the order drawn (one query)."""
    entries = list(RosterEntry.every.filter(sheet=draw.sheet_id, opaque_id__in=order.standing))
    people = dict(zip((entry.opaque_id for entry in entries), masked(entries), strict=True))
    return [DrawnPerson(opaque_id, people.get(opaque_id)) for opaque_id in order.standing]
