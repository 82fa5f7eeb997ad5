"""The rows of a board's page: each unit with its parts as weighted points and the grades that it can be given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from scoring.engine.numbers import points
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import grade_for
from scoring.engine.track import TrackRules
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import lines_of_board, waiting_for_approval

GRADE = "grade-"  # with a line's key behind it, the name of its choice of a grade


@dataclass(frozen=True)
class Choice:
    """A grade that can be given in a row, or can't."""

    grade: str
    barred: bool
    selected: bool


@dataclass(frozen=True)
class Proposed:
    """The grade that a unit's total makes by the scheme; `barred` is the one that it would have made but can't be."""

    grade: str
    barred: str = ""


@dataclass(frozen=True)
class BoardRow:
    """A unit on the board: its line, its parts as weighted points, the grades to choose from, or why one may not.

    It `waits` for approval, or was approved before: then its grade is `fixed`, once it has one.
    """

    line: BoardLine
    marks: tuple[tuple[str, str | None], ...]
    parts: tuple[tuple[str, Decimal], ...]
    choices: tuple[Choice, ...]
    waits: bool
    why_not: str
    proposed: Proposed | None = None

    @property
    def field(self) -> str:
        """The name of the row's choice of a grade."""
        return f"{GRADE}{self.line.pk}"

    @property
    def fixed(self) -> bool:
        """Whether the grade stands, since the unit was approved before."""
        return bool(self.line.grade) and not self.waits


def component_labels(rules: TrackRules) -> list[tuple[str, str, str]]:
    """The components of a track with more than one: code, name and weight in percent."""
    names = {"work": _("Work"), "recipients": _("Recipients"), "leaders": _("Leaders")}
    return [
        (component.code, names.get(component.code, component.code), format(component.weight, "f"))
        for component in rules.components
    ]


def rows_of(board: Board, *, why_not: Callable[[BoardLine], str] = lambda _line: "") -> list[BoardRow]:
    """The rows of a board, with the words against grading a line, if there are any (two queries)."""
    waiting = waiting_for_approval(board.track)
    return [_row(board, line, waits=line.sheet_id in waiting, why_not=why_not(line)) for line in lines_of_board(board)]


def _row(board: Board, line: BoardLine, *, waits: bool, why_not: str) -> BoardRow:
    rules = board.track.rules
    labels = component_labels(rules)
    marks = tuple((f"{name} {weight}%", line.components.get(code)) for code, name, weight in labels)
    parts = tuple(
        (name, points(component.weighed(Decimal(mark))))
        for component, (_code, name, _weight) in zip(rules.components, labels, strict=True)
        if (mark := line.components.get(component.code)) is not None
    )
    scheme = board.track.cycle.scheme.rules
    return BoardRow(line, marks, parts, _choices(line, scheme.grades), waits, why_not, proposed_for(scheme, line))


def proposed_for(scheme: SchemeRules, line: BoardLine) -> Proposed | None:
    """The grade that a line's total makes by the scheme's bands; None where they make none (R12: others decide)."""
    if line.total is None:
        return None
    made, open_to = (grade_for(scheme.grade_bands, line.total, barred) for barred in ((), line.barred))
    return Proposed(open_to or "", made if made != open_to else "") if made else None


def _choices(line: BoardLine, grades: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(grade, barred=grade in line.barred, selected=grade == line.grade) for grade in grades)
