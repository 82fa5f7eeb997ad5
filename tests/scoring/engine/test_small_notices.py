"""Small notices of other bodies, each with a layout or a rule of its own, as a careful clerk reads them."""

from datetime import date, time
from decimal import Decimal

import pytest

from scoring.engine.numbers import plain
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, TrackRules
from tests.scoring.engine.paths import FIXTURES, scheme_of

SMALL = FIXTURES / "small"


def small(name: str) -> SchemeRules:
    return scheme_of(SMALL / f"{name}.txt")


def track_of(name: str) -> TrackRules:
    (track,) = small(name).tracks
    return track


def rows(name: str) -> list[str]:
    return [plain(row.points) if row.points is not None else "" for row in track_of(name).indicators]


def told(name: str) -> set[tuple[str, str | None]]:
    """The findings that are about this notice's own peculiarity: not about what small notices never state."""
    usual = {("missing", None), ("unnumbered", None)}
    return {(finding.code, finding.at) for finding in small(name).findings} - usual


def rules(adjustment: Adjustment) -> list[tuple[str, str | None, str | None]]:
    return [(plain(rule.rate), rule.per, None if rule.cap is None else plain(rule.cap)) for rule in adjustment.rules]


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("desk-with-brackets", ["40", "60"]),
        ("group-points", ["15", "25", "60"]),
        ("group-points-in-text", ["15", "25", "60"]),
        ("head-of-two-rows", ["40", "60"]),
        ("hour-of-the-deadline", ["40", "60"]),
        ("item-bands", ["6", "94"]),
        ("item-in-the-scoring-column", ["40", "60"]),
        ("item-levels", ["4", "96"]),
        ("item-percent-levels", ["3", "97"]),
        ("item-that-deducts", ["10", "40", "50"]),
        ("items-in-the-standard-column", ["20", "30", "50"]),
        ("items-like-form-words", ["40", "20", "10", "30"]),
        ("items-like-notes", ["40", "20", "40"]),
        ("items-like-totals", ["40", "20", "10", "30"]),
        ("line-to-fill-in", ["40", "60"]),
        ("no-annex-heading", ["40", "60"]),
        ("number-inside-a-condition", ["100"]),
        ("rules-in-the-standard-column", ["50", "50"]),
        ("title-with-a-colon", ["40", "60"]),
        ("total-below-the-title", ["40", "60"]),
        ("total-in-the-head", ["40", "60"]),
    ],
)
def test_each_row_has_its_points_and_no_other_row_is_read(name: str, points: list[str]) -> None:
    assert rows(name) == points
    assert track_of(name).adjustments == ()
    assert not any(row.implied for row in track_of(name).indicators)


@pytest.mark.parametrize(
    ("name", "points", "code"),
    [("item-that-deducts-and-a-blank", "50", "3"), ("items-like-form-words-and-a-blank", "40", "3")],
)
def test_what_is_missing_to_the_full_marks_is_implied_once_every_other_row_is_read(
    name: str, points: str, code: str
) -> None:
    assert rows(name)[-1] == points
    assert told(name) == {("implied-points", code)}


@pytest.mark.parametrize("name", ["no-annex-heading", "title-with-a-colon", "line-to-fill-in"])
def test_a_title_is_found_without_the_word_for_an_annex(name: str) -> None:
    assert (small(name).year, track_of(name).name) == (2024, "乡镇科协")


@pytest.mark.parametrize("name", ["no-annex-heading", "title-with-a-colon", "line-to-fill-in", "deductions-only"])
def test_full_marks_that_nothing_states_are_told(name: str) -> None:
    findings = [finding for finding in small(name).findings if finding.code == "missing" and finding.track]
    assert any("100" in finding.message.text() for finding in findings)


@pytest.mark.parametrize("name", ["total-below-the-title", "total-in-the-head"])
def test_full_marks_are_read_wherever_they_stand(name: str) -> None:
    assert track_of(name).full_marks == Decimal(100)
    assert told(name) == set()


def test_a_desk_keeps_its_second_name_in_brackets() -> None:
    assert track_of("desk-with-brackets").desk == "学会学术部（国际部）"


def test_an_hour_of_the_deadline_is_read_and_told_as_printed() -> None:
    scheme = small("hour-of-the-deadline")
    assert (scheme.deadline, scheme.deadline_time) == (date(2024, 12, 10), time(12))
    (finding,) = (finding for finding in scheme.findings if finding.code == "deadline-hour")
    assert (finding.track, "12月10日12:00前" in finding.message.text()) == (None, True)


def test_a_number_that_says_which_are_meant_is_no_count() -> None:
    (part,) = track_of("number-inside-a-condition").parts()
    assert part.at_least is None


@pytest.mark.parametrize(
    ("name", "printed"), [("weights-as-a-ratio", "按7:3的比例"), ("weights-as-shares", "平时情况打分占60%")]
)
def test_weights_of_components_that_are_not_known_keep_the_cycle_closed(name: str, printed: str) -> None:
    (error,) = small(name).errors()
    assert (error.track, printed in error.message.text()) == ("annex-1", True)


def test_rules_beside_the_points_say_how_they_are_scored() -> None:
    first, second = track_of("rules-in-the-standard-column").parts()
    assert "未报送年报每次扣3分" in first.text
    assert (second.rate, second.per) == (Decimal(5), "场")


def test_a_bonus_counts_for_each_of_what_it_names() -> None:
    track = track_of("bonus-each")
    assert [rules(item) for item in track.adjustments] == [
        [("2", "次", None), ("1", "次", None), ("0.5", "次", None)],
        [("10", "5万元", None)],
        [("5", "篇", None), ("3", "篇", None), ("1", "篇", None)],
        [("5", "门", None), ("3", "门", None)],
        [("1", "10个百分点", None)],
        [("1", "场", "3")],
        [("1", "项", None)],
    ]
    assert told("bonus-each") == {("judgement", "B7")}


def test_of_several_levels_one_applies() -> None:
    track = track_of("bonus-levels")
    assert [[rate for rate, _per, _cap in rules(item)] for item in track.adjustments] == [
        ["5", "3", "1"],
        ["3", "2", "1"],
        ["20", "15", "10"],
        ["100", "70", "50"],
    ]
    assert all(item.highest for item in track.adjustments)
    assert told("bonus-levels") == {("alternatives", code) for code in ("B1", "B2", "B3", "B4")}


def test_a_level_without_its_unit_counts_all_the_same() -> None:
    (item,) = track_of("level-without-its-unit").adjustments
    assert rules(item) == [("3", None, None), ("2", None, None), ("1", None, None)]


def test_a_bonus_at_discretion_is_no_indicator() -> None:
    track = track_of("bonus-without-heading")
    assert (rows("bonus-without-heading"), [item.kind for item in track.adjustments]) == (["40", "50"], ["bonus"])
    assert rules(track.adjustments[0]) == [("1", "分", "10")]
    assert told("bonus-without-heading") == {("judgement", "B1"), ("points-mismatch", None)}


def test_a_deduction_counts_for_each_of_what_it_names() -> None:
    assert [rules(item) for item in track_of("deduction-each").adjustments] == [
        [("0.25", "个百分点", None)],
        [("1", "10%", None)],
        [("5", "起", None), ("10", "起", None)],
        [],
        [("10", "个月", None)],
        [],
        [("6", None, None), ("6", None, None)],
        [("2", None, None)],
        [("0.5", "次", "2")],
    ]
    assert told("deduction-each") >= {("unread", "D4"), ("unread", "D6"), ("judgement", "D8")}
    assert [rules(item) for item in track_of("per-cent-each").adjustments] == [
        [("0.25", "个百分点", None)],
        [("1", "10%", None)],
    ]


def test_a_list_of_deductions_alone_is_read_and_can_not_open() -> None:
    track = track_of("deductions-only")
    assert [rules(item) for item in track.adjustments] == [[("0.25", "问题点", None)], [("5", "起", None)]]
    assert (track.name, track.indicators) == ("乡镇平安建设“负面清单”", ())
    assert ("points-mismatch", None) in told("deductions-only")
