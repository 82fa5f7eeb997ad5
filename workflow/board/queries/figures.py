"""A board in figures: its totals at a glance, how often each grade is given, and how often it may be (R12)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from scoring.engine.numbers import points
from workflow.board.models import Board, BoardLine

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


@dataclass(frozen=True)
class GradeCount:
    """How often a grade is given, and how often it may be."""

    grade: str
    given: int
    quota: int | None


def quotas_of(board: Board) -> dict[str, int]:
    """Grade → greatest number of units in this track (R12): the track's own numbers, else those for every track."""
    quotas: dict[str, Any] = board.track.cycle.quotas
    own: dict[str, int] = quotas.get(board.track.code) or {k: v for k, v in quotas.items() if isinstance(v, int)}
    return own


def grade_counts(board: Board, lines: Iterable[BoardLine]) -> list[GradeCount]:
    """How often each grade of the cycle is given on the board, in the scheme's order."""
    given, quotas = Counter(line.grade for line in lines), quotas_of(board)
    return [GradeCount(grade, given[grade], quotas.get(grade)) for grade in board.track.cycle.scheme.rules.grades]


def over_quota(board: Board, lines: Sequence[BoardLine]) -> dict[str, str]:
    """Grade → what is wrong, for each grade that these lines have more often than its quota lets (R12)."""
    words = _("%(grade)s was given %(given)d times, the quota is %(most)d.")
    return {
        count.grade: words % {"grade": count.grade, "given": count.given, "most": count.quota}
        for count in grade_counts(board, lines)
        if count.quota is not None and count.given > count.quota
    }
