"""Reads what lies inside a row's points: levels and bands of which one is reached, and what is lost."""

import re
from collections.abc import Sequence
from decimal import Decimal

from scoring.engine.notice.clauses import Priced, read_clauses, stretch
from scoring.engine.notice.fold import fold
from scoring.engine.notice.marks import GRANT, LIMIT, POINTS, RATE, REACHED, STEP, Mark
from scoring.engine.track import Level, Part, Rule

NUMBER = r"(?<![\d.])(\d{1,9}(?:\.\d{1,4})?)"
TO = r"\s*[-—–~至到]\s*"
FROM_TO = re.compile(rf"{NUMBER}\s*({STEP})?{TO}{NUMBER}\s*({STEP})")
FROM = re.compile(rf"{NUMBER}\s*({STEP})\s*(?:\(含\)|含)?(?:及|或)?以上")
BELOW = re.compile(rf"(?:不足|不到|(?<!不)低于|(?<!不)少于)\s*{NUMBER}\s*({STEP})|{NUMBER}\s*({STEP})以下")
Band = tuple[Decimal | None, Decimal | None, str]


def with_levels(part: Part, leaves: Sequence[Priced], printed: str) -> Part:
    """Return a part of which one of these levels is reached, as bands where each of them measures the same."""
    texts = [stretch(leaf, printed) for leaf in leaves]
    points = [next(mark.value for mark in leaf.marks if mark.kind == POINTS) for leaf in leaves]
    bands = [_band(fold(text)) for text in texts]
    units = {band[2] for band in bands if band}
    measure = units.pop() if len(units) == 1 and all(bands) else None
    levels = []
    for order, (text, worth, band) in enumerate(zip(texts, points, bands, strict=True), start=1):
        least, below, _unit = band if band and measure else (None, None, "")
        levels.append(Level(f"{part.code}.{order}", text, worth, least, below))
    return Part(part.code, part.text, part.points, levels=tuple(levels), measure=measure)


def _band(folded: str) -> Band | None:
    """Return the one band that a level's words name, with what it measures; None where they name none, or several."""
    bands: list[Band] = []
    for least, first, below, unit in FROM_TO.findall(folded):
        bands.append((Decimal(least), Decimal(below), unit if first in ("", unit) else ""))
    bands += [(Decimal(least), None, unit) for least, unit in FROM.findall(folded)]
    for early, early_unit, late, late_unit in BELOW.findall(folded):
        bands.append((None, Decimal(early or late), early_unit or late_unit))
    if len(bands) != 1 or len(re.findall(NUMBER, folded)) != sum(end is not None for end in bands[0][:2]):
        return None
    least, below, unit = bands[0]
    ordered = least is None or below is None or least < below
    return bands[0] if unit and ordered else None


def levels_within(part: Part, printed: str) -> Part | None:
    """Return a part whose own words name levels of which the best is its points; None where they do not."""
    leaves = [
        leaf
        for piece in read_clauses(fold(printed))
        for leaf in piece.leaves()
        if any(mark.kind == POINTS and mark.sign is None for mark in leaf.marks)
    ]
    marks = [mark for leaf in leaves for mark in leaf.marks]
    plain = all(mark.kind == POINTS and mark.verb in REACHED for mark in marks)
    if len(leaves) < 2 or len(marks) != len(leaves) or not plain:  # noqa: PLR2004  one level is no choice
        return None
    return with_levels(part, leaves, printed) if max(mark.value for mark in marks) == part.points else None


def losses_within(code: str, printed: str, first: int) -> tuple[Rule, ...]:
    """Return what a row's words take from its points (`缺席一次扣2分`, `酌情扣0.5-2分`); codes go on from `first`."""
    losses: list[Rule] = []
    for piece in read_clauses(fold(printed)):
        for leaf in piece.leaves():
            lost = [mark for mark in leaf.marks if _takes(mark)]
            limits = [mark.value for mark in leaf.marks if mark.kind == LIMIT]
            if len(lost) == 1 and len(limits) <= 1:
                cap = limits[0] if limits else None
                text = stretch(leaf, printed)
                losses.append(
                    Rule(f"{code}.{first + len(losses)}", text, lost[0].value, lost[0].per, cap, lost[0].least)
                )
    return tuple(losses)


def _takes(mark: Mark) -> bool:
    return mark.sign == "-" and mark.kind in (POINTS, RATE, GRANT)
