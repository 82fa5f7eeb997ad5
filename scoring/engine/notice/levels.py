"""Reads what lies inside a row's points: levels and bands of which one is reached, and what is lost."""

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.engine.notice.clauses import Priced, read_clauses, stretch
from scoring.engine.notice.fold import fold
from scoring.engine.notice.ladders import LADDER
from scoring.engine.notice.marks import EVERY, GRANT, LEVELS, LIMIT, POINTS, RATE, REACHED, STEP, Mark, find_marks
from scoring.engine.notice.numbering import unnumbered
from scoring.engine.track import Level, Part, Rule

NUMBER = r"(?<![\d.])(\d{1,9}(?:\.\d{1,4})?)"
TO = r"\s*[-—–~至到]\s*"
FROM_TO = re.compile(rf"{NUMBER}\s*({STEP})?{TO}{NUMBER}\s*({STEP})")
FROM = re.compile(rf"{NUMBER}\s*({STEP})\s*(?:\(含\)|含)?(?:及|或)?以上")
BELOW = re.compile(rf"(?:不足|不到|(?<!不)低于|(?<!不)少于)\s*{NUMBER}\s*({STEP})|{NUMBER}\s*({STEP})以下")
Band = tuple[Decimal | None, Decimal | None, str]
# What is measured, not counted: between two of its numbers lie others.
CONTINUOUS = re.compile("倍|%|‰|百分点|元|公里|千米|米|亩|吨|小时|分钟")


def with_levels(part: Part, leaves: Sequence[Priced], printed: str) -> Part:
    """Return a part of which one of these levels is reached, as bands where each of them measures the same."""
    texts = [stretch(leaf, printed) for leaf in leaves]
    points = [next(mark.value for mark in leaf.marks if mark.kind == POINTS) for leaf in leaves]
    bands = _meeting([band(fold(text)) for text in texts])
    ends = [band[:2] for band in bands] or [(None, None)] * len(texts)
    levels = [
        Level(f"{part.code}.{order}", text, worth, *between)
        for order, (text, worth, between) in enumerate(zip(texts, points, ends, strict=True), start=1)
    ]
    measure = bands[0][2] if bands else None
    return Part(part.code, part.text, part.points, levels=tuple(levels), measure=measure)


def _meeting(bands: Sequence[Band | None]) -> list[Band]:
    """Return the bands where all measure the same, else nothing.

    A band of whole things holds its last number: `15-24家` goes to below 25, unless another begins at 24.
    """
    known = [band for band in bands if band]
    if len(known) < len(bands) or len({unit for _least, _below, unit in known}) != 1:
        return []
    begins = {least for least, _below, _unit in known}
    return [(least, _past(below, unit, begins) if least is not None else below, unit) for least, below, unit in known]


def _past(last: Decimal | None, unit: str, begins: Container[Decimal | None]) -> Decimal | None:
    """Return below what a band ends that is printed to its `last` number."""
    if last is None or last in begins or last != last.to_integral_value():
        return last
    return last + 1 if last + 1 in begins or not CONTINUOUS.search(unit) else last


def band(folded: str) -> Band | None:
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
    if len(leaves) < 2 or len(marks) != len(leaves) or any(mark.kind != POINTS for mark in marks):  # noqa: PLR2004  one level is no choice
        return None
    said = all(mark.verb in REACHED for mark in marks)
    if not said and len(find_marks(fold(printed))) != len(marks):  # `第一名50分，第二名45分，每降一名减5分` goes on
        return None
    worth = [mark.value for mark in marks]
    choice = sum(worth) != part.points or 0 in worth
    return with_levels(part, leaves, printed) if choice and max(worth) == part.points else None


def losses_within(code: str, printed: str, first: int, begin: int) -> tuple[Rule, ...]:
    """Return what a row's words take from its points (`缺席一次扣2分`, `酌情扣0.5-2分`); codes go on from `first`.

    From `begin` on the words stand in a column of losses.
    """
    losses: list[Rule] = []
    for piece in read_clauses(fold(printed)):
        for leaf in piece.leaves():
            marks = [lost_in_column(mark, begin) for mark in counted_alike(losses, leaf, fold(printed)).marks]
            lost = [mark for mark in marks if takes(mark)]
            limits = [mark.value for mark in marks if mark.kind == LIMIT]
            for mark in lost if len(limits) <= 1 else []:
                # A loss right behind another (`未建立扣10分，每少1次扣5分`) stands in its own words.
                text = stretch(leaf, printed) if mark is lost[0] else printed[mark.start : mark.end].strip()
                losses += enumerated(mark, text, limits[0] if limits and mark is lost[-1] else None)
    return tuple(replace(loss, code=f"{code}.{order}") for order, loss in enumerate(losses, start=first))


def counted_alike(before: Sequence[Rule], leaf: Priced, folded: str) -> Priced:
    """Give a mark the measure of the one before it in one enumeration: `每次加2分、市级加1分` is 1 a 次 too.

    After a comma that holds for the steps of a ladder: `每次加2分，省级加3分`.
    """
    words = folded[slice(*leaf.text)].lstrip()
    goes_on = words.startswith("、") or (words.startswith((",", ";")) and LADDER.search(words) is not None)
    if not goes_on or not before or before[-1].per is None or len(leaf.marks) != 1:
        return leaf
    mark = leaf.marks[0]
    if mark.kind != POINTS or "每" in words:
        return leaf
    return replace(leaf, marks=[replace(mark, kind=RATE, per=before[-1].per)])


def lost_in_column(mark: Mark, begin: int) -> Mark:
    """Return a rate that stands from `begin` on, in a column of losses, without a word for it, as what is lost."""
    bare = mark.kind == RATE and not (mark.sign or mark.verb)
    return replace(mark, sign="-") if bare and mark.start >= begin else mark


def takes(mark: Mark) -> bool:
    """Say whether a mark says what is lost."""
    return mark.sign == "-" and mark.kind in (POINTS, RATE, GRANT, EVERY, LEVELS)


def enumerated(mark: Mark, text: str, cap: Decimal | None) -> list[Rule]:
    """Return the rules of a mark: one, or one for each name (`甲、乙分别加2分、1分`, `甲、乙各扣6分`)."""
    if mark.kind in (RATE, POINTS, GRANT):
        return [Rule("", text, mark.value, mark.per, cap, mark.least)]
    listed = re.sub("的?(?:,|，)?$", "", unnumbered(re.split("[。;；\\n]", text)[-1]))
    names = [name for name in re.split("[、和及]", listed) if name.strip()]
    if mark.kind == EVERY:
        return [Rule("", name, mark.value, None, cap) for name in names] if len(names) > 1 else []
    if len(names) != len(mark.levels):
        names = [text] * len(mark.levels)
    return [Rule("", name, value, None, cap) for name, value in zip(names, mark.levels, strict=True)]
