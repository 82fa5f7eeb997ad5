"""The geometry of the small pictures that pages draw as SVG on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

GAP = Decimal("0.4")  # between the parts of a stacked bar, in hundredths of its width
SLOT, WIDE, LEFT = 86, 70, 20  # a bar of the histogram: pitch, width, first edge
FLOOR, HIGH = 110, 96  # its base line, the tallest


@dataclass(frozen=True)
class Piece:
    """One part of a stacked bar: place and width in hundredths of the bar, shade 1 to 5."""

    label: str
    value: object
    x: Decimal
    width: Decimal
    shade: int


@dataclass(frozen=True)
class Column:
    """One bar of a histogram in the units of its view box."""

    label: str
    count: int
    x: int
    y: int
    height: int
    middle: int
    above: int


def hundredths(value: object, full: object) -> Decimal:
    """The share of `value` in `full`, from 0 to 100; nothing of nothing is 0."""
    whole = Decimal(str(full))
    if value is None or whole <= 0:
        return Decimal(0)
    share = Decimal(str(value)) * 100 / whole
    return round(min(max(share, Decimal(0)), Decimal(100)), 2)  # as fine as a picture needs


def stack(parts: Sequence[Sequence[object]], full: object) -> list[Piece]:
    """Places the parts `(label, value)` of a bar one after the other; an empty part is left out."""
    pieces: list[Piece] = []
    x = Decimal(0)
    for place, (label, value) in enumerate(parts):
        width = min(hundredths(value, full), 100 - x)
        if width > 0:
            pieces.append(Piece(str(label), value, x, max(width - GAP, GAP), place % 5 + 1))
            x += width
    return pieces


def columns(buckets: Sequence[Sequence[object]]) -> list[Column]:
    """Places the bars of a histogram from `(label, count)`; the highest takes the full height, any count is seen."""
    counts = [int(str(count)) for _, count in buckets]
    highest = max(counts, default=0) or 1
    placed = []
    for place, (label, _) in enumerate(buckets):
        count, x = counts[place], LEFT + SLOT * place
        height = max(round(HIGH * count / highest), 2) if count else 0
        placed.append(Column(str(label), count, x, FLOOR - height, height, x + WIDE // 2, FLOOR - height - 6))
    return placed


def span(count: int) -> int:
    """The width of a histogram's view box for so many bars."""
    return 2 * LEFT + SLOT * count - (SLOT - WIDE)


# ---- a strip of dots ----

ACROSS, EDGE = 760, 28  # the width of its view box, and the room at each end
RADIUS = 6
GROUND = 96  # its base line
TENS = 10


@dataclass(frozen=True)
class Dot:
    """One value on a strip, in the units of its view box."""

    label: str
    value: Decimal
    x: int
    y: int


@dataclass(frozen=True)
class Tick:
    """A mark of the scale."""

    value: int
    x: int


@dataclass(frozen=True)
class Strip:
    """Values as dots over a scale from tens to tens; those that would cover each other stand one above the other."""

    dots: list[Dot]
    ticks: list[Tick]
    width: int = ACROSS
    left: int = EDGE
    right: int = ACROSS - EDGE
    floor: int = GROUND
    notch: int = GROUND + 6
    below: int = GROUND + 26
    radius: int = RADIUS

    @property
    def top(self) -> int:
        """Where the view box begins: above the highest dot."""
        return min((dot.y for dot in self.dots), default=GROUND) - 2 * RADIUS

    @property
    def height(self) -> int:
        """From there to below the numbers of the scale."""
        return self.below + 8 - self.top


def strip(values: Sequence[Sequence[object]], highest: int = 100) -> Strip:
    """Places `(label, value)` on a scale that ends at `highest` and begins at the ten below the lowest of them."""
    given = sorted(((Decimal(str(value)), str(label)) for label, value in values), key=lambda pair: pair[0])
    lowest = min([int(value) // TENS * TENS for value, _label in given] + [highest - TENS])
    reach = ACROSS - 2 * EDGE

    def across(value: Decimal | int) -> int:
        return EDGE + round(reach * (value - lowest) / (highest - lowest))

    dots: list[Dot] = []
    for value, label in given:
        x = across(value)
        beside = [dot.y for dot in dots if x - dot.x < 2 * RADIUS]
        dots.append(Dot(label, value, x, min(beside, default=GROUND + RADIUS - 2) - 2 * RADIUS))
    return Strip(dots, [Tick(value, across(value)) for value in range(lowest, highest + 1, TENS)])
