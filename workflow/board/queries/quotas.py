"""How often each grade is given on a board, and how often it may be (R12)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from workflow.board.models import Board, BoardLine


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
