"""The rows of the indicator library, found by their words, and as lists show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, Indicator, TrackRules
from scoring.models import LibraryItem
from scoring.wording import say_kinds, say_points, say_rule


@dataclass(frozen=True)
class ItemShown:
    """A row of the library: its points, or the most that it counts, and what lies inside it in words."""

    item: LibraryItem
    points: Decimal | None
    pieces: list[str]


@dataclass(frozen=True)
class RowShown:
    """A row of a scheme that can be put into the library: its place as addresses have it, and its track's name."""

    place: str
    track: str
    row: Indicator | Adjustment
    points: Decimal | None
    pieces: list[str]


def items_like(words: str = "", *, kind: str = "", retired: bool = False) -> QuerySet[LibraryItem]:
    """Rows that hold every one of these words, of a kind (empty for all), offered or retired; the newest first."""
    items = LibraryItem.objects.filter(retired_at__isnull=not retired)
    if kind:
        items = items.filter(kind=kind)
    for word in words.split():
        items = items.filter(words__icontains=word)
    return items


def shown(item: LibraryItem) -> ItemShown:
    """A row of the library as lists show it."""
    return ItemShown(item, *_said(item.rules))


def _said(row: Indicator | Adjustment) -> tuple[Decimal | None, list[str]]:
    if isinstance(row, Adjustment):
        return row.cap, [f"{rule.text} · {say_rule(rule)}" for rule in row.rules]
    pieces = []
    for part in row.parts:
        asked = [f"≥ {part.at_least}"] if part.at_least else []
        rate = [f"{say_points(part.rate)}/{part.per or ''}"] if part.rate is not None else []
        pieces.append(" · ".join([part.text, say_points(part.points), *rate, *asked]))
        pieces += say_kinds(part)
    return row.points, pieces


def rows_of(scheme: SchemeRules) -> list[RowShown]:
    """Every indicator, bonus and deduction item of a scheme, in its order."""
    return [
        RowShown(f"tracks/{number}/{name}/{order}", track.name, row, *_said(row))
        for number, track in enumerate(scheme.tracks)
        for name, order, row in _numbered(track)
    ]


def _numbered(track: TrackRules) -> Iterator[tuple[str, int, Indicator | Adjustment]]:
    for order, indicator in enumerate(track.indicators):
        yield "indicators", order, indicator
    for order, item in enumerate(track.adjustments):
        yield "adjustments", order, item
