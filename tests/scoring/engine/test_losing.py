"""Rows that only deduct, from a full mark: one row of these points, of which they are the losses."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.engine.notice import read_notice
from scoring.engine.notice.printing import print_scheme, unsaid
from scoring.engine.scheme import ERROR, SchemeRules
from scoring.readers.sources import read_source
from tests.scoring.engine.layouts import Layout, as_text, layouts
from tests.scoring.engine.paths import FIXTURES, annex, scheme_from
from tests.support.scored import parse_units, score_units

TITLE = "2024年度市级学会考核表（100分）"
LAYOUTS = [
    pytest.param(layout, id=layout.name)
    for stem in ("losing", "adjustments")
    for layout in layouts(FIXTURES / "layouts" / f"{stem}.txt")
    if "(-" in layout.read
]


def read(*rows: str, **letter: str) -> SchemeRules:
    return scheme_from(annex(*rows, title=TITLE, **letter))


def told(scheme: SchemeRules) -> set[tuple[str, str | None]]:
    return {(finding.code, finding.at) for finding in scheme.findings if finding.code != "missing"}


def test_a_scheme_of_deductions_opens_and_scores() -> None:
    scheme = read("1.脱岗一次扣2分", "2.垃圾每处扣1分")
    assert not [finding for finding in scheme.findings if finding.severity == ERROR]
    unit = {"unit": "甲", "track": "society", "parts": {"1.1": "95"}, "basis": {"1.1": {"losses": {"1.1.1": 2}}}}
    (score,) = score_units(scheme, parse_units(scheme, [unit]))
    assert score.total == Decimal(95)
    assert "1.1: 100 − (2 × 2 [1.1.1]), not below 0 = 96" in [sentence.text() for sentence in score.explain]


def test_what_is_taken_from_a_section_ends_at_nothing() -> None:
    part = read("一、组织建设（40分）", "1.未换届扣10分", "二、活动（60分）", "1.少一次扣5分").tracks[0].parts()[0]
    assert part.left({"1.1.1": 1}) == Decimal(30)
    assert part.left({"1.1.1": 5}) == 0


def test_the_full_marks_may_stand_in_the_letter() -> None:
    text = annex("1.脱岗一次扣2分", "2.垃圾每处扣1分", letter="考核实行百分制，从100分中倒扣。")
    (part,) = scheme_from(text).tracks[0].parts()
    assert (part.points, len(part.losses)) == (Decimal(100), 2)


def test_a_deduction_that_bars_from_a_grade_is_told_of_losses() -> None:
    scheme = read("1.脱岗一次扣2分", "注：有扣分的不得评为优秀。", letter="考核等次分为优秀、良好、合格。")
    assert scheme.tracks[0].deduction_bars == ("优秀",)
    assert ("judgement", "1") in told(scheme)


def test_a_row_that_a_head_of_deductions_follows_is_no_deduction() -> None:
    scheme = read("1.完成各项任务", "扣分项", "1.脱岗一次扣2分", "2.迟报一次扣1分")
    assert [item.code for item in scheme.tracks[0].adjustments] == ["D1", "D2"]


def test_groups_under_a_head_of_deductions_stay_deductions() -> None:
    scheme = read("1.活动（100分）", "扣分项", "一、纪律（10分）", "1.脱岗一次扣2分", "2.迟到一次扣1分")
    assert len(scheme.tracks[0].indicators) == 1
    assert [item.code for item in scheme.tracks[0].adjustments][-2:] == ["D1", "D2"]


def test_a_row_number_that_is_missing_is_told_at_the_row_they_become() -> None:
    scheme = read("1.脱岗一次扣2分", "垃圾每处扣1分", "迟到一次扣1分")
    assert ("unnumbered", "1") in told(scheme)


def test_a_deduction_that_can_not_be_read_is_told_at_the_row_they_become() -> None:
    table = ("1.脱岗一次扣2分", "2.垃圾每处扣1分", "3.迟到的扣3-5-8分")
    assert ("unread", "1") in told(read(*table))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_they_are_printed_and_read_back(layout: Layout) -> None:
    scheme = read_notice(read_source("notice.txt", as_text(layout)))
    assert unsaid(scheme) == ()


def test_losses_without_words_of_their_own_are_put_into_words() -> None:
    track = read("一、组织建设（40分）", "1.未换届扣10分", "二、（60分）", "1.少一次扣5分").tracks[0]
    bare = tuple(
        replace(row, text="", parts=tuple(replace(part, text="") for part in row.parts)) for row in track.indicators
    )
    scheme = read("1.脱岗一次扣2分")
    printed = replace(scheme, tracks=(replace(track, indicators=bare),))
    again = read_notice(print_scheme(printed)).tracks[0].indicators
    assert [row.points for row in again] == [40, 60]
    assert unsaid(printed) == ()


def test_what_multiplies_deductions_multiplies_no_points_that_are_left() -> None:
    scheme = read("1.脱岗一次扣2分，情节严重的加倍扣分", "2.垃圾每处扣1分")
    (part,) = scheme.tracks[0].parts()
    assert [(loss.rate, loss.factor) for loss in part.losses] == [(2, None), (1, None)]
    (finding,) = [finding for finding in scheme.findings if finding.code in ("judgement", "unclear-scope")]
    assert (finding.at, "“情节严重的” multiplies what is lost" in finding.message.text()) == ("1", True)
