"""Ranks totals: within a group, the highest first, ties share a rank (1, 1, 3)."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal


def rank_totals(totals: Sequence[tuple[str, Decimal | None]]) -> list[int | None]:
    """Return the rank of each (group, rounded total) in the order given; without a total there is none (R16)."""
    groups: dict[str, list[Decimal]] = defaultdict(list)
    for group, total in totals:
        if total is not None:
            groups[group].append(total)
    first: dict[tuple[str, Decimal], int] = {}
    for group, values in groups.items():
        for place, value in enumerate(sorted(values, reverse=True), start=1):
            first.setdefault((group, value), place)
    return [None if total is None else first[group, total] for group, total in totals]
