"""The letter against the annex: which counts, what is told, and what is assumed where both are silent."""

from typing import Any

import pytest

from scoring.engine.notice import check, read_findings
from scoring.engine.scheme import SchemeRules
from tests.scoring.engine.paths import FIXTURES, annex, scheme_from, scheme_of

ALL = "请于12月20日前报送总结。材料报学会部。等次分为优秀、合格。公示5个工作日。"
CAPS = "加分不超过10分，扣分不超过10分。"
ROWS = ("1.甲（60分）", "2.乙（40分）", "加分项", "1.获奖（加1分/次）", "扣分项", "1.缺席（扣1分/次）")


def notice(
    section: str, *rows: str, title: str = "2024年度市级学会考核表", below: str = "", rest: str = ALL
) -> SchemeRules:
    letter = f"一、考核内容\n（一）市级学会\n{section}详见附件1。\n二、考核要求\n{rest}"
    return scheme_from(annex(*(rows or ROWS), letter=letter, title=title) + (f"\n\n注：{below}\n" if below else ""))


def told(scheme: SchemeRules) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.code, each.severity, each.track, each.at) for each in scheme.findings]


def track(scheme: SchemeRules) -> dict[str, Any]:
    rules: dict[str, Any] = scheme.to_json()["tracks"][0]
    return rules


def test_a_letter_and_an_annex_that_agree_leave_nothing_to_tell() -> None:
    scheme = notice("总分100分，" + CAPS, title="2024年度市级学会考核表（满分100分）", below="加减分均不超过10分。")
    assert told(scheme) == []


@pytest.mark.parametrize(
    ("section", "rows", "below", "expected"),
    [
        ("总分90分，" + CAPS, ROWS, "", ("90", "10", "10")),
        ("总分100分，加分不超过8分，扣分不超过10分。", ROWS, "加分不超过6分。", ("100", "6", "10")),
        ("总分100分，加分不超过8分，扣分不超过10分。", ROWS, "扣分最多4分。", ("100", "8", "4")),
        ("总分100分，" + CAPS, (*ROWS[:4], "扣分项（累计不超过3分）", ROWS[5]), "", ("100", "10", "3")),
    ],
)
def test_the_annex_counts_and_the_letter_fills_in(
    section: str, rows: tuple[str, ...], below: str, expected: tuple[str, str, str]
) -> None:
    scheme = notice(section, *rows, below=below)
    rules = track(scheme)
    assert (rules["full_marks"], rules["bonus_cap"], rules["deduction_cap"]) == expected
    assert (("conflict", "confirm", "society", None) in told(scheme)) is (expected[0] != "90")
    assert (("points-mismatch", "error", "society", None) in told(scheme)) is (expected[0] == "90")


def test_each_difference_is_a_finding_of_its_own_that_names_both_numbers() -> None:
    scheme = notice(
        "总分90分，加分不超过8分，扣分不超过7分。", title="2024年度学会考核表（满分100分）", below="加减分均不超过6分。"
    )
    messages = [each.message.text() for each in scheme.findings if each.code == "conflict"]
    assert len(messages) == 3
    for message, (letter, own) in zip(sorted(messages), (("90", "100"), ("8", "6"), ("7", "6")), strict=True):
        assert letter in message and own in message


def test_a_limit_for_each_item_differs_too() -> None:
    scheme = notice("总分100分，每项加分不超过2分，" + CAPS, *ROWS[:2], "加分项（每项加分不超过3分）", *ROWS[3:])
    assert track(scheme)["adjustments"][0]["cap"] == "3"
    assert [each for each in told(scheme) if each[0] == "conflict"] == [("conflict", "confirm", "society", None)]


def test_what_one_section_says_is_not_said_of_the_other_track() -> None:
    own = "（一）市级学会\n总分100分，加分不超过3分，扣分不超过4分，见附件1。"
    letter = f"一、内容\n{own}\n（二）高校科协\n总分100分，见附件2。\n二、要求\n{ALL}"
    text = (
        annex(*ROWS, letter=letter)
        + "\n\n附件2\n2024年度高校科协考核表\n\n\t指标\n"
        + "".join(f"\n\t{row}\n" for row in ROWS)
    )
    scheme = scheme_from(text)
    assert [(each.bonus_cap and str(each.bonus_cap), each.desk) for each in scheme.tracks] == [
        ("3", "学会部"),
        (None, "学会部"),
    ]
    assert [each[2] for each in told(scheme) if each[0] == "missing"] == ["university", "university"]


@pytest.mark.parametrize(
    ("left_out", "track_code", "assumed"),
    [
        ("请于12月20日前报送总结。", None, ("deadline", None)),
        ("等次分为优秀、合格。", None, ("grades", [])),
        ("公示5个工作日。", None, ("publicity_working_days", 5)),
    ],
)
def test_what_the_letter_leaves_out_is_told_with_what_is_assumed(
    left_out: str, track_code: str | None, assumed: tuple[str, Any]
) -> None:
    scheme = notice("总分100分，" + CAPS, rest=ALL.replace(left_out, ""))
    assert told(scheme) == [("missing", "confirm", track_code, None)]
    assert scheme.to_json()[assumed[0]] == assumed[1]


@pytest.mark.parametrize(
    ("section", "rest", "field", "assumed"),
    [
        ("总分100分，" + CAPS, ALL.replace("材料报学会部。", ""), "desk", None),
        (CAPS, ALL, "full_marks", "100"),
        ("总分100分，扣分不超过10分，", ALL, "bonus_cap", None),
        ("总分100分，加分不超过10分，", ALL, "deduction_cap", None),
    ],
)
def test_what_is_left_out_for_a_track_is_told_with_what_is_assumed(
    section: str, rest: str, field: str, assumed: str | None
) -> None:
    scheme = notice(section, rest=rest)
    assert told(scheme) == [("missing", "confirm", "society", None)]
    assert track(scheme)[field] == assumed


@pytest.mark.parametrize("kind", ["加分项", "扣分项"])
def test_a_limit_of_what_there_is_none_is_not_missed(kind: str) -> None:
    rows = ROWS[:2] + (ROWS[2:4] if kind == "加分项" else ROWS[4:])
    kind_in_words = "加分" if kind == "加分项" else "扣分"
    assert told(notice(f"总分100分，{kind_in_words}不超过10分。", *rows)) == []


@pytest.mark.parametrize(
    ("section", "weights", "codes"),
    [
        ("1.工作考核60%。\n2.服务对象评价30%：抽取9名服务对象（甲、乙）。\n3.领导评价10%。\n", ["60", "30", "10"], []),
        ("1.工作考核60分。\n2.服务对象评价30分：抽取9名服务对象（甲、乙）。\n", ["60", "30"], ["points-mismatch"]),
        ("1.工作考核60分，按50%权重计入。\n2.领导评价40分。\n", ["60", "40"], ["conflict"]),
        ("1.工作考核70.5%。\n2.领导评价29.5%。\n", ["70.5", "29.5"], []),
        ("1.工作考核70分。\n2.群众满意度30分。\n", ["70", "30"], ["missing"]),
    ],
)
def test_weights_and_what_is_told_of_them(section: str, weights: list[str], codes: list[str]) -> None:
    scheme = notice(section + "总分100分，" + CAPS)
    assert [each["weight"] for each in track(scheme)["components"]] == weights
    assert [each[0] for each in told(scheme)] == codes


def test_more_by_one_item_than_its_limit_is_told_of_parts_and_rules() -> None:
    rows = (
        "1.甲（60分，70分/项）",
        "2.乙（40分，40分/项）",
        "加分项（每项不超过3分）",
        "1.奖（加5分/次，最多加4分）",
        "2.奖（加3分）",
    )
    exceeding = [finding for finding in told(notice("总分100分，" + CAPS, *rows)) if finding[0] == "rate-exceeds-cap"]
    assert exceeding == [("rate-exceeds-cap", "confirm", "society", at) for at in ("1.1", "B1.1")]


@pytest.mark.parametrize(
    "name", ["notice-2023-city.txt", "notice-2021-doubts.txt", "notice-2022-short.txt", "notice-2025-province.txt"]
)
def test_a_scheme_comes_back_from_its_json_with_every_finding_known(name: str) -> None:
    scheme = scheme_of(FIXTURES / name)
    again = SchemeRules.from_json(scheme.to_json())
    assert again.to_json() == scheme.to_json()
    split = [*read_findings(again), *check(again)]
    assert sorted((each.code, each.track or "", each.at or "", each.message.text()) for each in split) == sorted(
        (each.code, each.track or "", each.at or "", each.message.text()) for each in scheme.findings
    )
