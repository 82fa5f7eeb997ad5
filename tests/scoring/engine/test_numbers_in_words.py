"""Points written in words, lists of numbers, limits and single happenings: read rightly or told, never implied away."""

from typing import Any

import pytest

from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.numbering import read_number
from tests.scoring.engine.paths import annex, scheme_from

Rules = list[tuple[str, str | None, str | None]]


def track(*rows: str) -> dict[str, Any]:
    rules: dict[str, Any] = scheme_from(annex(*rows)).to_json()["tracks"][0]
    return rules


def rules(header: str, row: str) -> Rules:
    (item,) = track("1.甲（100分）", header, row)["adjustments"]
    return [(rule["rate"], rule["per"], rule["cap"]) for rule in item["rules"]]


@pytest.mark.parametrize(
    ("row", "points"),
    [
        ("1.甲（一百分）", ["100"]),
        ("1.甲（一百二十分）", ["120"]),
        ("1.甲（一百零五分）", ["105"]),
        ("1.甲二十分；", ["20"]),
        ("1.甲，五分。", ["5"]),
        ("1.甲得十分，乙计三十五分", ["10", "35"]),
        ("1.甲（共三十分，其中乙十分，丙二十分）", ["10", "20"]),
        ("1.甲（满分五十分）", ["50"]),
        ("1.甲，最高二十分", ["20"]),
        ("1.甲（二十分封顶）", ["20"]),
        ("1.甲（两分）", ["2"]),
    ],
)
def test_points_in_words_are_points(row: str, points: list[str]) -> None:
    (first, *_others) = track(row, "2.其他（10分）")["indicators"]
    assert ([part["points"] for part in first["parts"]], first["implied"]) == (points, False)


@pytest.mark.parametrize(
    "row",
    [
        "1.甲（壹佰分）",
        "1.甲（贰拾分）",
        "1.甲（五至十分）",
        "1.甲（六十分以上）",
        "1.甲（各五分）",
        "1.甲（不足十分）",
        "1.甲（国家级、省级分别为10、5分）",
        "1.甲（10/5分）",
        "1.甲（十、五分）",
        "1.甲（20、15、10分）",
    ],
)
def test_what_no_rule_takes_in_words_or_lists_is_an_error_and_nothing_is_implied(row: str) -> None:
    scheme = scheme_from(annex(row, "2.其他（60分）"))
    assert next((each.code, each.at) for each in scheme.findings if each.severity == "error") == ("unread", "1")
    assert not any(each.implied for each in scheme.tracks[0].indicators)


@pytest.mark.parametrize(
    "words",
    [
        "十分重要",
        "工作十分突出，成效明显",
        "百分之三十",
        "百分制",
        "三分之二以上",
        "十分钟晨会",
        "一分为二",
        "得分",
        "工作十分 突出",
        "充分、积极",
        "万分感谢",
        "九分场",
        "部分一、二分册",
    ],
)
def test_words_with_the_character_of_points_are_no_marks(words: str) -> None:
    assert find_marks(words) == []


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("扣分项", "1.迟报，每迟报一天扣0.5分，扣完3分为止", [("0.5", "天", "3")]),
        ("扣分项", "1.迟报（扣1分/次，5分为限）", [("1", "次", "5")]),
        ("加分项", "1.获奖每次加1分，加满五分为止", [("1", "次", "5")]),
        ("扣分项", "1.未报送材料，一次扣2分", [("2", "次", None)]),
        ("加、扣分项", "1.获省级表彰1次加3分", [("3", "次", None)]),
        ("加分项", "1.获奖一项加一分，最多加三分", [("1", "项", "3")]),
        ("加分项", "1.市级（加一分/次）、省级（加两分/项）", [("1", "次", None), ("2", "项", None)]),
        ("加分项", "1.获奖每次一分", [("1", "次", None)]),
        ("扣分项", "1.第一次扣1分，第二次扣2分", [("1", None, None), ("2", None, None)]),
        ("加分项", "1.国家级五分、省级三分", [("5", None, None), ("3", None, None)]),
        ("加分项", "1.国家级（五分）、省级（三分）", [("5", None, None), ("3", None, None)]),
        ("加分项", "1.国家级、省级、市级分别加3、2、1分", [("3", None, None), ("2", None, None), ("1", None, None)]),
        ("加分项", "1.国家级、省级加3/2分", []),
    ],
)
def test_how_often_and_how_far_a_rule_counts(header: str, row: str, expected: Rules) -> None:
    assert rules(header, row) == expected
    told = [each.code for each in scheme_from(annex("1.甲（100分）", header, row)).findings]
    assert ("unread" in told) is (expected == [])


@pytest.mark.parametrize(
    ("header", "caps"),
    [
        ("加分项（不超过十分）", ("10", None, None)),
        ("加分项（每项不超过三分，累计最多十分）", ("10", None, "3")),
        ("加分项（封顶5分）", ("5", None, None)),
        ("加分项（5分封顶）", ("5", None, None)),
        ("加分项（以10分为限）", ("10", None, None)),
        ("加分项（上限为10分）", ("10", None, None)),
        ("加分项：单项至多2分，合计不高于8分", ("8", None, "2")),
        ("加、减分项（加减分均不得超过6分）", ("6", "6", None)),
        ("加减分项（加分最高8分，减分最高4分）", ("8", "4", None)),
        ("加扣分项（每个项目加分不大于2分，加分合计8分以内，扣分合计4分以内）", ("8", "4", None)),
    ],
)
def test_limits_in_other_words(header: str, caps: tuple[str | None, str | None, str | None]) -> None:
    rules = track("1.甲（100分）", header, "1.获奖（加1分/次）")
    assert (rules["bonus_cap"], rules["deduction_cap"]) == caps[:2]
    assert caps[2] is None or rules["adjustments"][0]["cap"] == caps[2]


def test_full_marks_in_words_are_stated() -> None:
    letter = "一、内容\n（一）学会\n考核总分一百二十分，加分不超过十分，详见附件1。\n二、其他"
    scheme = scheme_from(annex("1.甲（一百二十分）", letter=letter))
    assert (scheme.tracks[0].to_json()["full_marks"], scheme.tracks[0].to_json()["bonus_cap"]) == ("120", "10")
    assert not [each for each in scheme.findings if each.severity == "error"]


def test_a_weight_in_words_is_never_lost_silently() -> None:
    letter = "一、内容\n（一）学会\n1.工作考核七十分，详见附件1。\n2.服务对象评价三十分。\n二、其他"
    assert "unread" in [each.code for each in scheme_from(annex("1.甲（100分）", letter=letter)).findings]


@pytest.mark.parametrize(
    ("printed", "number", "begin"),
    [
        ("第一条 甲", 1, 4),
        ("第十二条甲", 12, 4),
        ("第3条 甲", 3, 4),
        ("十一、甲", 11, 3),
        ("（十）甲", 10, 3),
        ("1）甲", 1, 2),
        ("１、甲", 1, 2),
        ("⑳甲", 20, 1),
        ("三条措施", None, 0),
        ("甲", None, 0),
        ("2024年甲", None, 0),
        ("5分甲", None, 0),
    ],
)
def test_numbers_before_rows(printed: str, number: int | None, begin: int) -> None:
    number_read = read_number(printed)
    assert (number_read.number, number_read.begin, number_read.malformed) == (number, begin, False)


@pytest.mark.parametrize("piece", ["．", "_", "1、", "附件1、", "不超过", "1分/", "每项", "材料报", "（"])
def test_a_line_that_never_ends_is_read_in_the_time_of_its_length(piece: str) -> None:
    long = piece * 400
    scheme = scheme_from(annex("1.甲（100分）", f"2.{long}", letter=f"请于12月31日前报送。\n{long}"))
    assert scheme.deadline is not None and len(scheme.tracks) == 1
