"""Groups of rows that state what their rows come to: `组织建设（40分）` over 15 and 25."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.notice.clauses import read_clauses, stated_points
from scoring.engine.notice.fold import fold, joined, squeeze
from scoring.engine.notice.marks import only_points
from scoring.engine.notice.rows import Line

NUMERAL = "[一二三四五六七八九十]+"
CHINESE_NUMBER = re.compile(rf"\s*(?:{NUMERAL}\s*[、.]|\({NUMERAL}\)|第{NUMERAL}部分)")


@dataclass(frozen=True)
class Group:
    """A group that begins at the indicator `code` and states its `total` points."""

    code: str
    name: str
    total: Decimal


def grouped(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the rows with the total of the group that begins there; a row that only heads others is joined to them."""
    rows = list(lines)
    head: Line | None = None
    for index, line in enumerate(rows):
        if line.kind == "row" and _heads(line, rows[index + 1 :]):
            head = line
            continue
        yield _headed(head, line) if head and line.kind == "row" else _totalled(line)
        if line.kind == "row":
            head = None


def _totalled(line: Line) -> Line:
    return replace(line, total=only_points(fold(line.group))) if line.group else line


def _headed(head: Line, line: Line) -> Line:
    """Join the row that heads a group to the group's first row."""
    return replace(line, group=joined(head.text, line.group), total=_worth(head)).beside(head)


def _worth(line: Line) -> Decimal | None:
    """What a row states: its column's points, else those of its words."""
    if line.points is not None:
        return line.points
    pieces = read_clauses(fold(line.priced))
    if any(mark.sign for piece in pieces for leaf in piece.leaves() for mark in leaf.marks):
        return None
    return sum((stated_points(piece) or Decimal(0) for piece in pieces), Decimal(0)) if pieces else None


def _heads(line: Line, below: list[Line]) -> bool:
    """Say whether a row heads those below it: it is numbered above them, and they come to just what it states."""
    stated = line.points if line.points is not None else only_points(fold(line.item))
    if stated is None or not _leads(line):
        return False
    come_to = Decimal(0)
    for other in below:
        if other.kind != "row" or _leads(other):
            break
        come_to += _worth(other) or Decimal(0)
        if come_to >= stated:
            break
    return come_to == stated and squeeze(line.item) != ""


def _leads(line: Line) -> bool:
    """Say whether a row's number is of the upper kind: `一`, `（一）`, `第一部分`."""
    return line.leads or (line.serial is None and bool(CHINESE_NUMBER.match(fold(line.item))))
