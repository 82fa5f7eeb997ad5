"""Which cycles a draft may follow, and what a unit was in the cycle before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, QuerySet, When

from scoring.models import Cycle, ScoreSheet, Succession
from scoring.queries.cycles import participants


def sources_for(cycle: Cycle) -> QuerySet[Cycle]:
    """The cycles with units that a draft may follow: those of its own word first, then the newest."""
    others = Cycle.objects.exclude(pk=cycle.pk).filter(sheets__isnull=False, year__lte=cycle.year).distinct()
    alike = [other.pk for other in others if other.word == cycle.word and other.year < cycle.year]
    return others.order_by(Case(When(pk__in=alike, then=0), default=1), "-year", "-pk")


@dataclass(frozen=True)
class Before:
    """The rows of a unit, or of those it goes on from, in the cycle before.

    `is_same` says that one unit became this one and no other: only then are their results set side by side.
    """

    sheets: Sequence[ScoreSheet]
    is_same: bool


def before_of(sheet: ScoreSheet) -> Before:
    """What a unit was in the cycle that its own follows; nothing where it follows none (three queries at most)."""
    follows = sheet.cycle.follows_id
    if follows is None:
        return Before((), is_same=False)
    rows = Succession.objects.filter(cycle=sheet.cycle_id)
    units = list(rows.filter(successor=sheet.unit_id).values_list("predecessor", flat=True)) or [sheet.unit_id]
    others = rows.filter(predecessor__in=units).exclude(successor=sheet.unit_id)
    sheets = ScoreSheet.objects.filter(cycle=follows, unit__in=units).select_related("unit").order_by("unit__code")
    return Before(tuple(sheets), is_same=len(units) == 1 and not others.exists())


def predecessors_in(cycle: Cycle) -> dict[int, list[str]]:
    """Key of a unit → the names before of those it goes on from, where it is not simply the same (two queries)."""
    rows = list(cycle.successions.order_by("predecessor__code").values_list("predecessor", "successor"))
    names = dict(
        participants_of(cycle).filter(unit__in=[before for before, _after in rows]).values_list("unit", "unit_name")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for before, after in rows:
        if before in names:
            found[after].append(names[before])
    return dict(found)


def participants_of(cycle: Cycle) -> QuerySet[ScoreSheet]:
    """The rows of the cycle that this one follows."""
    return participants(cycle.follows) if cycle.follows else ScoreSheet.objects.none()
