"""What results are computed from, read for many sheets at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from common.rows import Prepared, ask
from scoring.engine.units import Incident as CountedIncident
from scoring.models import Incident, Rating, RatingKind, ScoreSheet, SheetLine


class CountedLine(NamedTuple):
    """A line as far as a result is computed from it: points of a part, or how many times a rule applies."""

    code: str
    kind: str
    claimed: Decimal | None
    reviewed: Decimal | None
    basis: dict[str, object]
    reviewed_basis: dict[str, object] | None

    @property
    def counted_basis(self) -> dict[str, object]:
        """What the points reviewed come from: as the department found, else as the unit says."""
        return self.basis if self.reviewed_basis is None else self.reviewed_basis


@dataclass
class Counted:
    """What a sheet's result is computed from: its lines in their order, ratings, incidents and vetoes in force."""

    lines: list[CountedLine] = field(default_factory=list)
    ratings: dict[str, list[Decimal]] = field(default_factory=lambda: {kind: [] for kind in RatingKind.values})
    incidents: list[CountedIncident] = field(default_factory=list)
    vetoes: list[str] = field(default_factory=list)


def enough_rated(sheets: Collection[ScoreSheet]) -> set[tuple[int, str]]:
    """Which components of which sheets (by key and code) have as many ratings as their scheme asks for, at least one.

    One statement for all of them.
    """
    ratings = Rating.objects.filter(sheet__in=sheets).order_by()
    given = ratings.values_list("sheet", "component").annotate(many=Count("pk"))
    counts = {(sheet, component): many for sheet, component, many in given}
    return {
        (sheet.pk, component.code)
        for sheet in sheets
        for component in sheet.rules.components
        if counts.get((sheet.pk, component.code), 0) >= component.needed
    }


@Prepared
def _lines(sheets: tuple[int, ...]) -> QuerySet[SheetLine, Any]:
    lines = SheetLine.objects.filter(sheet__in=sheets).order_by("sheet_id", "position")
    return lines.values_list("sheet", *CountedLine._fields)


@Prepared
def _ratings(sheets: tuple[int, ...]) -> QuerySet[Rating, Any]:
    return Rating.objects.filter(sheet__in=sheets).order_by("value").values_list("sheet", "component", "value")


@Prepared
def _incidents(sheets: tuple[int, ...]) -> QuerySet[Incident, Any]:
    in_force = Incident.objects.filter(sheet__in=sheets, withdrawn_at=None).order_by("pk")
    return in_force.values_list("sheet", "bars", "not_assessed", "veto")


def counted_of(sheets: Collection[ScoreSheet]) -> dict[int, Counted]:
    """Sheet's key → what its result is computed from, read together: one trip for all of them.

    Rows that are not taken for models cost a fifth of those that are: results are confirmed by the thousand.
    """
    counted = {sheet.pk: Counted() for sheet in sheets}
    keys = tuple(counted)
    lines, ratings, incidents = ask(_lines(keys), _ratings(keys), _incidents(keys)) if keys else ([], [], [])
    for key, *values in lines:
        counted[key].lines.append(CountedLine(*values))
    for key, component, value in ratings:
        counted[key].ratings[component].append(value)
    for key, bars, not_assessed, veto in incidents:
        if veto:
            counted[key].vetoes.append(veto)
        else:
            counted[key].incidents.append(CountedIncident(bars=tuple(bars), not_assessed=not_assessed))
    return counted
