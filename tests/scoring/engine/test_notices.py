"""Other notices of the same kind: another city, another year, doubtful ones, and the grammar row by row."""

from collections import Counter
from decimal import Decimal

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import check, from_text, read_notice
from scoring.engine.scheme import SchemeRules
from tests.scoring.engine.paths import CITY, DOUBTS, SHORT, annex, scheme_from, scheme_of

ROW = "2.其他（10分）"


def codes(scheme: SchemeRules) -> list[tuple[str, str | None, str | None]]:
    return [(each.code, each.track, each.at) for each in scheme.findings]


def first(row: str) -> list[tuple[str, str, int | None, str | None, str | None]]:
    """The parts of a row: text, points, count demanded, rate, measure."""
    body = scheme_from(annex(row, ROW)).to_json()["tracks"][0]["indicators"][0]
    return [(part["text"], part["points"], part["at_least"], part["rate"], part["per"]) for part in body["parts"]]


def test_another_city_needs_no_correction_but_a_look_at_the_hour_of_its_deadline() -> None:
    scheme = scheme_of(CITY)
    assert codes(scheme) == [("deadline-hour", None, None)]
    assert "17:00" in scheme.findings[0].message.text()
    assert [track.code for track in scheme.tracks] == ["district", "society", "university", "enterprise", "annex-5"]
    assert [track.desk for track in scheme.tracks] == ["组织部", "学会部", "科普部", "科普部", "科普部"]
    body = scheme.to_json()
    assert body["deadline_time"] == "17:00"
    assert (body["number"], body["deadline"], body["publicity_working_days"]) == ("测科协〔2023〕8号", "2024-01-10", 7)
    assert body["grades"] == ["优秀", "良好", "合格"]


def test_another_citys_districts() -> None:
    track = scheme_of(CITY).to_json()["tracks"][0]
    assert [each["weight"] for each in track["components"]] == ["60", "25", "15"]
    assert track["recipients"] == {"sample": 30, "categories": ["科技工作者", "科技志愿者", "科普信息员"]}
    assert (track["bonus_cap"], track["deduction_cap"], track["deduction_bars"]) == ("8", "5", ["优秀"])
    assert [[part["points"] for part in each["parts"]] for each in track["indicators"]] == [
        ["10", "20"],
        ["20", "10"],
        ["8", "12"],
        ["10", "10"],
    ]
    assert [(rule["rate"], rule["per"], rule["cap"]) for each in track["adjustments"] for rule in each["rules"]] == [
        ("2", "次", None),
        ("1", "次", "2"),
        ("0.5", "次", None),
    ]


def test_doubts_are_all_stated() -> None:
    counted = Counter(finding.code for finding in scheme_of(DOUBTS).findings)
    assert counted == {
        "unread": 4,
        "missing": 7,
        "conflict": 4,
        "numbering": 2,
        "points-mismatch": 4,
    }


def test_the_annex_counts_where_the_letter_differs() -> None:
    district = scheme_of(DOUBTS).tracks[0]
    assert (district.full_marks, district.bonus_cap, district.deduction_cap) == (Decimal(90), Decimal(8), Decimal(8))


def test_nothing_is_implied_where_a_mark_is_unread() -> None:
    scheme = scheme_from(annex("1.甲（5-8分）", "2.乙（60分）", "3.丙"))
    assert [each.points for each in scheme.tracks[0].indicators] == [None, Decimal(60), None]
    scheme = scheme_from(annex("1.甲（5-8分），戊（5分）", "2.乙（60分）"))
    assert not any(each.implied for each in scheme.tracks[0].indicators)
    assert scheme.tracks[0].indicators[0].parts == ()


def test_two_rows_without_points_imply_nothing() -> None:
    assert ("points-mismatch", "society", None) in codes(scheme_of(SHORT))
    assert ("unnumbered", "society", None) in codes(scheme_of(SHORT))


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("1.甲（10分）", [("甲", "10", None, None, None)]),
        ("1、甲，１０分；", [("甲", "10", None, None, None)]),
        ("１．甲【十分】", [("甲", "10", None, None, None)]),
        ("（一）甲3次以上（10分，5分/项）", [("甲3次以上", "10", 3, "5", "项")]),
        ("①甲（10分）（每项2分）", [("甲", "10", None, "2", "项")]),
        ("甲（10分，举办一次2分/次）", [("甲", "10", None, "2", "次")]),
        ("1.每举办一次得2分，最高10分", [("每举办一次得2分，最高10分", "10", None, "2", "次")]),
        (
            "1.甲（乙4分，丙6分），丁（5分）",
            [(t, p, None, None, None) for t, p in (("乙", "4"), ("丙", "6"), ("丁", "5"))],
        ),
        ("1.甲（共30分，其中乙10分，丙20分）", [("乙", "10", None, None, None), ("丙", "20", None, None, None)]),
        ("1.甲30分（其中乙10分，丙20分）", [("乙", "10", None, None, None), ("丙", "20", None, None, None)]),
        ("1.甲（乙10分，丙20分）30分", [("乙", "10", None, None, None), ("丙", "20", None, None, None)]),
        (
            "1.甲（20分）：乙（5分）。丙（15分）；丁（3分）",
            [(t, p, None, None, None) for t, p in (("乙", "5"), ("丙", "15"), ("丁", "3"))],
        ),
        (
            "1.甲（30分）。（1）乙（10分）；（2）丙（20分）",
            [("（1）乙", "10", None, None, None), ("（2）丙", "20", None, None, None)],
        ),
        ("1.社团评估3A以上（4分）", [("社团评估3A以上", "4", None, None, None)]),
        ("1.成果4次及以上（4分）", [("成果4次及以上", "4", 4, None, None)]),
        ("1.成果超过4次（4分）", [("成果超过4次", "4", 5, None, None)]),
        ("1.会员不少于一百二十人（4分）", [("会员不少于一百二十人", "4", 120, None, None)]),
        ("1.100人以上的会议两次以上（4分）", [("100人以上的会议两次以上", "4", 2, None, None)]),
        ("1.甲（B类10分以内", [("B类", "10", None, None, None)]),
        ("1.十分重要的10分钟晨会（5分）", [("十分重要的10分钟晨会", "5", None, None, None)]),
        ("1.甲（含乙）（5分）", [("甲（含乙）", "5", None, None, None)]),
    ],
)
def test_a_row_of_the_grammar(row: str, parts: list[tuple[str, str, int | None, str | None, str | None]]) -> None:
    assert first(row) == parts


@pytest.mark.parametrize(
    "row",
    [
        "甲（5至10分）",
        "甲各5分",
        "甲（3分/项）",
        "甲（10分，国家级5分/次，省级3分/次）",
        "甲每缺一次扣2分（10分）",
        "甲（90分以上）",
        "甲（5分、8分）",
        "甲（达到60分，乙20分）",
        "甲" + "（" * 20 + "5分" + "）" * 20,
        "甲（5分、8分，其中乙3分）",
    ],
)
def test_what_no_rule_takes_is_an_error(row: str) -> None:
    scheme = scheme_from(annex(f"1.{row}", ROW))
    assert ("unread", "society", "1") in codes(scheme)
    assert scheme.tracks[0].indicators[0].points is None


def test_a_total_that_its_parts_do_not_reach_is_a_mismatch() -> None:
    scheme = scheme_from(annex("1.甲（共30分，其中乙10分，丙10分）", "2.丁（70分）"))
    assert ("points-mismatch", "society", "1") in codes(scheme)


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("加分项", "1.获奖（1分/次）", [("B1", "1", "次", None)]),
        ("扣分项（不超过10分）", "1.缺席（1分/次）", [("D1", "1", "次", None)]),
        (
            "加、扣分项（每项加分不超过3分）",
            "1.获奖加一分/次，缺席扣2分",
            [("B1", "1", "次", None), ("D1", "2", None, None)],
        ),
        ("奖惩项", "1.每获奖一次加1分，最多加3分", [("B1", "1", "次", "3")]),
        ("加分项（10分）", "1.获奖（1分/次）", [("B1", "1", "次", None)]),
        ("加分项", "1.获奖（市级1分，省级2分）", [("B1", "1", None, None), ("B1", "2", None, None)]),
        ("加分项", "1.获奖（1分/次），本项不超过2分", [("B1", "1", "次", "2")]),
    ],
)
def test_a_row_of_adjustments(
    header: str, row: str, expected: list[tuple[str, str | None, str | None, str | None]]
) -> None:
    track = scheme_from(annex("1.甲（100分）", header, row)).to_json()["tracks"][0]
    rules = [
        (each["code"], rule["rate"], rule["per"], rule["cap"])
        for each in track["adjustments"]
        for rule in each["rules"] or [{"rate": None, "per": None, "cap": None}]
    ]
    assert rules == expected


def test_marks_in_a_header_that_are_no_limits_are_errors() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "加分事项（市级1分，省级2分）", "1.获奖（1分/次）"))
    assert scheme.tracks[0].bonus_cap is None
    assert ("unread", "society", None) in codes(scheme)


def test_an_item_may_state_its_own_limit() -> None:
    track = scheme_from(
        annex("1.甲（100分）", "加分项（每项加分不超过3分）", "1.获奖（1分/次），乙，本项不超过2分")
    ).tracks[0]
    assert track.adjustments[0].cap == Decimal(2)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("2.获奖，加分", "bonus"),
        ("2.未报送材料", "deduction"),
        ("2.获奖（加1分、2分）", "bonus"),
        ("2.共5分（其中获奖加1分）", "bonus"),
    ],
)
def test_an_adjustment_that_can_not_be_priced_is_an_error(row: str, kind: str) -> None:
    scheme = scheme_from(annex("1.甲（100分）", "加、扣分项", "1.获奖（加1分）", row))
    assert any(code == "unread" for code, _track, _at in codes(scheme))
    assert scheme.tracks[0].adjustments[-1].kind == kind


def test_rows_that_only_deduct_need_no_header() -> None:
    track = scheme_from(annex("1.甲（100分）", "2.缺席（扣1分/次）")).tracks[0]
    assert [each.code for each in track.adjustments] == ["D1"]


def test_sums_notes_and_forms_are_no_rows() -> None:
    scheme = scheme_from(
        annex(
            "1.甲（80分）",
            "合计80分",
            "小计",
            "填表人：",
            "注：加分不超过4分，另计3分/次",
            "加分项",
            "1.获奖（1分/次）",
            title="2024年度市级学会考核表（满分80分）",
        )
    )
    track = scheme.tracks[0]
    assert (track.full_marks, track.bonus_cap, len(track.indicators)) == (Decimal(80), Decimal(4), 1)
    assert ("unread", "society", None) in codes(scheme)


@pytest.mark.parametrize(
    ("numbers", "at"),
    [
        (("1.", "2.", "2."), ["3"]),
        (("1.", "3.", "4."), ["2"]),
        (("1.", "2..", "3."), ["2"]),
        (("1.", "2、", "3．"), []),
    ],
)
def test_printed_numbers(numbers: tuple[str, ...], at: list[str]) -> None:
    scheme = scheme_from(annex(*(f"{number}甲（10分）" for number in numbers)))
    assert [place for code, _track, place in codes(scheme) if code == "numbering"] == at


def test_a_loose_number_is_malformed() -> None:
    assert ("numbering", "society", "2") in codes(scheme_from(annex("1.甲（10分）", "2 乙（10分）")))


@pytest.mark.parametrize(
    "text", ["", "没有表格", "附件1\n\n\t姓名\n\t电话\n", "附件1\n2024年度学会考核表\n\n\t指标说明\n\t自评分\n"]
)
def test_a_notice_without_rows_is_an_error(text: str) -> None:
    with pytest.raises(EngineErrors) as caught:
        read_notice(from_text("notice.txt", text))
    assert all(error.remedy is not None for error in caught.value)


def test_two_annexes_of_one_kind_get_codes_of_their_own() -> None:
    text = annex("1.甲（100分）") + "\n\n附件2\n2024年度县级学会考核表\n\n\t指标说明\n\n\t1.甲（100分）\n"
    text += "\n附件2\n2024年度省级学会考核表\n\n\t指标说明\n\n\t1.甲（100分）\n"
    assert [track.code for track in scheme_from(text).tracks] == ["society", "annex-2", "annex-2b"]


def test_check_raises_nothing_about_what_is_right_by_now() -> None:
    body = scheme_of(SHORT).to_json()
    track = body["tracks"][0]
    for indicator, points in zip(track["indicators"], ("20", "60", "20"), strict=True):
        indicator["points"] = points
        indicator["parts"] = [{"code": f"{indicator['code']}.1", "text": "", "points": points}]
    track["desk"] = "学会部"
    body |= {"deadline": "2022-12-31", "grades": ["优秀"]}
    assert check(SchemeRules.from_json(body)) == ()


def test_a_total_with_rates_of_its_own_and_pieces_after_is_read_or_told() -> None:
    assert first("1.甲（乙4分）（丙6分）") == [("乙", "4", None, None, None), ("丙", "6", None, None, None)]


@pytest.mark.parametrize("head", ["序号", "序号\t分值", "分值"])
def test_a_table_whose_header_names_no_text_is_read_from_its_first_column(head: str) -> None:
    scheme = scheme_from(annex("1.甲（40分）", "\t", "", "2.乙（60分）", head=head))
    assert [each.points for each in scheme.tracks[0].indicators] == [Decimal(40), Decimal(60)]


def test_a_row_that_lacks_the_column_is_read_from_its_first_cell() -> None:
    scheme = scheme_from(annex("1\t甲（100分）", "加分项（不超过5分）", "1\t获奖（加1分/次）", head="序号\t考核内容"))
    assert (scheme.tracks[0].bonus_cap, len(scheme.tracks[0].adjustments)) == (Decimal(5), 1)


def test_a_note_below_a_table_ends_it_and_a_form_line_above_is_no_title() -> None:
    table = "附件1\n填报单位：\n2024年度学会考核表\n\n\t指标\n\n\t1.甲（100分）\n"
    rows = f"{table}\n\n表后说明。\n\n注：加分不超过4分。\n\n\t尾\n"
    track = scheme_from(f"关于2024年度考核的通知\n\n{rows}").tracks[0]
    assert (track.name, track.bonus_cap) == ("学会", Decimal(4))
    assert track.indicators[0].text == "1.甲（100分）"
