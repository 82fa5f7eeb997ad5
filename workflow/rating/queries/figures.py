"""Ratings in figures: the turnout while it runs, means and distributions afterwards; nothing of few (R9, R17)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor
from scoring.engine.numbers import points
from scoring.models import Cycle, Rating, RatingKind, ScoreSheet
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks
from workflow.rating.queries.tally import LEAST, UnitBox, boxes_of

NODE_OF = {RatingKind.RECIPIENTS: Node.RECIPIENT_RATING, RatingKind.LEADERS: Node.LEADERSHIP_RATING}
# The edges of a distribution: each bucket begins with its own, the last ends at 100.
EDGES = (0, 60, 70, 80, 90)


@dataclass(frozen=True)
class Turnout:
    """How many of those drawn have rated each unit, and all units together; no score."""

    boxes: list[UnitBox]

    @property
    def ballots(self) -> int:
        """The ballots of all units."""
        return sum(box.ballots for box in self.boxes)

    @property
    def spent(self) -> int:
        """How many of them were used."""
        return sum(box.spent for box in self.boxes)


def turnout_of(cycle: Cycle) -> Turnout:
    """The turnout in a cycle, unit by unit (four queries)."""
    order = sorted(boxes_of(cycle), key=lambda box: (box.sheet.track_id, box.sheet.unit.code))
    return Turnout([box for box in order if box.ballots])


@dataclass(frozen=True)
class Mean:
    """The mean of a unit's ratings, rounded as every score, and of how many."""

    value: Decimal
    count: int


@dataclass(frozen=True)
class RatedUnit:
    """A unit that is rated: the means that may be shown; None while one is open, or where too few recipients rated."""

    sheet: ScoreSheet
    recipients: Mean | None
    leaders: Mean | None


def rated_units(actor: Actor, cycle: Cycle) -> list[RatedUnit]:
    """The units of a cycle whose ratings are over, without the person's own, by track and unit (two queries)."""
    sheets = list(_sheets(actor).filter(cycle=cycle).order_by("track__position", "unit__code"))
    given = _ratings(sheets)
    units = [
        RatedUnit(sheet, *(_mean(sheet, component, given[sheet.pk, component]) for component in RatingKind))
        for sheet in sheets
    ]
    return [unit for unit in units if unit.recipients or unit.leaders]


def _sheets(actor: Actor) -> QuerySet[ScoreSheet]:
    """The sheets that are not about the person's own unit, each with which of its ratings are still open."""
    waiting = {
        f"{component}_open": Exists(open_tasks(node).filter(process__sheet=OuterRef("pk")))
        for component, node in NODE_OF.items()
    }
    sheets = ScoreSheet.objects.filter(actor.no_stake("unit")).annotate(**waiting)
    return sheets.select_related("unit", "track", "cycle__scheme", "assessment").defer("cycle__scheme__body")


def _ratings(sheets: Sequence[ScoreSheet]) -> Mapping[tuple[int, str], list[Decimal]]:
    """(Sheet's key, component) → its ratings, of what is over; never whose they are."""
    over = {(sheet.pk, kind.value) for sheet in sheets for kind in RatingKind if not getattr(sheet, f"{kind}_open")}
    given: Mapping[tuple[int, str], list[Decimal]] = defaultdict(list)
    rows = Rating.objects.filter(sheet__in=sheets).order_by("value")
    for sheet, component, value in rows.values_list("sheet", "component", "value"):
        if (sheet, component) in over:
            given[sheet, component].append(value)
    return given


def _mean(sheet: ScoreSheet, code: str, ratings: Sequence[Decimal]) -> Mean | None:
    component = sheet.rules.component(code)
    if component is None or (code == RatingKind.RECIPIENTS and len(ratings) < LEAST):
        return None
    mark = component.mark(ratings)
    return None if mark is None else Mean(points(mark.value, mark.count), len(ratings))


def distribution_of(actor: Actor, assessment: int) -> tuple[ScoreSheet, list[tuple[str, int]]] | None:
    """A unit's sheet and how many recipients' ratings lie in each range (two queries).

    None for the person's own unit, while recipients may still rate it, and where too few have.
    """
    sheet = _sheets(actor).filter(assessment=assessment).first()
    if sheet is None:
        return None
    ratings = _ratings([sheet])[sheet.pk, RatingKind.RECIPIENTS.value]
    return (sheet, buckets(ratings)) if len(ratings) >= LEAST else None


def buckets(ratings: Sequence[Decimal]) -> list[tuple[str, int]]:
    """How many ratings lie in each range, named by its edges."""
    ends = (*EDGES[1:], None)
    return [
        (f"{low}–{end or 100}", sum(low <= rating and (end is None or rating < end) for rating in ratings))
        for low, end in zip(EDGES, ends, strict=True)
    ]
