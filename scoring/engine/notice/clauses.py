"""Reads clauses: which stretch of a row's text each mark prices, through brackets inside brackets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.notice.fold import COUNT, number_of
from scoring.engine.notice.marks import BAD, LIMIT, POINTS, RATE, TOTAL, Mark, find_marks, only_filler

Span = tuple[int, int]
HAPPENINGS = "(?:场次|项目|课题|活动|次|项|个|篇|场|期|件|条|份|例|本|起)"
PEOPLE = "(?:人次|人|名|位|家|户)"
# `25人以上的企业`, `25人以上企业` say which are meant.
WHICH = "(?!的|[^,;。、()\\s]{0,6}(?:企业|单位|公司|机构|组织|学校|医院|园区|部门|村|社区))"
# `3起以上不得分`, `5次以上的扣10分` say what is lost, and demand nothing.
AMISS = "(?!的?[^\\d,;。()]{0,8}(?:不[得计记]分|[扣减]|否决|不合格))"
TOTAL_AFTER = re.compile(r"[\s,;、。]*(?:其中|:|\(1\)|\(一\)|①)")
LEADING_WORDS = r"^(?:其中|包括)[：:，,]?"
DEEPEST = 12
TRIM = " \t\n\u3000,，;；、。.：:"


@dataclass
class Priced:
    """A stretch of text and the marks that price it; a total has its pieces inside."""

    text: Span
    marks: list[Mark]
    end: int
    pieces: list["Priced"] = field(default_factory=list)

    def leaves(self) -> Iterator["Priced"]:
        """Yield the pieces that are priced themselves, in order."""
        if not self.pieces:
            yield self
        for piece in self.pieces:
            yield from piece.leaves()


def read_clauses(text: str) -> list[Priced]:
    """Read a folded text into priced stretches: a mark prices everything back to the mark before it."""
    return _level(text, 0, len(text), find_marks(text), DEEPEST)


def closing(text: str, opening: int, high: int) -> int:
    """Return where the bracket that opens at `opening` closes, or `high` when it never does."""
    depth = 0
    for index in range(opening, high):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth == 0:
            return index
    return high


def _level(text: str, low: int, high: int, marks: list[Mark], depth: int) -> list[Priced]:
    """Read one level of brackets: runs of marks price what stands before them."""
    if depth == 0:
        return [Priced((low, low), [Mark(low, high, BAD)], high)]
    if not marks:
        return []
    pieces: list[Priced] = []
    start = at = low
    while at < high:
        step = _bracket(text, at, high, marks, depth) if text[at] == "(" else _run(text, at, high, marks)
        if step is None:
            at = min(closing(text, at, high) + 1, high) if text[at] == "(" else _stop(text, at, high, marks)
            continue
        at = step.end
        if not (pieces and _joins(text[start : step.text[1]], pieces[-1], step)):
            pieces.append(Priced((start, step.text[1]), step.marks, step.end, step.pieces))
        start = at
    return _gather(text, pieces)


def _stop(text: str, at: int, high: int, marks: list[Mark]) -> int:
    """Return where the next bracket or mark begins."""
    bracket = text.find("(", at + 1, high)
    return min(high, *(mark.start for mark in marks if at < mark.start), *([bracket] if bracket > 0 else []), high)


def _joins(between: str, last: Priced, step: Priced) -> bool:
    """Marks with nothing between price the same stretch, and a bracket right after a mark holds its pieces."""
    own = bool(step.pieces and (step.marks or last.pieces or between.strip()))
    two_rates = any(mark.kind == RATE for mark in last.marks) and any(mark.kind == RATE for mark in step.marks)
    if own or two_rates or _signed(last, step) or not only_filler(between):
        return False
    last.marks = last.marks + step.marks
    last.pieces = last.pieces + step.pieces
    last.end = step.end
    return True


def _signed(first: Priced, second: Priced) -> bool:
    """Say whether each of two pieces adds or deducts by itself: `加2分，每多1场再加0.2分`."""
    return all(any(mark.sign for mark in piece.marks) for piece in (first, second))


def _run(text: str, at: int, high: int, marks: list[Mark]) -> Priced | None:
    """Return the mark that begins here, if one does."""
    mark = next((mark for mark in marks if mark.start == at and mark.end <= high), None)
    return Priced((at, at), [mark], mark.end) if mark else None


def _bracket(text: str, at: int, high: int, marks: list[Mark], depth: int) -> Priced | None:
    """Return a bracket with marks: bare marks price what stands before it, others price what they follow inside."""
    close = closing(text, at, high)
    inside = [mark for mark in marks if at < mark.start and mark.end <= close]
    if not inside:
        return None
    inner = _level(text, at + 1, close, inside, depth - 1)
    end = min(close + 1, high)
    first = inner[0]
    bare = only_filler(text[first.text[0] : first.text[1]])
    if bare and len(inner) == 1 and not first.pieces:
        return Priced((at, at), first.marks, end)
    if bare:
        return Priced((at, at), first.marks, end, first.pieces + inner[1:])
    return Priced((at, at), [], end, inner)


def _gather(text: str, pieces: list[Priced]) -> list[Priced]:
    """Put the pieces that follow `其中`, a colon or `（1）` into the total before it, until they reach it."""
    gathered: list[Priced] = []
    for piece in pieces:
        last = gathered[-1] if gathered else None
        if (
            last
            and _is_total(text, last)
            and not _signed(last, piece)
            and _worth(last.pieces) < (points_of(last.marks) or 0)
        ):
            last.pieces.append(piece)
        else:
            gathered.append(piece)
    return gathered


def _is_total(text: str, piece: Priced) -> bool:
    return bool(piece.marks) and TOTAL_AFTER.match(text, piece.end) is not None


def _worth(pieces: list[Priced]) -> Decimal:
    return sum((stated_points(piece) or Decimal(0) for piece in pieces), Decimal(0))


def stated_points(piece: Priced) -> Decimal | None:
    """Return the points of a piece: what its own marks state, else what its pieces come to."""
    return points_of(piece.marks) if piece.marks else _worth(piece.pieces)


def stretch(piece: Priced, printed: str) -> str:
    """Return the printed text that a piece prices, without the punctuation around it."""
    text = re.sub(LEADING_WORDS, "", printed[slice(*piece.text)].strip(TRIM), count=1).strip(TRIM)
    return text or printed[piece.text[1] : piece.end].strip(TRIM)


def at_least(text: str) -> int | None:
    """Return the count that a folded text demands (`3次以上`, `不少于两场`), happenings before people (R5)."""
    for measure, no_condition in ((HAPPENINGS, ""), (PEOPLE, WHICH)):
        for pattern, more in (
            (rf"({COUNT})\s*{measure}\s*(?:\(含\))?\s*(?:及|或|\(含\))?\s*以上{no_condition}{AMISS}", 0),
            (rf"(?:不少于|不低于|至少|达到?|不得少于)[^\d,;。()]{{0,6}}?({COUNT})\s*{measure}", 0),
            (rf"(?<![不每])(?<!不得)超过\s*({COUNT})\s*{measure}", 1),
        ):
            demand = re.search(pattern, text)
            if demand:
                return number_of(demand.group(1)) + more
    return None


def points_of(marks: list[Mark]) -> Decimal | None:
    """Return the points that a run of marks gives, None when it gives none or more than one."""
    values = {mark.value for mark in marks if mark.kind in (POINTS, TOTAL, LIMIT)}
    return values.pop() if len(values) == 1 else None
