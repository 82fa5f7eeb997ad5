"""Ranks totals: within a group, the highest first, ties share a rank (1, 1, 3)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

Place = tuple[str, Decimal]


class Ranking:
    """Ranks of totals that come one after another; equal ones are kept once, so that a million take little room."""

    def __init__(self) -> None:
        self._came: list[Place | None] = []
        self._known: dict[Place, Place] = {}
        self._counted: Counter[Place] = Counter()

    def add(self, group: str, total: Decimal | None) -> None:
        """Take the rounded total of the next one in its group; without a total it gets no rank (R16)."""
        if total is None:
            self._came.append(None)
            return
        place = self._known.setdefault((group, total), (group, total))
        self._counted[place] += 1
        self._came.append(place)

    def ranks(self) -> Iterator[int | None]:
        """Yield the rank of each, in the order in which they came."""
        ranks: dict[Place | None, int] = {}
        ahead: Counter[str] = Counter()
        for place in sorted(self._counted, key=lambda place: place[1], reverse=True):
            ranks[place] = ahead[place[0]] + 1
            ahead[place[0]] += self._counted[place]
        return (ranks.get(place) for place in self._came)


def rank_totals(totals: Iterable[tuple[str, Decimal | None]]) -> list[int | None]:
    """Return the rank of each (group, rounded total) in the order given; without a total there is none (R16)."""
    ranking = Ranking()
    for group, total in totals:
        ranking.add(group, total)
    return list(ranking.ranks())
