"""The totals of a board at a glance: how they are distributed, and the one in the middle."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from scoring.engine.numbers import points

BUCKETS = 9
WIDTHS = (1, 2, 5, 10, 20, 50)


def distribution(totals: Sequence[Decimal]) -> list[tuple[str, int]]:
    """How many totals lie in each of at most nine equal ranges, from the lowest to the highest."""
    if not totals:
        return []
    low, high = int(min(totals)), int(max(totals))
    width = next((width for width in WIDTHS if high // width - low // width < BUCKETS), 100)
    counted = Counter(int(total) // width for total in totals)
    return [
        (f"{place * width}–{place * width + width}", counted[place]) for place in range(low // width, high // width + 1)
    ]


def middle_of(totals: Sequence[Decimal]) -> Decimal | None:
    """The median of the totals, as points (R16); None without any."""
    return points(median(totals)) if totals else None
