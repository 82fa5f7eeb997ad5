"""Turns a row's marks into an indicator with parts, or into an adjustment's rules."""

from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.notice.clauses import Priced, at_least, points_of, read_clauses, stated_points, stretch
from scoring.engine.notice.fold import fold
from scoring.engine.notice.limits import EACH, kinds_of
from scoring.engine.notice.marks import BAD, LIMIT, POINTS, RATE, Mark
from scoring.engine.track import BONUS, DEDUCTION, Indicator, Part, Rule

SIGN_KINDS = {"+": BONUS, "-": DEDUCTION}


@dataclass
class PricedRow:
    """A row's indicator, and the marks in it that no rule took."""

    indicator: Indicator
    unread: list[str]


@dataclass
class RuledRow:
    """A row's rules by kind, the limit that it states for itself, and the marks that no rule took."""

    rules: dict[str, list[Rule]] = field(default_factory=dict)
    cap: Decimal | None = None
    unread: list[str] = field(default_factory=list)


def price_indicator(code: str, text: str, begin: int, own: Decimal | None) -> PricedRow:
    """Price a row of an annex: `begin` is where its text begins after the number, `own` the points of their column.

    A row with a mark that no rule takes can't be priced: it has no points and no parts.
    """
    printed = text[begin:]
    folded = fold(printed)
    pieces = [_completed(piece) for piece in read_clauses(folded)]
    leaves = [leaf for piece in pieces for leaf in piece.leaves()]
    if own is not None and len(leaves) == 1 and points_of(leaves[0].marks) is None:
        leaves[0].marks.append(Mark(leaves[0].end, leaves[0].end, POINTS, own))
    unread = [_printed(mark, printed) for piece in pieces for mark in _bad(piece)]
    if unread or not pieces:
        whole = [] if own is None else [Part(f"{code}.1", printed.strip(), own, at_least(folded))]
        return PricedRow(Indicator(code, text, own, parts=tuple(whole)), unread)
    parts = tuple(_part(f"{code}.{order}", leaf, printed) for order, leaf in enumerate(leaves, start=1))
    stated = sum((stated_points(piece) or Decimal(0) for piece in pieces), Decimal(0))
    return PricedRow(Indicator(code, text, stated if own is None else own, parts=parts), [])


def _completed(piece: Priced) -> Priced:
    """Join a total with its single rate: `（10分，举办一次2分/次）` is one part."""
    if piece.marks and len(piece.pieces) == 1 and points_of(piece.pieces[0].marks) is None:
        return Priced(piece.text, piece.marks + piece.pieces[0].marks, piece.end)
    return piece


def _bad(piece: Priced) -> list[Mark]:
    """Return the marks of a piece that no rule of an indicator takes."""
    if piece.pieces:
        own = [] if not piece.marks or _prices(piece.marks) else piece.marks
        return own + [mark for inner in piece.pieces for mark in _bad(inner)]
    return [] if _prices(piece.marks) else piece.marks


def _prices(marks: list[Mark]) -> bool:
    """Say whether marks give points, with at most one rate, and neither a deduction nor a mark that can't be read."""
    signs = {mark.sign for mark in marks if mark.sign and not (mark.kind == RATE and mark.sign == "+")}
    rates = [mark for mark in marks if mark.kind == RATE]
    return not signs and len(rates) <= 1 and points_of(marks) is not None and all(mark.kind != BAD for mark in marks)


def _printed(mark: Mark, printed: str) -> str:
    return printed[mark.start : mark.end].strip()


def _part(code: str, leaf: Priced, printed: str) -> Part:
    text = stretch(leaf, printed)
    rate = next((mark for mark in leaf.marks if mark.kind == RATE), None)
    return Part(
        code=code,
        text=text,
        points=points_of(leaf.marks) or Decimal(0),
        at_least=at_least(fold(text)),
        rate=rate.value if rate else None,
        per=rate.per if rate else None,
    )


def rule_adjustment(text: str, begin: int, kinds: frozenset[str]) -> RuledRow:
    """Read the rules of a row among the adjustments; `kinds` is what the section's header speaks of."""
    printed = text[begin:]
    row = RuledRow()
    folded = fold(printed)
    for piece in read_clauses(folded):
        if piece.marks and piece.pieces:
            row.unread.extend(_printed(mark, printed) for mark in piece.marks)
        for leaf in piece.leaves():
            _rule(row, leaf, printed, kinds)
    return row


def _rule(row: RuledRow, leaf: Priced, printed: str, kinds: frozenset[str]) -> None:
    limits = [mark for mark in leaf.marks if mark.kind == LIMIT]
    values = [mark for mark in leaf.marks if mark.kind != LIMIT]
    if not values and len(limits) == 1:
        row.cap = limits[0].value
        return
    kind = _kind(values[0], kinds, fold(printed[slice(*leaf.text)])) if len(values) == 1 else None
    if kind is None or values[0].kind not in (RATE, POINTS) or len(limits) > 1:
        row.unread.extend(_printed(mark, printed) for mark in leaf.marks)
        return
    rules = row.rules.setdefault(kind, [])
    cap = limits[0].value if limits else None
    rules.append(Rule("", stretch(leaf, printed), values[0].value, values[0].per, cap))


def _kind(mark: Mark, kinds: frozenset[str], words: str) -> str | None:
    """Return what a mark does: by its own sign, else by the section's header, else by the words before it."""
    if mark.sign:
        return SIGN_KINDS[mark.sign]
    stated = kinds if len(kinds) == 1 else kinds_of(EACH.sub("", words))
    return next(iter(stated)) if len(stated) == 1 else None
