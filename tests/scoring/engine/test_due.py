"""Until when material is due: days in every writing, hours, stretches of days, and days that are no deadline (R6)."""

from datetime import date

import pytest

from scoring.engine.notice.choices import choices
from scoring.engine.notice.due import due
from tests.scoring.engine.paths import annex, scheme_from

ISSUED = date(2024, 11, 1)


def said(text: str) -> list[str]:
    return [named.said for named in due([text], ISSUED, 2024)]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("请于2024.12.10前报送。", "2024-12-10"),
        ("请于2024-12-10前报送。", "2024-12-10"),
        ("请于2025/1/8前报送。", "2025-01-08"),
        ("请于12.10前报送。", "2024-12-10"),
        ("请于1月8号之前提交。", "2025-01-08"),
        ("请于十二月十日前报送。", "2024-12-10"),
        ("请于二〇二五年一月八日前报送。", "2025-01-08"),
        ("请于12月底前报送。", "2024-12-31"),
        ("请于2月末前报送。", "2025-02-28"),
        ("请于12月10日（含）前报送。", "2024-12-10"),
        ("截止日期为12月10日。", "2024-12-10"),
        ("佐证材料的时间截止到11月30日，请于12月10日前报送。", "2024-12-10"),
        ("请于12月10日至12月15日报送。", "2024-12-15"),
        ("请于12月10—15日报送。", "2024-12-15"),
        ("申报时间：2024年12月20日至2025年1月10日，逾期不再受理。", "2025-01-10"),
        ("请将2024年1月1日至12月31日的工作总结于2025年1月10日前报送。", "2025-01-10"),
        ("申报时间：2024年12月20日至1月5日。", "2025-01-05"),
        ("申报时间：12月1日9时至12月20日18时。", "2024-12-20 18:00"),
        ("报送时间：12月20日。", "2024-12-20"),
        ("最迟于12月20日报送。", "2024-12-20"),
        ("请不晚于12月20日17:00报送。", "2024-12-20 17:00"),
        ("请于次年12月20日前报送。", "2025-12-20"),
        ("截至11月30日，会员达到100人。名册于12月20日前报送。", "2024-12-20"),
        ("2024年10月31日前成立的学会请于12月20日前报送。", "2024-12-20"),
        ("请于12月20日前组织填报，登录系统报送。", "2024-12-20"),
        ("12月5日前发表的论文请于12月20日前报送。", "2024-12-20"),
        ("考核期为2024年1月1日至12月31日。请于1月10日前报送。", "2025-01-10"),
    ],
)
def test_a_day_in_every_writing(text: str, instant: str) -> None:
    assert said(text) == [instant]


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        ("12:00前", " 12:00"),
        ("上午10时前", " 10:00"),
        ("上午12时前", " 12:00"),
        ("中午12点之前", " 12:00"),
        ("中午1点前", " 13:00"),
        ("下午5点前", " 17:00"),
        ("下午5点半前", " 17:30"),
        ("17时30分前", " 17:30"),
        ("下午五点半前", " 17:30"),
        ("（星期二）十二时前", " 12:00"),
        ("下午五时三十分前", " 17:30"),
        ("（星期二）17：30之前", " 17:30"),
        ("16:00时前", " 16:00"),
        ("晚上8点整前", " 20:00"),
        ("24:00前", ""),
        ("晚12点前", ""),
        ("晚上11点半前", " 23:30"),
        ("24时前", ""),
        ("下班前", ""),
        ("25:00前", ""),
    ],
)
def test_an_hour_of_the_day(at: str, hour: str) -> None:
    assert said(f"请于12月10日{at}报送。") == [f"2024-12-10{hour}"]


def test_an_hour_without_a_word_for_before_it() -> None:
    assert said("报送截止时间：12月10日18:00。") == ["2024-12-10 18:00"]


@pytest.mark.parametrize(
    ("at", "is_unclear"), [("下班前", True), ("25:00前", True), ("24:00前", False), ("晚12点前", False), ("前", False)]
)
def test_the_office_s_own_hour_and_one_that_no_day_has_are_unclear(at: str, is_unclear: bool) -> None:
    assert [named.is_unclear for named in due([f"请于12月10日{at}报送。"], ISSUED, 2024)] == [is_unclear]


NO_DEADLINES = [
    "请认真学习2024年10月1日前的文件，按时报送材料。",
    "论文须在12月5日前发表，报送复印件。",
    "考核期为2024年1月1日至12月31日，请按要求报送材料。",
    "请报送2024年1月1日至12月31日期间取得的成果。",
]


@pytest.mark.parametrize(
    "text", ["论文须在12月5日前发表。", "请于2月30日前报送。", "请于13月1日前报送。", "请尽快报送。", *NO_DEADLINES]
)
def test_no_deadline(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("at", "others"),
    [("12:00前", ["whole-day"]), ("下班前", ["hour-17:00", "hour-17:30", "hour-18:00"])],
)
def test_an_hour_is_told_with_what_else_it_may_be(at: str, others: list[str]) -> None:
    scheme = scheme_from(annex("1.甲（40分）", "2.乙（60分）", letter=f"请于12月10日{at}报送。"))
    assert [finding.code for finding in scheme.findings if finding.code == "deadline-hour"] == ["deadline-hour"]
    assert [choice.name for choice in choices(scheme, "deadline-hour", "", "")] == others
