"""One track over several tables, and several tracks in one annex: what continues, what adds, what is another's."""

import pytest

from scoring.engine.notice import Paragraph, read_notice
from scoring.engine.notice.account import Became, account
from scoring.engine.scheme import SchemeRules
from scoring.readers.plain_text import read_text

LETTER = "关于开展2024年度考核工作的通知\n请于12月31日前报送自评材料。\n\n"
HEAD = "序号\t考核内容\t分值\n"
FIRST, SECOND = "1\t建立制度\t60\n", "2\t开展活动\t40\n"
MAIN = HEAD + FIRST + SECOND
BONUS = "序号\t加分内容\t加分标准\n1\t获市级表彰\t每次加2分\n2\t获国家级表彰\t每次加5分\n"
DEDUCTION = "序号\t扣分情形\t扣分标准\n1\t迟报材料\t每次扣1分\n"
STREETS = "附件1\n街道考核表\n\n"


def read(text: str) -> SchemeRules:
    return read_notice(read_text("n.txt", LETTER + text))


def points(scheme: SchemeRules) -> dict[str, list[int]]:
    return {track.name: [int(row.points or 0) for row in track.indicators] for track in scheme.tracks}


def rates(scheme: SchemeRules) -> list[tuple[str, int]]:
    (track,) = scheme.tracks
    return [(rule.code, int(rule.rate)) for item in track.adjustments for rule in item.rules]


def told(scheme: SchemeRules) -> list[str]:
    return [finding.code for finding in scheme.findings if finding.code != "missing"]


@pytest.mark.parametrize("heading", [STREETS, "街道考核表\n\n"])
@pytest.mark.parametrize("between", ["（续表）", "续表1", "街道考核表（续）\n（续表）"])
@pytest.mark.parametrize("head", [HEAD, ""])
def test_a_table_that_is_continued_is_one_track_s(heading: str, between: str, head: str) -> None:
    scheme = read(f"{heading}{HEAD}{FIRST}\n{between}\n\n{head}{SECOND}3\t报送材料\t0\n")
    assert (points(scheme), told(scheme)) == ({"街道": [60, 40, 0]}, [])


@pytest.mark.parametrize("heading", [STREETS, "街道考核表\n\n"])
@pytest.mark.parametrize("between", ["", "加分项\n\n", "二、加分项\n\n", "街道考核加分表\n\n"])
def test_what_adds_in_a_table_of_its_own_is_the_track_s(heading: str, between: str) -> None:
    scheme = read(f"{heading}{MAIN}\n{between}{BONUS}")
    assert (points(scheme), rates(scheme), told(scheme)) == ({"街道": [60, 40]}, [("B1.1", 2), ("B2.1", 5)], [])


def test_what_adds_and_what_deducts_stand_in_tables_of_their_own() -> None:
    scheme = read(f"{STREETS}{MAIN}\n{BONUS}\n{DEDUCTION}")
    assert (rates(scheme), told(scheme)) == ([("B1.1", 2), ("B2.1", 5), ("D1.1", 1)], [])


def test_limits_between_the_tables_are_read() -> None:
    bonus = "加分项目\t分值\n1.获市级表彰\t每次加2分\n"
    (track,) = read(f"{STREETS}{MAIN}\n加分项（每项加分不超过3分，总分不超过10分）\n\n{bonus}").tracks
    assert (track.bonus_cap, [item.cap for item in track.adjustments]) == (10, [3])


@pytest.mark.parametrize(
    "tables",
    [
        f"{STREETS}{BONUS}\n{MAIN}",
        f"{STREETS}一、加分项\n\n{BONUS}\n二、考核指标\n\n{MAIN}",
        f"附件1\n街道考核加分表\n\n{BONUS}\n街道考核表\n\n{MAIN}",
        f"表1 街道考核加分表\n\n{BONUS}\n表2 街道考核表\n\n{MAIN}",
    ],
)
def test_what_adds_may_stand_before_what_is_scored(tables: str) -> None:
    scheme = read(tables)
    assert (points(scheme), rates(scheme), told(scheme)) == ({"街道": [60, 40]}, [("B1.1", 2), ("B2.1", 5)], [])


@pytest.mark.parametrize(
    "annexes",
    [
        f"附件1\n街道考核表\n\n{MAIN}\n附件2\n街道考核加分表\n\n{BONUS}",
        f"附件1\n街道考核表\n\n{MAIN}\n附件2\n加分项目表\n\n{BONUS}",
        f"附件1\n街道考核加分表\n\n{BONUS}\n附件2\n街道考核表\n\n{MAIN}",
    ],
)
def test_what_adds_in_an_annex_of_its_own_is_the_track_s(annexes: str) -> None:
    scheme = read(annexes)
    assert (points(scheme), rates(scheme), told(scheme)) == ({"街道": [60, 40]}, [("B1.1", 2), ("B2.1", 5)], [])


def test_an_annex_that_adds_goes_to_the_track_of_the_same_units() -> None:
    scheme = read(f"附件1\n街道考核表\n\n{MAIN}\n附件2\n社区考核表\n\n{MAIN}\n附件3\n社区考核加分表\n\n{BONUS}")
    assert [len(track.adjustments) for track in scheme.tracks] == [0, 2]


@pytest.mark.parametrize("title", ["加分项目表", "街道扣分情形表（100分）"])
def test_an_annex_of_nobody_s_or_with_full_marks_of_its_own_stays_by_itself(title: str) -> None:
    others = f"附件1\n街道考核表\n\n{MAIN}\n附件2\n社区考核表\n\n{MAIN}"
    assert len(read(f"{others}\n附件3\n{title}\n\n{DEDUCTION}").tracks) == 3


def test_what_deducts_may_stand_before_what_is_scored_and_more_below() -> None:
    scheme = read(f"{STREETS}{DEDUCTION}\n{MAIN}\n{BONUS}")
    assert (rates(scheme), told(scheme)) == ([("D1.1", 1), ("B1.1", 2), ("B2.1", 5)], [])


@pytest.mark.parametrize("worth", [("（60分）", "（40分）"), ("", "")])
def test_groups_that_stand_above_their_tables_are_no_full_marks(worth: tuple[str, str]) -> None:
    second = f"{HEAD}1\t开展党建\t40\n"
    scheme = read(f"{STREETS}一、组织建设{worth[0]}\n\n{HEAD}{FIRST}\n二、党建工作{worth[1]}\n\n{second}")
    assert (points(scheme), scheme.tracks[0].full_marks, told(scheme)) == ({"街道": [60, 40]}, 100, [])


def test_a_sentence_between_tables_is_a_note() -> None:
    scheme = read(f"{STREETS}{HEAD}{FIRST}\n二、以下由市级部门评定，并以书面形式通知。\n\n{HEAD}{SECOND}")
    assert scheme.tracks[0].indicators[1].text == "开展活动"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"附件1\n表1 街道考核表\n\n{MAIN}\n表2 社区考核表\n\n{MAIN}", id="numbered titles"),
        pytest.param(f"附件1\n街道考核表\n\n{MAIN}\n企业考核表\n\n{MAIN}", id="other units"),
        pytest.param(f"街道考核表\n\n{MAIN}\n社区考核表\n\n{MAIN}", id="no heading"),
    ],
)
def test_tables_about_other_units_are_other_tracks(text: str) -> None:
    scheme = read(text)
    assert (list(points(scheme).values()), len({track.code for track in scheme.tracks})) == ([[60, 40]] * 2, 2)
    assert told(scheme) == []


def test_a_table_of_the_same_units_under_another_name_stays_in_the_track() -> None:
    second = f"{HEAD}1\t开展党建\t40\n"
    assert points(read(f"{STREETS}{HEAD}{FIRST}\n党建工作考核表\n\n{second}")) == {"街道": [60, 40]}


def test_the_account_leads_from_what_stands_between_the_tables() -> None:
    source = read_text("n.txt", f"{LETTER}{STREETS}{MAIN}\n二、党建工作\n\n{HEAD}1\t开展党建\t0\n\n加分项\n\n{BONUS}")
    entries = {
        block.text: entry
        for place, entry in account(source, read_notice(source)).items()
        if isinstance(block := source.blocks[place.block], Paragraph)
    }
    assert (entries["二、党建工作"].became, entries["二、党建工作"].at) == (Became.INDICATOR, "3")
    assert entries["加分项"].became == Became.LIMIT
