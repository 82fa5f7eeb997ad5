"""Names of tracks in every land's words, and tables whose rows, numbers and points stand in columns of their own."""

from typing import Any

import pytest

from scoring.engine.notice.names import kind_of, track_code, track_name
from tests.scoring.engine.paths import annex, scheme_from


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("区县（自治县）科协", "district"),
        ("区市科协", "district"),
        ("县（市、区）科协", "district"),
        ("市州科协", "district"),
        ("市（州）科协", "district"),
        ("州（市）科协", "district"),
        ("州、市科协", "district"),
        ("各区、县科协", "district"),
        ("县(市)区科协", "district"),
        ("旗县区科协", "district"),
        ("区（市）县科协", "district"),
        ("各县、区科学技术协会", "district"),
        ("市 县 区 科协", "district"),
        ("市级学会（协会、研究会）", "society"),
        ("省属学会", "society"),
        ("自治区级研究会", "society"),
        ("市属园区、市级学会", "society"),
        ("企业园区科协", "enterprise"),
        ("企事业科协", "enterprise"),
        ("科研院所科协", "enterprise"),
        ("企业科学技术协会", "enterprise"),
        ("高校科协", "university"),
        ("高等学校科学技术协会", "university"),
        ("高等院校科协", "university"),
        ("大专院校科协", "university"),
        ("乡镇（街道）科协", "annex-7"),
        ("农村专业技术联合组织", "annex-7"),
        ("科普教育基地", "annex-7"),
        ("社区市民科普大学", "annex-7"),
        ("机关科协", "annex-7"),
        ("", "annex-7"),
    ],
)
def test_a_code_goes_by_whom_the_name_speaks_of(name: str, code: str) -> None:
    assert track_code(name, 7, set()) == code


def test_a_code_that_is_taken_is_the_annex_s_number() -> None:
    assert track_code("县（市、区）科协", 3, {"district"}) == "annex-3"
    assert track_code("乡镇科协", 3, {"annex-3"}) != "annex-3"
    assert kind_of("区县科学技术协会") == "district"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2020年度区县（自治县）科协工作考核自评表", "区县（自治县）科协"),
        ("２０２４年度市（州）科协综合考核评价指标体系", "市（州）科协"),
        ("二〇二四年度市级学会考核评分标准", "市级学会"),
        ("2024年高校科协考核表（试行）", "高校科协"),
        ("测湖市各区、县科协2024年度目标管理考核细则", "测湖市各区、县科协"),
        ("2024年度州（市）科协综合目标考核表", "州（市）科协"),
        ("2024年度企业科协年度重点工作目标责任考核办法", "企业科协"),
        ("2024年度《园区科协》工作实绩考评表（满分100分）", "园区科协"),
        ("2024年度 县（市、区）\n科协 工作考核评分细则", "县（市、区）科协"),
        ("2024年度学会能力评估工作指标考核表", "学会能力评估工作指标"),
        ("2024年度绩效管理研究会考核表", "绩效管理研究会"),
        ("2024年度考核表", "考核表"),
    ],
)
def test_a_name_is_the_title_without_year_and_form(title: str, name: str) -> None:
    assert track_name(title) == name


def track(*rows: str, head: str) -> dict[str, Any]:
    rules: dict[str, Any] = scheme_from(annex(*rows, head=head)).to_json()["tracks"][0]
    return rules


def told(rules: dict[str, Any]) -> list[tuple[str, str | None, list[str]]]:
    return [(row["code"], row["points"], [part["points"] for part in row["parts"]]) for row in rules["indicators"]]


@pytest.mark.parametrize("header", ["加分项", "加分项（不超过5分）", "加、扣分项", "附加分"])
def test_a_header_in_the_column_of_numbers_begins_the_adjustments(header: str) -> None:
    rows = ("1\t甲\t40\t", "2\t乙\t60\t", f"{header}\t\t\t", "1\t获奖（加1分/次）\t\t", "2\t表彰（加2分）\t\t")
    rules = track(*rows, head="序号\t考核内容\t分值\t自评分")
    assert told(rules) == [("1", "40", ["40"]), ("2", "60", ["60"])]
    assert [(item["code"], [rule["rate"] for rule in item["rules"]]) for item in rules["adjustments"]] == [
        ("B1", ["1"]),
        ("B2", ["2"]),
    ]


def test_a_limit_in_the_column_of_numbers_counts() -> None:
    rows = ("1\t甲\t100\t", "加分项（每项不超过2分，累计不超过5分）\t\t\t", "1\t获奖（加1分/次）\t\t")
    rules = track(*rows, head="编号\t考核内容\t分值\t自评分")
    assert (rules["bonus_cap"], rules["adjustments"][0]["cap"]) == ("5", "2")


@pytest.mark.parametrize("word", ["合计", "总分", "小计", "合 计"])
def test_a_sum_in_the_column_of_numbers_is_no_row(word: str) -> None:
    rules = track("1\t甲\t50\t", "2\t乙\t70\t", f"{word}\t\t120\t", head="序号\t考核内容\t分值\t自评分")
    assert (told(rules), rules["full_marks"]) == ([("1", "50", ["50"]), ("2", "70", ["70"])], "120")


@pytest.mark.parametrize("serial", ["", "3", "三", "…", "××", "一、", "示例"])
def test_an_empty_row_stays_no_row_whatever_its_number(serial: str) -> None:
    rules = track("1\t甲\t40\t", "2\t乙\t60\t", f"{serial}\t\t\t", head="序号\t考核内容\t分值\t自评分")
    assert len(rules["indicators"]) == 2 and rules["adjustments"] == []


def test_a_group_s_column_is_no_text_and_its_points_are_not_added() -> None:
    rows = ("组织建设（50分）\t班子健全\t20", "\t会议2次以上\t30", "科普（50分）\t活动\t50")
    rules = track(*rows, head="一级指标\t二级指标\t分值")
    assert told(rules) == [("1", "20", ["20"]), ("2", "30", ["30"]), ("3", "50", ["50"])]
    assert rules["indicators"][1]["parts"][0]["at_least"] == 2


@pytest.mark.parametrize("points", ["40", "40分", "４０", "40.0", " 40 分 "])
def test_points_of_a_column_are_read_however_written(points: str) -> None:
    assert told(track(f"甲\t{points}", "乙\t60", head="考核内容\t分值"))[0][1] == "40"


@pytest.mark.parametrize("points", ["", "—", "另定"])
def test_a_row_without_points_in_its_column_is_told(points: str) -> None:
    scheme = scheme_from(annex(f"1.甲\t{points}", "2.乙\t60", head="考核内容\t分值"))
    assert ("implied-points", "1") in [(each.code, each.at) for each in scheme.findings]


@pytest.mark.parametrize("points", ["10-20", "５分/次，最高40分", "40%", "20+20", "20、15、5"])
def test_a_column_s_points_that_are_no_plain_number_are_never_implied(points: str) -> None:
    scheme = scheme_from(annex(f"1.甲\t{points}", "2.乙\t60", head="考核内容\t分值"))
    assert [(each.severity, each.at) for each in scheme.findings if each.code == "unread"] == [("error", "1")]
    assert (scheme.tracks[0].indicators[0].points, scheme.tracks[0].indicators[0].parts) == (None, ())
    assert any(points in each.message.text() for each in scheme.findings)


@pytest.mark.parametrize(
    "numbers",
    [("1", "2"), ("1.", "2."), ("１、", "２、"), ("一", "二"), ("（一）", "（二）"), ("①", "②"), ("第一条", "第二条")],
)
def test_numbers_in_a_column_of_their_own_are_read_in_every_shape(numbers: tuple[str, str]) -> None:
    rows = [f"{number}\t工作（50分）" for number in numbers]
    scheme = scheme_from(annex(*rows, head="序号\t考核内容"))
    assert not [each for each in scheme.findings if each.code in ("unnumbered", "numbering")]
    wrong = scheme_from(annex(rows[1], rows[0], head="序号\t考核内容"))
    assert [(each.code, each.at) for each in wrong.findings if each.code == "numbering"] == [
        ("numbering", "1"),
        ("numbering", "2"),
    ]


@pytest.mark.parametrize("words", ["", "组织", "附加"])
def test_what_is_no_number_in_that_column_is_told_as_missing(words: str) -> None:
    scheme = scheme_from(annex("1\t甲（50分）", f"{words}\t乙（50分）", head="序号\t考核内容"))
    assert [(each.code, each.at) for each in scheme.findings if "number" in each.code] == [("unnumbered", "2")]
