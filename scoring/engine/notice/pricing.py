"""Turns a row's marks into an indicator with parts, or into an adjustment's rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from scoring.engine.notice.clauses import Priced, at_least, points_of, read_clauses, stated_points, stretch
from scoring.engine.notice.factors import factors_in, is_bracketed, told_factors, with_factors
from scoring.engine.notice.fold import fold, joined, squeeze
from scoring.engine.notice.ladders import HIGHEST, counted_once, from_one_on, is_ladder
from scoring.engine.notice.levels import (
    counted_alike,
    enumerated,
    levels_within,
    losses_within,
    lost_in_column,
    takes,
    with_levels,
)
from scoring.engine.notice.limits import EACH, kinds_of
from scoring.engine.notice.marks import (
    BAD,
    EVERY,
    GRANT,
    LEVELS,
    LIMIT,
    OFTEN,
    ONCE,
    PER,
    POINTS,
    RATE,
    REACHED,
    TOTAL,
    Mark,
    find_marks,
    only_points,
)
from scoring.engine.notice.rows import PLAIN_NUMBER, SIGNED_NUMBER, Line, has_marks
from scoring.engine.numbers import plain
from scoring.engine.track import BONUS, DEDUCTION, Indicator, Level, Part, Rule

SIGN_KINDS = {"+": BONUS, "-": DEDUCTION}
AT_DISCRETION = re.compile("酌情|视情况?|视.{0,6}情况|研究(?:决定|确定|同意)?后?[,，]?[^,;。]{0,6}[加扣减]")
# A limit that gives or takes without a rate: what is granted is for somebody to judge.
AT_MOST = re.compile("最[高多](?:可以?|给予)?[加扣减]")
# A limit of all that stands before it in the row, and what parts the rule before from the others.
OF_ALL = re.compile("累计|合计|总计|总共|[本该此]项|全年|年度|共")
# A limit of each of what is counted, which no rule has: `每篇加5分，每人最高10分`.
OF_ONE = re.compile("每(?:个?(?:人|名|单位|学会|协会|村|社区|活动|品种|方面)|次|篇|场|月|季度?)[^,;。()\\d]{0,4}$")
OF_EACH = re.compile("[均各](?:为|不)|分别")
PARTS = re.compile("[;。]")
# `每年`, `每月` say when; any other 每 says what a rate counts.
COUNTS_EACH = re.compile(f"每(?!{OFTEN})[^,;。()]{{0,12}}")
# `加2分：获全国表彰`: points that come before their words.
TITLES = re.compile(r"\s*:")
ONCE_IS = re.compile(rf"{ONCE}({PER})的?\s*$")
RANGE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)\s*分?\s*[-—–~至到]+\s*(\d{1,4}(?:\.\d{1,2})?)\s*分")
EACH_POINT = Decimal(1)
POINT = "分"
GAINED = ("得", "可得")


@dataclass
class PricedRow:
    """A row's indicator, and the marks in it that no rule took.

    `as_levels` is the same row read as levels of which one applies, where its words allow that too; `stated` what the
    row's words say it is worth where a column of its own says something else; `beyond` what they add where they also
    deduct: nobody can say whether within the row's points or past them. `factors` are the words read as factors.
    """

    indicator: Indicator
    unread: list[str]
    as_levels: Indicator | None = None
    stated: Decimal | None = None
    beyond: Sequence[str] = ()
    factors: Sequence[str] = ()


@dataclass
class RuledRow:
    """A row's rules by kind, the limit that it states for itself, and the marks that no rule took.

    `levels` says that its rules are steps of a ladder, of which the highest counts; `text` is what was read; `judged`
    are its words that nothing computes: how much is granted, what a rule counts, what a limit is of; `factors` those
    read as factors.
    """

    text: str = ""
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    cap: Decimal | None = None
    unread: list[str] = field(default_factory=list)
    levels: bool = False
    judged: list[str] = field(default_factory=list)
    factors: list[str] = field(default_factory=list)

    def every(self) -> list[Rule]:
        """All its rules."""
        return [rule for kind in self.rules for rule in self.rules[kind]]


def price_indicator(code: str, line: Line, begin: int) -> PricedRow:
    """Price a row of an annex; `begin` is where its item's text begins after the number.

    A row with a mark that no rule takes can't be priced: it has no points and no parts. Points in a column of their own
    count; deductions and levels in the row's words then say how they are lost or reached, and what multiplies them.
    """
    row = _priced(code, line, begin)
    printed = line.priced[begin:]
    words = _words(printed, line.rules)
    parts, factors = with_factors(row.indicator.parts, words)
    return replace(row, indicator=replace(row.indicator, parts=parts), factors=factors)


def _priced(code: str, line: Line, begin: int) -> PricedRow:
    printed, own = line.priced[begin:], line.points
    if own is None and has_marks(line.rules):
        own = only_points(fold(line.item[begin:]))
    if line.levels:
        return _in_columns(code, line, printed, own)
    if line.shared:
        return _by_line(code, line)
    if own is None:
        own = _less_losses(find_marks(fold(printed)))
    scored = find_marks(fold(line.rules)) if own is not None else []
    if own is not None and (scored or any(mark.sign or mark.verb in REACHED for mark in find_marks(fold(printed)))):
        return _from_rules(code, line, own) or _within(code, line, printed, own)
    folded = fold(printed)
    pieces = [_completed(piece) for piece in read_clauses(folded)]
    leaves = [leaf for piece in pieces for leaf in piece.leaves()]
    if own is not None and len(leaves) == 1 and points_of(leaves[0].marks) is None:
        leaves[0].marks.append(Mark(leaves[0].end, leaves[0].end, POINTS, own))
    levels = levels_within(_whole(code, line, printed, own), printed) if own is not None else None
    if levels:
        return PricedRow(Indicator(code, line.text, own, parts=(levels,)), [])
    unread = [_printed(mark, printed) for piece in pieces for mark in _bad(piece)]
    if unread or not pieces:
        whole = [] if own is None else [_whole(code, line, printed, own)]
        return PricedRow(Indicator(code, line.text, own, parts=tuple(whole)), unread)
    parts = tuple(_part(f"{code}.{order}", leaf, printed) for order, leaf in enumerate(leaves, start=1))
    stated = sum((stated_points(piece) or Decimal(0) for piece in pieces), Decimal(0))
    indicator = Indicator(code, line.text, stated if own is None else own, parts=parts)
    return PricedRow(indicator, [], _as_levels(indicator, line, printed, leaves))


def _less_losses(marks: Sequence[Mark]) -> Decimal | None:
    """Return the points that a row's words state before what they deduct: `报送信息（20分），每少1条扣2分`."""
    if len(marks) < 2 or marks[0].kind not in (POINTS, TOTAL) or marks[0].sign or marks[0].verb in GAINED:  # noqa: PLR2004  points and a loss
        return None
    return marks[0].value if all(mark.sign == "-" or mark.kind == LIMIT for mark in marks[1:]) else None


def _in_columns(code: str, line: Line, printed: str, own: Decimal | None) -> PricedRow:
    """Price a row by the points that columns of levels give: the best of them, or what its own column says."""
    best = max(points for _name, points in line.levels)
    part = _whole(code, line, printed, best if own is None else own)
    levels = tuple(Level(f"{part.code}.{order}", *level) for order, level in enumerate(line.levels, start=1))
    if best == part.points:
        part = replace(part, levels=levels)
    indicator = Indicator(code, line.text, part.points, parts=(part,))
    return PricedRow(indicator, [], stated=None if best == part.points else best)


def _by_line(code: str, line: Line) -> PricedRow:
    """Price a row of several lines by the numbers that stand on as many lines in the column of points."""
    texts = [text.strip() for text in line.item.split("\n") if text.strip()][-len(line.shared) :]
    parts = tuple(
        Part(f"{code}.{order}", text, points, at_least(fold(text)))
        for order, (text, points) in enumerate(zip(texts, line.shared, strict=True), start=1)
    )
    return PricedRow(Indicator(code, line.text, line.points, parts=parts), [])


def _from_rules(code: str, line: Line, own: Decimal) -> PricedRow | None:
    """Read the parts of a row from its rules (`换届20分；发展团员20分`); None unless they come to its points."""
    leaves = [leaf for piece in read_clauses(fold(line.rules)) for leaf in piece.leaves()]
    marks = [mark for leaf in leaves for mark in leaf.marks]
    parts = tuple(_part(f"{code}.{order}", leaf, line.rules) for order, leaf in enumerate(leaves, start=1))
    scored = any(mark.sign or mark.verb in REACHED or mark.kind != POINTS for mark in marks)
    if scored or len(parts) < 2 or sum(part.points for part in parts) != own:  # noqa: PLR2004  one part is the row
        return None
    return PricedRow(Indicator(code, line.text, own, parts=parts), [])


def _within(code: str, line: Line, printed: str, own: Decimal) -> PricedRow:
    """Price a row by its own points, within which its words say what is lost, reached or given for each."""
    words = line.rules if only_points(fold(printed)) == own else _words(printed, line.rules)
    begin = len(words) - len(line.rules) if line.loses and words.endswith(line.rules) else len(words)
    marks = [lost_in_column(mark, begin) for mark in find_marks(fold(words))]
    rates = [mark for mark in marks if mark.kind == RATE and mark.sign != "-"]
    reached = [mark for mark in marks if mark.kind == POINTS and mark.sign is None]
    given = [mark.value for mark in reached]
    if len(given) > 1 and len(given) == len(marks) and sum(given) == own and all(given):
        return _in_parts(code, line, words, own)
    # A rate that only goes on from points reached before (`10万元得30分，每增加1万元加3分`) is no count × rate.
    goes_on = any(mark.value != own for mark in marks if mark in reached or mark.kind == TOTAL)
    rate = rates[0] if len(rates) == 1 and not goes_on else None
    part = replace(_whole(code, line, printed, own), rate=rate.value if rate else None, per=rate.per if rate else None)
    part = levels_within(part, words) or part
    part = replace(part, losses=losses_within(part.code, words, len(part.levels) + 1, begin))
    lost = {loss.rate for loss in part.losses}
    beyond = [mark for mark in marks if part.losses and mark.sign == "+" and mark.kind in (RATE, POINTS, LEVELS)]
    if beyond:
        part = replace(part, rate=None, per=None)
    tops = [mark.value for mark in marks if _is_top(mark, fold(words), adds=bool(beyond))]
    differs = bool(tops) and max(tops) != own and sum(tops) != own
    return PricedRow(
        Indicator(code, line.text, own, parts=(part,)),
        [
            _printed(mark, words)
            for mark in marks
            if _is_unread(mark, words, own) or (takes(mark) and mark.value not in lost)
        ],
        stated=max(tops) if differs else None,
        beyond=[_printed(mark, words) for mark in beyond],
    )


def _words(printed: str, rules: str) -> str:
    """Return a row's words with its rules, which may be among them already."""
    return printed if rules in printed else joined(printed, rules)


def _in_parts(code: str, line: Line, words: str, own: Decimal) -> PricedRow:
    """Price a row whose words share its points out: `按时报送得30分，内容完整得30分`."""
    leaves = [leaf for piece in read_clauses(fold(words)) for leaf in piece.leaves()]
    parts = tuple(_part(f"{code}.{order}", leaf, words) for order, leaf in enumerate(leaves, start=1))
    return PricedRow(Indicator(code, line.text, own, parts=parts), [])


def _is_unread(mark: Mark, words: str, own: Decimal) -> bool:
    """Say whether nothing takes a mark beside points of their own; a range within them is for whoever judges."""
    if mark.kind != BAD:
        return mark.kind == GRANT and mark.sign == "+"
    within = RANGE.fullmatch(fold(words[mark.start : mark.end]).strip())
    return within is None or not Decimal(within[1]) < Decimal(within[2]) <= own


def _is_top(mark: Mark, folded: str, *, adds: bool) -> bool:
    """Say whether a mark states how much can be reached: no deduction, no rate, no limit of what is lost or added."""
    if mark.kind == LIMIT:
        return not kinds_of(folded[mark.start : mark.end]) & {DEDUCTION, *([BONUS] if adds else [])}
    return mark.kind in (POINTS, LEVELS) and mark.sign is None


def _whole(code: str, line: Line, printed: str, points: Decimal) -> Part:
    text = _words(printed.strip(), line.rules)
    return Part(f"{code}.1", text, points, at_least(fold(text)))


def _as_levels(indicator: Indicator, line: Line, printed: str, leaves: list[Priced]) -> Indicator | None:
    """Read a row as levels, its points being the best of them; None where its words are no levels'."""
    marks = [mark for leaf in leaves for mark in leaf.marks]
    if len(leaves) < 2 or any(mark.kind != POINTS or mark.verb not in REACHED for mark in marks):  # noqa: PLR2004  one level is no choice
        return None
    if len({mark.verb for mark in marks}) > 1:  # `甲得十分，乙计三十五分` are two things
        return None
    best = max(mark.value for mark in marks)
    part = with_levels(_whole(indicator.code, line, printed, best), leaves, printed)
    return replace(indicator, points=best, parts=(part,))


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
    read = all(mark.kind not in (BAD, EVERY, GRANT, LEVELS) for mark in marks)
    return not signs and len(rates) <= 1 and points_of(marks) is not None and read


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


def ruled(line: Line, begin: int, kinds: frozenset[str]) -> RuledRow:
    """Read a row among the adjustments with what its column of points says: its rate, its limit, or its rules."""
    signed = SIGNED_NUMBER.fullmatch(squeeze(fold(line.pointed)))
    last = PLAIN_NUMBER.fullmatch(squeeze(fold((line.rules or line.item).split("\n")[-1])))
    printed = signed[2] if signed else last[1] if last else None
    own = line.points if line.points is not None or printed is None else Decimal(printed)
    kinds = frozenset({SIGN_KINDS[signed[1]]}) if signed and len(kinds) != 1 else kinds
    said = line.pointed if not signed and has_marks(line.pointed) else ""
    counts = has_marks(line.rules) or told_factors(fold(line.rules), ()) or HIGHEST.search(fold(line.rules))
    words = joined(line.item, line.rules if counts else "", said)
    row = rule_adjustment(words, begin, kinds)
    row.text = joined(line.text, said)
    if line.pointed and not signed and not said:
        row.unread.append(line.pointed)
    if own is not None:
        _limited(row, line, own, kinds_of(fold(words)) if len(kinds) != 1 else kinds)
    if not row.factors:  # rules may have come from the column of points
        _multiply(row, words[begin:])
    return row


def _limited(row: RuledRow, line: Line, own: Decimal, kinds: frozenset[str]) -> None:
    """Take a number beside an adjustment for its rate where its words state none, else for its limit."""
    rules = row.every()
    most = max((rule.rate for rule in rules), default=None)
    if most is None and row.cap is None and not row.unread and len(kinds) == 1:
        row.rules[next(iter(kinds))] = [Rule("", line.item, own)]
    elif most is not None and row.cap is None and own > most:
        row.cap = own
    elif own not in (row.cap, *(rule.cap for rule in rules)) and not (own == most and counted_once(rules)):
        row.unread.append(plain(own))


def rule_adjustment(text: str, begin: int, kinds: frozenset[str]) -> RuledRow:
    """Read the rules of a row among the adjustments; `kinds` is what the section's header speaks of."""
    printed = text[begin:]
    row = RuledRow()
    folded = fold(printed)
    leaf = None
    for piece in read_clauses(folded):
        if piece.marks and piece.pieces:
            row.unread.extend(_printed(mark, printed) for mark in piece.marks)
        for leaf in piece.leaves():
            _rule(row, counted_alike(row.every(), leaf, folded), printed, kinds)
    if leaf is not None and len(row.rules) == 1:
        ((kind, rules),) = row.rules.items()
        steps = from_one_on(rules, folded)
        if steps:
            row.rules[kind], row.levels = list(steps), True
        _limit_of_all(row, kind, leaf, printed)
    rules = [rule for rule in row.every() if rule.factor is None]
    said = len(rules) > 1 and counted_once(rules) and HIGHEST.search(folded) is not None
    row.levels = row.levels or said or is_ladder(rules) or any(map(is_ladder, row.rules.values()))
    if not row.rules and row.cap is not None and not row.unread:
        _at_discretion(row, printed, kinds)
    _multiply(row, printed)
    return row


def _limit_of_all(row: RuledRow, kind: str, leaf: Priced, printed: str) -> None:
    """Take the limit behind the last of several rules for the whole row's: `每篇加2分，…每篇加1分，累计不超过3分`.

    It is the rule's own where it stands in one bracket with the rate, where others have one, or reach it at once; where
    only a new sentence parts the rule from the others, nobody can say, and it is told.
    """
    *before, last = row.rules[kind]
    limit = next((mark for mark in leaf.marks if mark.kind == LIMIT), None)
    most = max((rule.rate for rule in before), default=None)
    folded = fold(printed)
    if limit is None or most is None or last.cap is None or row.cap is not None or most >= last.cap:
        return
    if OF_EACH.search(folded[limit.start : limit.end]):
        row.rules[kind] = [replace(rule, cap=last.cap) for rule in row.rules[kind]]
        return
    rate = min(mark.start for mark in leaf.marks)
    own = (
        folded.rfind("(", 0, limit.start) > folded.rfind(")", 0, limit.start) and "(" not in folded[rate : limit.start]
    )
    if own or any(rule.cap is not None for rule in before):
        return
    if PARTS.search(folded[leaf.text[0] : leaf.text[1]]) and not OF_ALL.search(folded[limit.start : limit.end]):
        row.judged.append(_printed(limit, printed))
        return
    row.cap = last.cap
    row.rules[kind][-1] = replace(last, cap=None)


def _multiply(row: RuledRow, printed: str) -> None:
    """Add the factors behind a row's rules, where these are of one kind and all of them are meant."""
    if len(row.rules) != 1:
        return
    ((kind, rules),) = row.rules.items()
    folded, alone = fold(printed), len(rules) == 1
    for factor in factors_in(folded):
        fits = factor.sign is None or SIGN_KINDS[factor.sign] == kind
        if fits and (alone or not is_bracketed(folded, factor.start)):
            rules.append(factor.rule(printed))
            row.factors.append(fold(factor.words(printed)))


def _rule(row: RuledRow, leaf: Priced, printed: str, kinds: frozenset[str]) -> None:
    limits, values = _parted(leaf.marks)
    for limit in [limit for limit in limits if OF_ONE.search(fold(printed)[: limit.start])]:
        limits.remove(limit)
        row.judged.append(_printed(limit, printed))
    if not values and not limits:
        return
    if not values and len(limits) == 1:
        row.cap = limits[0].value
        return
    kind = _kind(values[0], kinds, fold(printed[slice(*leaf.text)])) if len(values) == 1 else None
    before_its_words = TITLES.match(fold(printed), leaf.end) and values[0].sign
    if kind is None or values[0].kind == BAD or len(limits) > 1 or before_its_words:
        row.unread.extend(_printed(mark, printed) for mark in leaf.marks)
        return
    cap = limits[0].value if limits else None
    words = printed[leaf.text[0] : leaf.end]
    rules = enumerated(_for_each(values[0], fold(printed)), stretch(leaf, printed), cap)
    if not rules:
        row.unread.extend(_printed(mark, printed) for mark in leaf.marks)
        return
    if counted_once(rules):
        row.judged.extend(words[slice(*each.span())].strip() for each in COUNTS_EACH.finditer(fold(words)))
    row.rules.setdefault(kind, []).extend(rules)
    row.levels = row.levels or values[0].kind == LEVELS


def _parted(marks: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    """Part limits from what they limit: `每条加0.2分，满分2分` has a limit too."""
    limits = [mark for mark in marks if mark.kind == LIMIT]
    values = [mark for mark in marks if mark.kind != LIMIT]
    if not limits and len(values) == 2 and values[1].kind == TOTAL and values[0].kind != TOTAL:  # noqa: PLR2004  a rule and its limit
        return [values[1]], [values[0]]
    return limits, values


def _for_each(mark: Mark, folded: str) -> Mark:
    """Give a mark what it counts where its row says of one what is reached: `举办年会1次得2分`."""
    once = ONCE_IS.search(folded[: mark.start]) if mark.kind == POINTS and mark.verb in REACHED else None
    return replace(mark, kind=RATE, per=once[1]) if once else mark


def _at_discretion(row: RuledRow, printed: str, kinds: frozenset[str]) -> None:
    """Read what a person gives as they see fit (`最高加10分`) as a rule of one point each, up to the limit."""
    folded = fold(printed)
    stated = kinds if len(kinds) == 1 else kinds_of(EACH.sub("", folded))
    granted = AT_MOST.search(folded)
    if len(stated) == 1 and (granted or AT_DISCRETION.search(folded)):
        row.rules[next(iter(stated))] = [Rule("", printed.strip(), EACH_POINT, POINT, row.cap)]
        if granted and not AT_DISCRETION.search(folded):
            row.judged.append(printed[slice(*granted.span())])


def is_discretion(folded: str) -> bool:
    """Say whether a folded row only says that something is added or deducted as a person sees fit, up to a limit."""
    marks = find_marks(folded)
    limits_only = bool(marks) and all(mark.kind == LIMIT for mark in marks)
    said = AT_DISCRETION.search(folded) or AT_MOST.search(folded)
    return limits_only and bool(said) and len(kinds_of(folded)) == 1


def _kind(mark: Mark, kinds: frozenset[str], words: str) -> str | None:
    """Return what a mark does: by its own sign, else by the section's header, else by the words before it."""
    if mark.sign:
        return SIGN_KINDS[mark.sign]
    stated = kinds if len(kinds) == 1 else kinds_of(EACH.sub("", words))
    if not stated and mark.verb in GAINED:
        return BONUS
    return next(iter(stated)) if len(stated) == 1 else None
