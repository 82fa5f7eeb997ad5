"""What is different on a board since the version before."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.wording import say_score
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import version_before


@dataclass(frozen=True)
class LineChange:
    """What is different in a unit's line since the version before, in words."""

    unit: str
    was: str
    now: str


def changes_since_before(board: Board, lines: Iterable[BoardLine]) -> tuple[Board | None, list[LineChange]]:
    """The version before, if any, and every difference to it of these lines of the board (two queries)."""
    before = version_before(board)
    if before is None:
        return None, []
    old = {line.sheet_id: line for line in before.lines.select_related("sheet")}
    new = {line.sheet_id: line for line in lines}
    changes = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = _in_words(old.get(key)), _in_words(new.get(key))
        if was != now:
            changes.append(LineChange((new.get(key) or old[key]).sheet.unit_name, was, now))
    return before, changes


def _in_words(line: BoardLine | None) -> str:
    if line is None:
        return _("not on the list")
    rank = _("rank %(rank)s, %(total)s points") % {"rank": line.rank or "—", "total": say_score(line.total)}
    return "，".join([rank, *([line.grade] if line.grade else []), *line.bar_reasons])
