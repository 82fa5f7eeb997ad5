"""Groups of rows that state what their rows come to: `组织建设（40分）` over 15 and 25."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, takewhile

from scoring.engine.notice.clauses import read_clauses, stated_points
from scoring.engine.notice.fold import fold, joined, squeeze
from scoring.engine.notice.levels import band
from scoring.engine.notice.limits import HEADER, VETO_HEADER
from scoring.engine.notice.losing import only_deducts
from scoring.engine.notice.marks import only_points
from scoring.engine.notice.rows import Line, Total, has_marks

BASIS = re.compile("(?:基础|基本|基准|起始|初始|满|总)分")
PIECES = re.compile(r"\s*其中")
# Rows that head others lie outside every column.
ABOVE_ALL = -10


@dataclass(frozen=True)
class Group:
    """A group that begins at the indicator `code`, holds so many `rows` and states its `total` points."""

    code: str
    name: str
    total: Decimal
    rows: int


def grouped(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the rows with the totals of the groups that begin there; a row that only heads others is joined to them."""
    rows = _merged_points(list(_demands(list(_laddered(list(lines))))))
    wide = _wide_heads(rows)
    heads: list[Line] = []
    kept: list[Line] = []
    pieces = False
    for index, line in enumerate(rows):
        if index in wide or (line.kind == "row" and _heads(line, rows[index + 1 :])):
            heads.append(line)
        elif line.kind == "row":
            pieces = bool(heads and PIECES.match(line.item)) or (pieces and line.number.number is None)
            kept.append(replace(_headed(heads, line), counted=line.counted and (bool(heads) or not pieces)))
            heads = []
        else:
            kept.append(line)
    kept += heads
    kept = list(_sections(kept))
    repeated: dict[int, str] = {}
    for index, line in enumerate(kept):
        totals = tuple(total for total in line.totals if repeated.get(total.depth) != total.name)
        repeated |= {total.depth: total.name for total in line.totals}
        yield replace(line, totals=tuple(replace(total, rows=_held(total, kept[index + 1 :])) for total in totals))


def _wide_heads(rows: Sequence[Line]) -> frozenset[int]:
    """The rows with words over all columns that head those below: each comes to just what these state."""
    wide = [index for index, line in enumerate(rows) if line.wide]
    for index, end in pairwise([*wide, len(rows)]):
        below = [_worth(line) or Decimal(0) for line in rows[index + 1 : end] if line.kind == "row"]
        if not below or sum(below) != rows[index].points:
            return frozenset()
    return frozenset(wide)


def _sections(lines: Sequence[Line]) -> Iterator[Line]:
    """Join a group that states its points, over rows that only deduct, into one row of these points."""
    begun: tuple[Total, ...] = ()
    index = 0
    while index < len(lines):
        line, held = lines[index], 1
        if line.totals and line.totals[-1] not in begun:
            end = index + _held(line.totals[-1], lines[index + 1 :])
            if all(map(loses, lines[index:end])):
                held = end - index
                line = replace(line, points=line.totals[-1].points, losing=tuple(lines[index:end]))
        begun = line.totals
        yield line
        index += held


def loses(line: Line) -> bool:
    """Say whether a row has no points of its own, and its words only deduct."""
    return line.kind == "row" and line.points is None and not line.pointed and only_deducts(fold(line.priced))


def _held(total: Total, below: Sequence[Line]) -> int:
    """How many rows a group holds: all up to the next that begins at its column or further left."""
    rows = (line for line in below if line.kind == "row")
    return 1 + sum(1 for _line in takewhile(lambda line: _within(line, total), rows))


def _within(line: Line, total: Total) -> bool:
    if line.heading or _signs(line):
        return False
    depth = line.number.depth
    if total.depth < 0 and depth is not None and ABOVE_ALL + depth <= total.depth:
        return False
    outer = min((other.depth for other in line.totals), default=line.opens)
    same = any(other.depth == total.depth and other.name == total.name for other in line.totals)
    return same or min(outer, line.opens if total.depth >= 0 else outer) > total.depth


def _demands(rows: Sequence[Line]) -> Iterator[Line]:
    """Join rows that state no points to the first of their group, whose points are all that is printed for them."""
    index = 0
    while index < len(rows):
        line = rows[index]
        below = 0
        while index + below + 1 < len(rows) and _goes_on_about(line, rows[index + below + 1]):
            below += 1
        stated = only_points(fold(line.group or line.item)) if below and _states_nothing(line) else None
        if stated is None or (line.group and has_marks(line.item)):
            below = 0
        else:
            items = (other.item for other in rows[index + 1 : index + below + 1])
            line = replace(line, item=joined(line.item, *items), points=stated)
        yield line
        index += below + 1


def _goes_on_about(line: Line, other: Line) -> bool:
    """Say whether a row states nothing itself and stands right of the name of the group that begins above."""
    return _states_nothing(other) and other.opens > line.opens and not (other.group or has_marks(other.item))


def _states_nothing(line: Line) -> bool:
    """Say whether no column states anything for a row."""
    return (
        line.kind == "row" and line.points is None and not (line.pointed or line.rules or line.heading or line.totals)
    )


def _laddered(rows: Sequence[Line]) -> Iterator[Line]:
    """Join rows that name a step of one ladder each (`4000平方米以上`, `3000平方米以上`) to one row with levels."""
    index = 0
    while index < len(rows):
        first, steps = rows[index], [rows[index]]
        for line in rows[index + 1 :]:
            below = (
                line.kind == "row" and not (line.group or line.serial or line.rules) and _steps_down(steps[-1], line)
            )
            if not below or line.opens <= first.opens:
                break
            steps.append(line)
        index += len(steps)
        if len(steps) == 1:
            yield first
            continue
        levels = tuple((_last_line(step), step.points or Decimal(0)) for step in steps)
        yield replace(first, item=joined(*(step.item for step in steps)), levels=levels)


def _steps_down(above: Line, line: Line) -> bool:
    """Say whether two rows name numbers of the same measure, the lower one with fewer points."""
    if above.points is None or line.points is None or line.points >= above.points:
        return False
    texts = [fold(_last_line(above)), fold(_last_line(line))]
    alike = len({re.sub(r"\d+(?:\.\d+)?", "#", text) for text in texts}) == 1
    return alike and all(band(text) is not None for text in texts)


def _last_line(line: Line) -> str:
    return line.item.rpartition("\n")[2]


def _merged_points(rows: list[Line]) -> list[Line]:
    """Take points that are merged over rows with points in their own words for those of a group."""
    read = list(rows)
    for index, line in enumerate(rows):
        stated = only_points(fold(line.item)) if line.points is not None else None
        below = takewhile(
            lambda other: other.kind == "row" and other.shares and has_marks(other.item), rows[index + 1 :]
        )
        come_to = sum((only_points(fold(other.item)) or Decimal(0) for other in below), Decimal(0))
        if stated is not None and line.points is not None and come_to and stated < line.points:
            total = Total(squeeze(line.group or line.item), line.points, line.opens)
            read[index] = replace(line, points=None, totals=(*line.totals, total))
    return read


def _headed(heads: list[Line], line: Line) -> Line:
    """Join the rows that head a group to the group's first row."""
    for head in reversed(heads):
        line = replace(line, group=joined(head.text, line.group)).beside(head)
    totals = [
        Total(squeeze(head.item), worth, ABOVE_ALL + _depth(head))
        for head in heads
        if (worth := _worth(head)) is not None
    ]
    serial = heads[-1].serial if heads and PIECES.match(line.item) else line.serial
    return replace(line, totals=(*totals, *line.totals), opens=ABOVE_ALL if heads else line.opens, serial=serial)


def _depth(line: Line) -> int:
    return line.number.depth or 0


def _worth(line: Line) -> Decimal | None:
    """What a row states: its column's points, else those of its words."""
    if line.points is not None:
        return line.points
    pieces = read_clauses(fold(line.priced))
    if any(mark.sign for piece in pieces for leaf in piece.leaves() for mark in leaf.marks):
        return None
    return sum((stated_points(piece) or Decimal(0) for piece in pieces), Decimal(0)) if pieces else None


def _signs(line: Line) -> bool:
    """Say whether a row heads what adds, deducts or vetoes."""
    bare = squeeze(fold(line.item)[line.number.begin :])
    return bool(HEADER.match(bare) or VETO_HEADER.match(bare))


def _heads(line: Line, below: Sequence[Line]) -> bool:
    """Say whether a row heads those below it: it is numbered above them, or stands alone in a row over all columns.

    Where it states points, either the row below is numbered deeper, or the rows come to just what it states.
    """
    depth = line.number.depth
    if squeeze(line.item) == "" or line.heading or _signs(line) or line.rules or not below:
        return False
    bare = line.alone and line.points is None and not has_marks(line.item)
    if bare or (_is_basis(line) and loses(below[0])):
        return below[0].kind == "row" and _counts(below[0])
    stated = line.points if line.points is not None else only_points(fold(line.item))
    if depth is None or (stated is None and (has_marks(line.item) or line.pointed)):
        return False
    if below[0].kind == "row" and PIECES.match(below[0].item):
        return _counts(below[0])
    next_depth = below[0].number.depth if below[0].kind == "row" else None
    if next_depth is not None and next_depth > depth and (_counts(below[0]) or _heads(below[0], below[1:])):
        return True
    # A number that its group has stands over the rows below too.
    own = not line.totals or below[0].counted
    return own and stated is not None and depth < DIGITS and _come_to(stated, depth, below)


def _is_basis(line: Line) -> bool:
    """Say whether a row says from what the rows below deduct: `基础分100分，按以下情形扣分`."""
    return BASIS.search(line.item) is not None and only_points(fold(line.item)) is not None


def _counts(line: Line) -> bool:
    """Say whether a row states points, or what is deducted from those of its group."""
    return bool(_worth(line)) or loses(line)


DIGITS = 2


def _come_to(stated: Decimal, depth: int, below: Sequence[Line]) -> bool:
    """Say whether the rows below, up to the next that is numbered as high, come to just these points."""
    come_to = Decimal(0)
    for other in below:
        own = other.number.depth
        if other.kind != "row" or (own is not None and own <= depth):
            break
        come_to += _worth(other) or Decimal(0)
        if come_to >= stated:
            break
    return come_to == stated
