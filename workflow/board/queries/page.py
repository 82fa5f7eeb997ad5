"""What a board's page shows: rows with their parts, the distribution of totals, quotas, and what changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from scoring.engine.numbers import points
from scoring.engine.track import TrackRules
from scoring.wording import say_score
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import lines_of_board, version_before

BUCKETS = 9
WIDTHS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Choice:
    """A grade that can be given in a row, or can't."""

    grade: str
    barred: bool
    selected: bool


@dataclass(frozen=True)
class Row:
    """A unit on the board: its line, its parts as weighted points, the grades to choose from, or why not."""

    line: BoardLine
    marks: tuple[tuple[str, str | None], ...]
    parts: tuple[tuple[str, Decimal], ...]
    choices: tuple[Choice, ...]
    fixed: bool
    why_not: str = ""

    @property
    def field(self) -> str:
        """The name of the row's choice of a grade."""
        return f"grade-{self.line.pk}"


def rules_of_board(board: Board) -> TrackRules:
    """The rules of a board's track, as the engine reads them."""
    return next(track for track in board.track.cycle.scheme.rules.tracks if track.code == board.track.code)


def component_labels(rules: TrackRules) -> list[tuple[str, str, str]]:
    """The components of a track with more than one: code, name and weight in percent."""
    names = {"work": _("Work"), "recipients": _("Recipients"), "leaders": _("Leaders")}
    return [(one.code, names.get(one.code, one.code), format(one.weight, "f")) for one in rules.components]


def rows_of(board: Board) -> list[Row]:
    """The rows of a board (one query): a unit approved before keeps the grade that it has."""
    rules, grades = rules_of_board(board), board.track.cycle.scheme.rules.grades
    return [_row(line, rules, grades) for line in lines_of_board(board)]


def _row(line: BoardLine, rules: TrackRules, grades: Sequence[str]) -> Row:
    labels = component_labels(rules)
    marks = tuple((f"{name} {weight}%", line.components.get(code)) for code, name, weight in labels)
    parts = tuple(
        (name, points(component.weighed(Fraction(mark))))
        for component, (_code, name, _weight) in zip(rules.components, labels, strict=True)
        if (mark := line.components.get(component.code)) is not None
    )
    choices = tuple(Choice(grade, grade in line.barred, grade == line.grade) for grade in grades)
    fixed = not line.waits_for_approval and bool(line.grade)  # type: ignore[attr-defined]  # annotated
    return Row(line, marks, parts, choices, fixed)


def distribution(totals: Sequence[Decimal]) -> list[tuple[str, int]]:
    """How many totals lie in each of at most nine equal ranges, from the lowest to the highest."""
    if not totals:
        return []
    low, high = int(min(totals)), int(max(totals))
    width = next((one for one in WIDTHS if high // one - low // one < BUCKETS), 100)
    counted = Counter(int(total) // width for total in totals)
    return [
        (f"{place * width}–{place * width + width}", counted[place]) for place in range(low // width, high // width + 1)
    ]


def middle_of(totals: Sequence[Decimal]) -> Decimal | None:
    """The median of the totals, as points (R16); None without any."""
    return points(median(totals)) if totals else None


def quotas_of(board: Board) -> dict[str, int]:
    """Grade → greatest number of units in this track (R12): the track's own numbers, else those for every track."""
    quotas: dict[str, Any] = board.track.cycle.quotas
    own: dict[str, int] = quotas.get(board.track.code) or {k: v for k, v in quotas.items() if isinstance(v, int)}
    return own


@dataclass(frozen=True)
class GradeCount:
    """How often a grade is given, and how often it may be."""

    grade: str
    given: int
    quota: int | None


def grade_counts(board: Board, rows: Sequence[Row]) -> list[GradeCount]:
    """How often each grade of the cycle is given on the board."""
    given, quotas = Counter(row.line.grade for row in rows), quotas_of(board)
    return [GradeCount(grade, given[grade], quotas.get(grade)) for grade in board.track.cycle.scheme.rules.grades]


@dataclass(frozen=True)
class Change:
    """What is different in a unit's line since the version before, in words."""

    unit: str
    was: str
    now: str


def changes_since_before(board: Board) -> tuple[Board | None, list[Change]]:
    """The version before, if any, and every difference to it (three queries)."""
    before = version_before(board)
    if before is None:
        return None, []
    old = {line.sheet_id: line for line in before.lines.select_related("sheet")}
    new = {line.sheet_id: line for line in board.lines.select_related("sheet")}
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = _said(old.get(key)), _said(new.get(key))
        if was != now:
            found.append(Change((new.get(key) or old[key]).sheet.unit_name, was, now))
    return before, found


def _said(line: BoardLine | None) -> str:
    if line is None:
        return _("not on the list")
    said = _("rank %(rank)s, %(total)s points") % {"rank": line.rank or "—", "total": say_score(line.total)}
    return "，".join([said, *([line.grade] if line.grade else []), *line.bar_reasons])
