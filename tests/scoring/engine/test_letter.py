"""The letter: each thing it states, in the ways that notices state it."""

from decimal import Decimal
from typing import Any

import pytest

from scoring.engine.notice import check, from_text, read_notice
from scoring.engine.scheme import SchemeRules
from tests.scoring.engine.paths import annex, scheme_from

TABLE = "附件1\n2024年度市级学会考核表\n\n\t指标说明\n\n\t1.甲（40分）\n\n\t2.乙（60分）\n"


def body(
    letter: str, title: str = "关于2024年度考核的通知", signed: str = "测试市科协\n2024年12月1日"
) -> dict[str, Any]:
    return scheme_from(f"{title}\n\n{letter}\n\n{signed}\n\n{TABLE}").to_json()


def messages(scheme: dict[str, Any], code: str) -> list[str]:
    return [finding["message"] for finding in scheme["findings"] if finding["code"] == code]


@pytest.mark.parametrize(
    ("letter", "deadline"),
    [
        ("请于12月31日前报送材料。", "2024-12-31"),
        ("材料请于1月10日之前提交。", "2025-01-10"),
        ("请于2025年3月1日（星期六）下班前报送。", "2025-03-01"),
        ("报送截止时间为12月20日。", "2024-12-20"),
        ("请于12月31日17:00前寄送。", "2024-12-31"),
        ("论文须在12月5日前发表。", None),
        ("请于2月30日前报送。", None),
        ("请于12月20日前报送，经同意的可于12月25日前补报。", "2024-12-20"),
    ],
)
def test_deadline(letter: str, deadline: str | None) -> None:
    assert body(letter)["deadline"] == deadline


def test_several_deadlines_and_one_in_the_annex() -> None:
    assert messages(body("请于12月20日前报送，补充材料于12月25日前报送。"), "conflict")
    text = annex("1.甲（40分）", "2.乙（60分）", letter="请于12月20日前报送。") + "\n\n注：请于12月22日前报送。\n"
    scheme = scheme_from(text).to_json()
    assert scheme["deadline"] == "2024-12-22" and messages(scheme, "conflict")


def test_a_deadline_without_a_day_of_issue_lies_in_the_year_assessed() -> None:
    assert body("请于12月20日前报送。", signed="")["deadline"] == "2024-12-20"
    text = TABLE.replace("2024年度", "")
    scheme = scheme_from(f"关于考核的通知\n\n请于12月20日前报送。\n\n{text}").to_json()
    assert (scheme["year"], scheme["deadline"]) == (None, None)
    assert "The year is not stated. Enter it." in messages(scheme, "missing")


@pytest.mark.parametrize(
    ("signed", "issuer", "issued"),
    [
        ("测试市科学技术协会  \n\n      2024年12月1日", "测试市科学技术协会", "2024-12-01"),
        ("测试市科学技术协会 2024年12月1日", "测试市科学技术协会", "2024-12-01"),
        ("测试市科协\n二〇二四年十二月一日", "测试市科协", "2024-12-01"),
        ("附件：1.甲\n2024年2月30日", None, None),
        ("以上。\n2024年12月1日印发\n", None, "2024-12-01"),
    ],
)
def test_signature(signed: str, issuer: str | None, issued: str | None) -> None:
    scheme = body("正文。", signed=signed.replace("2024年12月1日印发", "2024年12月1日"))
    assert (scheme["issuer"], scheme["issued"]) == (issuer, issued)


def test_a_date_alone_on_the_first_line_has_no_issuer() -> None:
    assert body("正文。", title="2024年12月1日", signed="")["issuer"] is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于做好\n2024年度考核\n工作的通知", "关于做好2024年度考核工作的通知"),
        ("2024年度考核办法", "2024年度考核办法"),
        ("关于2024年度考核", "关于2024年度考核"),
        ("2024年度的信", None),
    ],
)
def test_title(title: str, expected: str | None) -> None:
    assert body("根据有关规定。", title=title)["title"] == expected


def test_number_is_the_notices_own() -> None:
    head = "测试市科学技术协会文件\n测科协〔2024〕 12 号  签发人：甲\n关于2024年度考核的通知"
    assert body("根据《通知》（测委办〔2014〕1号）。", title=head)["number"] == "测科协〔2024〕12号"
    assert body("根据《通知》（测委办〔2014〕1号）。")["number"] is None


@pytest.mark.parametrize(
    ("letter", "grades"),
    [
        ("考核等次分为特等、一等、二等。三等不设。", ["特等", "一等", "二等"]),
        ("考核结果分为优秀、良好、合格三个等次，另行公布。", ["优秀", "良好", "合格"]),
        ("等次为“优秀”和“合格”，其余不评。", ["优秀", "合格"]),
        ("考核等次为优秀。", []),
        ("考核等次分为若干类。", []),
    ],
)
def test_grades(letter: str, grades: list[str]) -> None:
    assert body(letter)["grades"] == grades


@pytest.mark.parametrize(
    ("letter", "days", "told"),
    [
        ("公示期不少于五个工作日。", 5, 0),
        ("在网站上公示 7 个工作日。", 7, 0),
        ("公示10天。", 10, 1),
        ("予以公示。", 5, 1),
    ],
)
def test_publicity(letter: str, days: int, told: int) -> None:
    scheme = body(letter)
    assert scheme["publicity_working_days"] == days
    assert len([each for each in messages(scheme, "missing") if "public" in each]) == told


@pytest.mark.parametrize(
    ("letter", "desk"),
    [
        ("各市级学会（协会、研究会）材料报学会学术部，其他材料报办公室。", "学会学术部"),
        ("各协会的材料统一报送至学会部。", "学会部"),
        ("各单位材料报组织人事部。", "组织人事部"),
        ("请将材料报送考核办公室。", "考核办公室"),
        ("各区县科协材料报组织部。", None),
    ],
)
def test_desk(letter: str, desk: str | None) -> None:
    assert body(letter)["tracks"][0]["desk"] == desk


def test_a_section_is_found_by_its_heading_when_no_annex_is_named() -> None:
    letter = "一、内容\n（一）区县科协\n总分90分。\n（二）市级学会\n总分80分，每项加分不超过2分。\n二、其他\n"
    scheme = body(letter)
    assert scheme["tracks"][0]["full_marks"] == "80"


def test_what_is_said_for_all_counts_for_each() -> None:
    letter = (
        "一、总则\n满分100分，加分不超过6分、扣分不超过7分。发生重大事故的一票否决。"
        "出现扣分的不得评为优秀。\n二、等次分为优秀、合格。\n"
    )
    track = body(letter)["tracks"][0]
    assert (track["full_marks"], track["bonus_cap"], track["deduction_cap"]) == ("100", "6", "7")
    assert (track["deduction_bars"], track["incident_rule"]) == (["优秀"], True)


def test_weights_in_one_sentence_and_one_that_nobody_knows() -> None:
    letter = "一、内容\n学会按工作考核60%、服务对象评价30%、市科协评价10%计算，随机抽取10人打分，详见附件1。\n二、其他"
    track = body(letter)["tracks"][0]
    assert [each["weight"] for each in track["components"]] == ["60", "30", "10"]
    assert track["recipients"] == {"sample": 10, "categories": []}
    letter = "一、内容\n（一）学会\n1.工作考核85分，详见附件1。\n2.创新加码15分：另行通知。\n二、其他"
    scheme = body(letter)
    assert any("创新加码15分" in each for each in messages(scheme, "unread"))
    assert any("85" in each for each in messages(scheme, "points-mismatch"))


def test_a_sample_named_elsewhere_serves_all() -> None:
    letter = "一、内容\n1.工作考核70分，服务对象评价30分，详见附件1。\n二、抽取\n随机抽取15名服务对象（甲类、乙类）。\n"
    assert body(letter)["tracks"][0]["recipients"] == {"sample": 15, "categories": ["甲类", "乙类"]}


def test_a_number_in_the_letter_that_no_rule_takes() -> None:
    assert messages(body("一、内容\n（一）学会详见附件1，不足60分的约谈。\n二、其他"), "unread")
    assert messages(body("其余每次5分。"), "unread")


def test_names_run_together() -> None:
    assert messages(body("考核范围为各区县科协市级学会，高校科协。"), "unclear-scope")
    assert messages(body("各区县科协、万盛经开区科协，测试协会市级学会："), "unclear-scope")
    assert not messages(body("考核范围为各区县（自治县）科协，市级学会（协会、研究会）。"), "unclear-scope")


def test_annexes_named_as_a_range_or_not_there() -> None:
    scheme = body("详见附件1至3。")
    assert len([each for each in messages(scheme, "missing") if "not in the file" in each]) == 2
    assert not [each for each in messages(body("附件1—300"), "missing") if "annex 150" in each]


def test_tables_without_headings_count_as_annexes_in_order() -> None:
    text = (
        "2024年度学会考核通知\n\n\t联系人\n\n\n\n2024年度市级学会考核表\n\n\n\t指标\n\n\t1.甲（100分）\n\n\n\n"
        "2024年度高校科协考核表\n\n\n"
    )
    text += "\t指标\n\n\t1.甲（100分）\n\n\n\n注：无。\n\n\t签字\n"
    assert [(each.code, each.annex) for each in scheme_from(text).tracks] == [("society", 1), ("university", 2)]


def test_a_heading_may_carry_its_title_and_a_list_is_no_heading() -> None:
    text = (
        "关于2024年度考核的通知\n附件1：2024年度学会考核表\n附件2：名册\n\n"
        "附件1：2024年度学会考核表\n填报单位：\n\n\t指标\n\n\t1.甲（100分）\n\n\n附件2：名册\n\n\t姓名\n"
    )
    scheme = scheme_from(text)
    assert [(track.name, track.annex) for track in scheme.tracks] == [("学会", 1)]


def test_a_check_finds_what_an_edit_broke() -> None:
    scheme = read_notice(
        from_text(
            "n.txt",
            annex(
                "1.甲（40分）", "2.乙（60分，70分/项）", "加分项", "1.丙（加1分）", "2.其他", "扣分项", "1.丁（扣1分）"
            ),
        )
    )
    assert {each.at for each in scheme.findings if each.code in ("rate-exceeds-cap", "unread")} == {"2.1", "B2"}
    edited = scheme.to_json()
    edited["tracks"][0]["indicators"].append({"code": "3", "text": "戊", "points": None, "parts": []})
    messages = [each.message.text() for each in check(SchemeRules.from_json(edited))]
    assert any(each.startswith("Without points: 3") for each in messages)
    assert scheme.tracks[0].deduction_cap is None and Decimal(100) == scheme.tracks[0].full_marks


def test_a_weight_of_the_units_themselves_in_plain_words() -> None:
    letter = "一、内容\n学会领导打分10%，详见附件1。\n二、其他"
    assert [each["code"] for each in body(letter)["tracks"][0]["components"]] == ["leaders"]


@pytest.mark.parametrize(
    ("letter", "deadline"),
    [
        ("数据截至12月10日，请于12月20日前报送。", "2024-12-20"),
        ("请报送材料，数据统计时间截至12月10日前，材料于12月20日前提交。", "2024-12-20"),
        ("报送材料，数据截至12月10日。", "2024-12-10"),
    ],
)
def test_the_day_on_which_data_end_is_no_deadline_beside_another(letter: str, deadline: str) -> None:
    scheme = body(letter)
    assert scheme["deadline"] == deadline
    assert not [message for message in messages(scheme, "conflict") if "several deadlines" in message]
