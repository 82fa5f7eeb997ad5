"""Prints a scheme as the notice that it could have been read from: a short letter, and an annex for each track.

Each row stands in its own words where these say what it counts; else they are put together from its parts or rules, so
that reading what is printed gives the same rules. What no words of the grammar say is told by `unsaid`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from scoring.engine.errors import EngineErrors
from scoring.engine.notice.fold import fold
from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.numbering import read_number
from scoring.engine.notice.pricing import price_indicator, rule_adjustment
from scoring.engine.notice.quota_words import limits, print_quotas
from scoring.engine.notice.reader import read_notice
from scoring.engine.notice.rows import Line
from scoring.engine.notice.source import Cell, Paragraph, Source, SourceRow, Table
from scoring.engine.numbers import EXACT, plain
from scoring.engine.scheme import GradeBand, SchemeRules
from scoring.engine.track import (
    BONUS,
    DEDUCTION,
    LEADERS,
    RECIPIENTS,
    WORK,
    Adjustment,
    Component,
    Indicator,
    Part,
    Rule,
    TrackRules,
)

NAMES = {WORK: "工作考核", RECIPIENTS: "服务对象评价", LEADERS: "市科协评价"}
SIGNS = {BONUS: "加", DEDUCTION: "扣"}
SECTION = "考核内容"
HEAD = ("指标说明", "完成情况", "自评分")
VETOES = "一票否决"
COUNTED_ONCE = "就高不重复计分"
WHOLE = Decimal(1)
MULTIPLIED = {Decimal("0.5"): "减半", Decimal(2): "加倍"}
POINTS_HEAD = ("分值",)
# A row's words, and its points where a column of their own says them.
Row = tuple[str, Decimal | None]
DIGITS = "零一二三四五六七八九"


def print_scheme(scheme: SchemeRules) -> Source:
    """Return the scheme as paragraphs and tables, in the order of a notice."""
    blocks: list[Paragraph | Table] = [Paragraph(line, "") for line in _letter(scheme)]
    for track in scheme.tracks:
        blocks += [Paragraph(f"附件{track.annex}", ""), Paragraph(annex_title(scheme, track), "")]
        blocks.append(_table(list(_rows(track))))
        blocks += [Paragraph(note, "") for note in _notes(track)]
    return Source("scheme", tuple(blocks))


def annex_title(scheme: SchemeRules, track: TrackRules) -> str:
    """The title above the table of a track."""
    return f"{scheme.year or ''}{'年度' if scheme.year else ''}{track.name}工作考核自评表"


def unsaid(scheme: SchemeRules) -> tuple[str, ...]:
    """The codes of the tracks whose printed annex reads back to other rules, their words left aside."""
    try:
        read = read_notice(print_scheme(scheme))
    except EngineErrors:
        return tuple(track.code for track in scheme.tracks)
    again = {track.annex: (_ruled(track), limits(read, track.code)) for track in read.tracks}
    told = ((track, (_ruled(track), limits(scheme, track.code))) for track in scheme.tracks)
    return tuple(track.code for track, rules in told if again.get(track.annex) != rules)


def _ruled(track: TrackRules) -> TrackRules:
    """A track without the words of its rows, which are put together anew where they do not say the rules."""
    return replace(
        track,
        indicators=tuple(replace(row, text="", parts=tuple(map(_bare, row.parts))) for row in track.indicators),
        adjustments=tuple(replace(item, text="") for item in track.adjustments),
    )


def _bare(part: Part) -> Part:
    """A part without its words where it is printed as what is lost of it."""
    return replace(part, text="", at_least=None) if part.losses else part


def _letter(scheme: SchemeRules) -> Iterator[str]:
    if scheme.number:
        yield scheme.number
    yield scheme.title or f"关于开展{scheme.year or ''}年度工作考核的通知"
    yield "一、考核内容及评分标准"
    for place, track in enumerate(scheme.tracks, start=1):
        yield f"（{_counted(place)}）{track.name}考核"
        yield from _section(track)
        yield from print_quotas(scheme, track.code)
    yield "二、考核程序"
    if scheme.grades:
        yield f"考核等次分为{'、'.join(scheme.grades)}。"
    if scheme.grade_bands:
        yield f"{'，'.join(map(_grade, scheme.grade_bands))}。"
    yield from print_quotas(scheme, None)
    yield f"考核意见公示{scheme.publicity_working_days}个工作日。"
    yield "三、材料报送"
    if scheme.deadline:
        summary = "工作总结、" if any("summary" in track.materials for track in scheme.tracks) else ""
        hour = f"{scheme.deadline_time:%H:%M}" if scheme.deadline_time else ""
        yield f"请各单位于{_day(scheme.deadline)}{hour}前报送{summary}评分表。"
    for track in scheme.tracks:
        if track.desk:
            yield f"{track.name}材料报{track.desk}。"
    if scheme.issuer:
        yield scheme.issuer
    if scheme.issued:
        yield _day(scheme.issued)


def _section(track: TrackRules) -> Iterator[str]:
    limits = "、".join(
        f"{words}（不超过{plain(cap)}分）"
        for words, cap in (("加分项", track.bonus_cap), ("扣分项", track.deduction_cap))
        if cap is not None
    )
    marks = f"总分值为{plain(track.full_marks)}分{'，另有' if limits else ''}{limits}"
    if len(track.components) == 1:
        yield f"考核{marks}。考核内容及评分标准详见附件{track.annex}。"
        return
    for place, component in enumerate(track.components, start=1):
        yield f"{place}.{NAMES[component.code]}{plain(component.weight)}分：{_component(track, component, marks)}"


def _component(track: TrackRules, component: Component, marks: str) -> str:
    if component.code == WORK:
        return f"{marks}，按{plain(component.weight)}%权重计入总分。考核内容及评分标准详见附件{track.annex}。"
    if component.code == RECIPIENTS and track.recipients:
        categories = "、".join(track.recipients.categories)
        return f"每个单位随机抽取{track.recipients.sample}名服务对象{f'（{categories}）' if categories else ''}打分。"
    return "市科协领导班子成员打分。"


def _table(rows: list[Row]) -> Table:
    """The table of a track, with a column of points where a row needs one."""
    with_points = any(points is not None for _text, points in rows)
    head = HEAD[:1] + (POINTS_HEAD if with_points else ()) + HEAD[1:]
    cells = [head, *([text, *([_plain(points)] if with_points else ()), "", ""] for text, points in rows)]
    return Table(tuple(SourceRow(tuple(Cell(text, column) for column, text in enumerate(row)), "") for row in cells))


def _plain(points: Decimal | None) -> str:
    return "" if points is None else plain(points)


def _rows(track: TrackRules) -> Iterator[Row]:
    yield from (_indicator(row) for row in track.indicators)
    for kind, items in groupby(track.adjustments, key=lambda item: item.kind):
        listed = list(items)
        each = _common_cap(listed)
        yield _header(track, kind, each), None
        yield from ((_adjustment(place, item, each), None) for place, item in enumerate(listed, start=1))
    if track.vetoes:
        yield VETOES, None
        yield from ((veto.text, None) for veto in track.vetoes)


def _header(track: TrackRules, kind: str, each: Decimal | None) -> str:
    sign, together = SIGNS[kind], track.cap_of(kind)
    limits = [f"每项{sign}分不超过{plain(each)}分"] if each is not None else []
    limits += [f"{sign}分不设上限"] if kind in track.unlimited and together is None else []
    limits += [f"{sign}分累计不超过{plain(together)}分"] if together is not None else []
    return f"{sign}分项{'（' if limits else ''}{'，'.join(limits)}{'）' if limits else ''}"


def _common_cap(items: list[Adjustment]) -> Decimal | None:
    """The limit that every item of a kind has; None where they differ."""
    caps = {item.cap for item in items}
    return caps.pop() if len(caps) == 1 else None


def _indicator(row: Indicator) -> Row:
    """The row in its own words, with its points beside them where only these are missing, or put together anew."""
    loses = any(loss.factor is None for part in row.parts[:1] for loss in part.losses)
    if row.implied and loses:
        return _from_full(row), None
    if row.implied or not row.parts:
        return row.text, None
    # A part with levels or losses has them in its own words.
    for text, points in ((row.text, None), (row.text, row.points), (f"{row.code}.{row.parts[0].text}", row.points)):
        read = price_indicator(row.code, Line("", text, points=points), read_number(text).begin)
        if not read.unread and (read.indicator.points, read.indicator.parts) == (row.points, row.parts):
            return text, points
    if loses and not row.parts[0].levels:
        return f"{row.code}.{_of_section(row.parts[0])}", None
    return f"{row.code}.{'，'.join(map(_part, row.parts))}。", None


def _from_full(row: Indicator) -> str:
    """What is taken from the full marks, which the letter states."""
    ruled = rule_adjustment(row.text, read_number(row.text).begin, frozenset({DEDUCTION}))
    losses = row.parts[0].losses
    read = [replace(rule, code=loss.code) for rule, loss in zip(ruled.rules.get(DEDUCTION, []), losses, strict=False)]
    alike = tuple(read) == losses and ruled.cap is None and not ruled.unread and len(ruled.rules) == 1
    return row.text if alike else f"{'，'.join(_rule(loss, SIGNS[DEDUCTION]) for loss in losses)}。"


def _of_section(part: Part) -> str:
    """The points of a section, named by its first words, and what is taken from them."""
    words = part.text.partition("\n")[0]
    states = next((mark.start for mark in find_marks(fold(words))), len(words))
    name = words[:states].strip("（(，, ") or SECTION
    losses = "，".join(_rule(loss, SIGNS[DEDUCTION]) for loss in part.losses)
    return f"{name}（{plain(part.points)}分），{losses}。"


def _part(part: Part) -> str:
    rate = "" if part.rate is None else f"，{plain(part.rate)}分/{part.per}"
    factors = "".join(f"，{_factor(loss)}" for loss in part.losses if loss.factor is not None)
    return f"{part.text}（{plain(part.points)}分{rate}{factors}）"


def _adjustment(place: int, item: Adjustment, each: Decimal | None) -> str:
    read = rule_adjustment(item.text, read_number(item.text).begin, frozenset({item.kind}))
    rules = tuple(
        replace(rule, code=f"{item.code}.{order}") for order, rule in enumerate(read.rules.get(item.kind, []), start=1)
    )
    several = len([rule for rule in rules if rule.factor is None]) > 1
    alike = rules == item.rules and (read.levels and several) == item.highest and len(read.rules) <= 1
    if alike and not read.unread and (each if read.cap is None else read.cap) == item.cap:
        return item.text
    sign = SIGNS[item.kind]
    limit = f"，最高{sign}{plain(item.cap)}分" if item.cap is not None and item.cap != each else ""
    once = [COUNTED_ONCE] if item.highest else []
    return f"{place}.{'，'.join([*(_rule(rule, sign) for rule in item.rules), *once])}{limit}。"


def _grade(band: GradeBand) -> str:
    least = "" if band.least is None else f"{plain(band.least)}分（含）"
    if band.below is None:
        return f"{least}以上为{band.grade}"
    return f"{least}{'至' if least else ''}{plain(band.below)}分{'' if least else '以下'}为{band.grade}"


def _factor(rule: Rule) -> str:
    """A factor in words that hold for points and for losses alike: `逾期的减半计分`, `牵头的按150%计分`."""
    factor = rule.factor or WHOLE
    return f"{rule.text}{MULTIPLIED.get(factor) or f'按{plain(EXACT.scaleb(factor, 2))}%'}计分"


def _rule(rule: Rule, sign: str) -> str:
    if rule.factor is not None:
        return _factor(rule)
    if rule.rate_from is not None:
        often = f"每{rule.per}" if rule.per else ""
        return f"{rule.text}，{often}酌情{sign}{plain(rule.rate_from)}－{plain(rule.rate)}分"
    per = f"/{rule.per}" if rule.per else ""
    cap = "" if rule.cap is None else f"，最高{sign}{plain(rule.cap)}分"
    return f"{rule.text}（{sign}{plain(rule.rate)}分{per}{cap}）"


def _notes(track: TrackRules) -> Iterator[str]:
    if track.deduction_bars:
        yield f"注：有扣分的单位不得评为{'、'.join(track.deduction_bars)}。"
    if track.incident_rule:
        yield "注：执行有事法则。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _counted(number: int) -> str:
    """A heading's number in words: 一 … 九十九."""
    tens, ones = divmod(number, 10)
    return f"{DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"
