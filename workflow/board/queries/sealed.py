"""The list of a board in its canonical shape, and the fingerprint that a signature is bound to."""

from collections.abc import Sequence
from typing import Any

from scoring.engine.scheme import scheme_sha256
from scoring.models import ScoreSheet
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import beside_board, lines_of_board


def digest_of(
    board: Board, *, lines: Sequence[BoardLine] | None = None, beside: Sequence[ScoreSheet] | None = None
) -> str:
    """The fingerprint of the list as it stands: what a signature is bound to (lower-case hex SHA-256)."""
    return scheme_sha256(sealed_list(board, lines=lines, beside=beside))


def sealed_list(
    board: Board, *, lines: Sequence[BoardLine] | None = None, beside: Sequence[ScoreSheet] | None = None
) -> dict[str, Any]:
    """The list in its canonical shape: of the lines by rank and the sheets beside, read now unless they were before."""
    lines = list(lines_of_board(board)) if lines is None else lines
    beside = list(beside_board(board.track)) if beside is None else beside
    return {
        "cycle": board.track.cycle.slug if board.track.cycle.word else board.track.cycle.year,
        "track": board.track.code,
        "version": board.version,
        **board.track.cycle.scheme.as_sealed,
        "lines": [
            {
                "unit": line.sheet.unit.code,
                "name": line.sheet.unit_name,
                "rank": line.rank,
                "total": str(line.total),
                "components": line.components,
                "barred": line.barred,
                "grade": line.grade,
            }
            for line in lines
        ],
        "beside": [
            {"unit": sheet.unit.code, "name": sheet.unit_name, "state": sheet.assessment.step} for sheet in beside
        ],
    }
