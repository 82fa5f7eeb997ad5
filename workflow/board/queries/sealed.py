"""The list of a board in its canonical shape, and the fingerprint that a signature is bound to."""

from typing import Any

from scoring.engine.scheme import scheme_sha256
from workflow.board.models import Board
from workflow.board.queries.boards import beside_board


def digest_of(board: Board) -> str:
    """The fingerprint of the list as it stands: what a signature is bound to (lower-case hex SHA-256)."""
    return scheme_sha256(sealed_list(board))


def sealed_list(board: Board) -> dict[str, Any]:
    """The list in its canonical shape."""
    return {
        "cycle": board.track.cycle.year,
        "track": board.track.code,
        "version": board.version,
        "scheme_sha256": board.track.cycle.scheme.sha256,
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
            for line in board.lines.select_related("sheet__unit")
        ],
        "beside": [
            {"unit": sheet.unit.code, "name": sheet.unit_name, "state": sheet.assessment.step}
            for sheet in beside_board(board.track).order_by("unit__code")
        ],
    }
