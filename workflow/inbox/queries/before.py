"""What a unit was in the cycle before, as the page of its assessment says it."""

from dataclasses import dataclass

from scoring.models import ScoreSheet, Step
from scoring.queries.succession import before_of
from workflow.board.models import BoardLine


@dataclass(frozen=True)
class YearBefore:
    """The units that this one goes on from, and its result then: only where one became one, and once it is circulated.

    `is_same` is not said of a unit that several became, or that was split off: nothing is set beside its result.
    """

    sheets: tuple[ScoreSheet, ...]
    is_same: bool
    line: BoardLine | None


def year_before(sheet: ScoreSheet) -> YearBefore | None:
    """Nothing for a unit that is new, or whose cycle follows none (four queries at most)."""
    before = before_of(sheet)
    if not before.sheets:
        return None
    lines = BoardLine.objects.filter(sheet__in=before.sheets, sheet__assessment__step=Step.CIRCULATED)
    signed = lines.filter(board__signed_at__isnull=False, board__superseded_at=None).order_by("-board__version")
    return YearBefore(tuple(before.sheets), before.is_same, signed.first() if before.is_same else None)
