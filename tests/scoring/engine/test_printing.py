"""A scheme printed as a notice reads back to the same scheme."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.notice import read_notice
from scoring.engine.notice.printing import print_scheme, unsaid
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, Component, Indicator, Part, Recipients, Rule, TrackRules
from tests.scoring.engine.paths import CITY, FIXTURES, NOTICE, SHORT, annex, scheme_from, scheme_of

NAMES = {"district": "区县科协", "society": "市级学会", "enterprise": "企业科协", "university": "高校科协"}
TEXTS = ("开展科普活动", "组织志愿服务", "报送信息", "加强阵地建设", "服务企业创新", "推荐先进人物")
GRADES = ("特等", "一等", "二等")
POINTS = st.integers(1, 80).map(lambda value: Decimal(value) / 2)
MEASURES = st.sampled_from(("次", "项", "篇"))


@st.composite
def parts(draw: st.DrawFn, code: str) -> Part:
    least = draw(st.none() | st.integers(1, 9))
    text = draw(st.sampled_from(TEXTS)) + (f"{least}次以上" if least else "")
    rate = draw(st.none() | st.integers(1, 5).map(Decimal))
    losses = [] if rate is not None else [loss for loss in draw(factors(code, 1)) if (loss.factor or 1) < 1][:1]
    lost = tuple(replace(loss, code=f"{code}.1") for loss in losses)
    return Part(code, text, draw(POINTS), least, rate, None if rate is None else draw(MEASURES), losses=lost)


@st.composite
def factors(draw: st.DrawFn, code: str, first: int) -> list[Rule]:
    """Up to two factors, the first of them with this number behind the code."""
    values = draw(st.lists(st.sampled_from(("0.5", "2", "0.8", "1.25", "0.333")), max_size=2))
    words = [f"{draw(st.sampled_from(TEXTS))}的" for _value in values]
    return [
        Rule(f"{code}.{order}", text, Decimal(0), factor=Decimal(value))
        for order, (text, value) in enumerate(zip(words, values, strict=True), start=first)
    ]


@st.composite
def indicators(draw: st.DrawFn, code: str) -> Indicator:
    inside = tuple(draw(parts(f"{code}.{place}")) for place in range(1, draw(st.integers(1, 3)) + 1))
    return Indicator(code, "", sum((part.points for part in inside), Decimal(0)), parts=inside)


@st.composite
def adjustments(draw: st.DrawFn, kind: str, cap: Decimal | None) -> tuple[Adjustment, ...]:
    items = []
    for place in range(1, draw(st.integers(0, 3)) + 1):
        code = f"{'B' if kind == 'bonus' else 'D'}{place}"
        often = draw(st.sampled_from((st.none(), st.none() | MEASURES)))
        rules = [
            Rule(f"{code}.{order}", draw(st.sampled_from(TEXTS)), draw(POINTS), draw(often))
            for order in range(1, draw(st.integers(1, 2)) + 1)
        ]
        highest = draw(st.booleans()) and len(rules) > 1 and all(rule.per is None for rule in rules)
        rules += draw(factors(code, len(rules) + 1))
        items.append(Adjustment(code, kind, "", cap, tuple(rules), highest))
    return tuple(items)


@st.composite
def tracks(draw: st.DrawFn, code: str, annex: int) -> TrackRules:
    rated = draw(st.booleans())
    rows = tuple(draw(indicators(str(place))) for place in range(1, draw(st.integers(1, 4)) + 1))
    bonus, deduction, full = draw(st.none() | POINTS), draw(st.none() | POINTS), draw(POINTS)
    weights = draw(st.sampled_from(((70, 20, 10), (50, 30, 20))))
    codes = ("work", "recipients", "leaders")
    components = tuple(Component(each, Decimal(weight)) for each, weight in zip(codes, weights, strict=True))
    return TrackRules(
        code=code,
        name=NAMES[code],
        annex=annex,
        desk=draw(st.sampled_from(("组织人事部", "学会学术部"))),
        components=components if rated else (Component("work", Decimal(100)),),
        recipients=Recipients(draw(st.integers(1, 60)), ("科技志愿者", "企业代表")) if rated else None,
        materials=("summary", "score_sheet", *(["roster"] if rated else [])),
        full_marks=full,
        bonus_cap=bonus,
        deduction_cap=deduction,
        deduction_bars=draw(st.sampled_from(((), ("特等",), ("特等", "一等")))),
        incident_rule=draw(st.booleans()),
        indicators=rows,
        adjustments=(
            *draw(adjustments("bonus", draw(st.none() | POINTS))),
            *draw(adjustments("deduction", draw(st.none() | POINTS))),
        ),
    )


@st.composite
def schemes(draw: st.DrawFn) -> SchemeRules:
    codes = draw(st.lists(st.sampled_from(sorted(NAMES)), min_size=1, unique=True))
    return SchemeRules(
        year=2024,
        title="关于开展2024年度科协工作考核的通知",
        number="测科协发〔2024〕7号",
        issuer="测试市科学技术协会",
        issued=date(2024, 12, 1),
        deadline=date(2024, 12, draw(st.integers(2, 31))),
        publicity_working_days=draw(st.integers(1, 9)),
        grades=GRADES,
        tracks=tuple(draw(tracks(code, annex)) for annex, code in enumerate(codes, start=1)),
        deadline_time=draw(st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59))),
    )


def worded(scheme: SchemeRules) -> SchemeRules:
    """The scheme with the words that its rows are printed in, and without findings."""
    return replace(read_notice(print_scheme(scheme)), findings=())


@settings(max_examples=40)
@given(schemes())
def test_a_scheme_reads_back_from_what_is_printed(scheme: SchemeRules) -> None:
    assert unsaid(scheme) == ()
    again = worded(scheme)
    assert replace(again, tracks=()) == replace(scheme, tracks=())
    assert worded(again) == again


@pytest.mark.parametrize(
    "path", [NOTICE, SHORT, CITY, FIXTURES / "notice-2025-province.txt"], ids=lambda path: path.stem
)
def test_a_notice_prints_and_reads_back_to_the_same_scheme(path: object) -> None:
    scheme = scheme_of(path)  # type: ignore[arg-type]  # one of the notices above
    again = read_notice(print_scheme(scheme))
    assert again.tracks == scheme.tracks
    assert replace(again, findings=()) == replace(scheme, findings=())


def test_what_no_words_say_is_told_by_its_track() -> None:
    scheme = scheme_of(SHORT)
    track = scheme.tracks[0]
    trimmed = replace(track, components=tuple(replace(each, trim=1) for each in track.components))
    assert unsaid(replace(scheme, tracks=(trimmed, *scheme.tracks[1:]))) == (track.code,)


def test_a_scheme_without_a_row_reads_back_to_nothing() -> None:
    scheme = scheme_of(SHORT)
    empty = tuple(replace(track, indicators=(), adjustments=()) for track in scheme.tracks)
    assert unsaid(replace(scheme, tracks=empty)) == tuple(track.code for track in scheme.tracks)


OF_A_KIND = ("bonus-each", "bonus-levels", "item-bands", "item-levels", "item-that-deducts", "per-cent-each")
DECIDED = ("一票否决", "发生重大安全事故的，总分计零分", "弄虚作假的不予考核")
BANDED = "考核等次分为优秀、良好、合格。90分（含）以上为优秀，80分（含）至90分为良好，80分以下为合格。"
AT_DISCRETION = ("1.纪律差的酌情扣0.5－2分", "2.迟报每次酌情扣1-3分")


@pytest.mark.parametrize("name", OF_A_KIND)
def test_rows_of_every_kind_read_back(name: str) -> None:
    scheme = scheme_of(FIXTURES / "small" / f"{name}.txt")
    assert read_notice(print_scheme(scheme)).tracks == scheme.tracks


def test_vetoes_grades_by_score_and_points_at_discretion_read_back() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "扣分项", *AT_DISCRETION, *DECIDED, letter=BANDED))
    again = read_notice(print_scheme(scheme))
    assert (again.tracks, again.grade_bands) == (scheme.tracks, scheme.grade_bands)
    assert len(again.tracks[0].vetoes) == 2


def test_points_at_discretion_are_put_into_words() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "扣分项", *AT_DISCRETION))
    track = scheme.tracks[0]
    wordless = replace(track, adjustments=tuple(replace(item, text="") for item in track.adjustments))
    assert unsaid(replace(scheme, tracks=(wordless,))) == ()


@pytest.mark.parametrize("name", ["item-bands", "item-levels", "item-that-deducts"])
def test_levels_and_losses_are_printed_from_their_part_where_the_row_has_no_words(name: str) -> None:
    scheme = scheme_of(FIXTURES / "small" / f"{name}.txt")
    track = scheme.tracks[0]
    wordless = replace(track, indicators=tuple(replace(row, text="") for row in track.indicators))
    assert unsaid(replace(scheme, tracks=(wordless,))) == ()
