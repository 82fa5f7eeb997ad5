"""The notice of 2020, read whole: the numbers were checked by eye against the print."""

import json
from decimal import Decimal

import pytest

from scoring.engine.notice import check, from_text, read_findings, read_notice
from scoring.engine.scheme import SchemeRules
from scoring.readers.sources import read_source
from tests.scoring.engine.paths import FIXTURES, NOTICE, scheme_of
from tests.scoring.readers.word import build


@pytest.fixture(scope="module")
def scheme() -> SchemeRules:
    return scheme_of(NOTICE)


def test_whole_scheme_is_the_one_verified_by_eye(scheme: SchemeRules) -> None:
    assert scheme.to_json() == json.loads((FIXTURES / "notice-2020.json").read_text())


def test_head_of_the_letter(scheme: SchemeRules) -> None:
    body = scheme.to_json()
    assert (body["year"], body["number"], body["issuer"]) == (2020, "渝科协发〔2020〕105号", "重庆市科学技术协会")
    assert body["title"] == "关于开展2020年度科协工作考核的通知"
    assert (body["issued"], body["deadline"], body["publicity_working_days"]) == ("2020-12-01", "2020-12-31", 5)
    assert body["grades"] == ["特等", "一等", "二等"]


def test_tracks_and_their_desks(scheme: SchemeRules) -> None:
    assert [(track.code, track.name, track.annex, track.desk) for track in scheme.tracks] == [
        ("district", "区县（自治县）科协", 1, "组织人事部"),
        ("society", "市级学会（协会、研究会）", 2, "学会学术部"),
        ("enterprise", "企业、园区、科研院所科协", 3, "企事业工作部"),
        ("university", "高校科协", 4, "企事业工作部"),
    ]


@pytest.mark.parametrize(
    ("track", "points"),
    [
        ("district", [[10, 5], [4, 6], [4, 3, 4, 4, 3, 2], [5, 5, 10], [10], [10], [6], [3, 4, 2]]),
        ("society", [[20], [10, 10, 6, 4], [15], [15], [8, 4, 4, 4]]),
        ("enterprise", [[15, 15], [20, 20], [5, 5], [2, 3, 5], [5, 2, 3]]),
        ("university", [[15, 15], [10, 10, 10], [10, 10], [2, 3, 5], [5, 2, 3]]),
    ],
)
def test_points_of_every_part(scheme: SchemeRules, track: str, points: list[list[int]]) -> None:
    rules = scheme.track(track)
    assert rules is not None
    assert [[int(part.points) for part in indicator.parts] for indicator in rules.indicators] == points
    assert sum(part.points for part in rules.parts()) == Decimal(100)


def test_district_components_and_sample(scheme: SchemeRules) -> None:
    body = scheme.to_json()["tracks"][0]
    assert [(each["code"], each["weight"]) for each in body["components"]] == [
        ("work", "70"),
        ("recipients", "20"),
        ("leaders", "10"),
    ]
    assert body["recipients"] == {
        "sample": 20,
        "categories": ["科协届别政协委员", "市科协五大代表", "科技志愿者", "基层“三长”"],
    }
    assert body["materials"] == ["summary", "score_sheet", "roster"]
    assert (body["deduction_bars"], body["incident_rule"]) == (["特等"], True)
    assert scheme.to_json()["tracks"][1]["materials"] == ["summary", "score_sheet"]


def test_counts_that_the_text_demands(scheme: SchemeRules) -> None:
    counts = {part.code: part.at_least for part in scheme.tracks[0].parts() if part.at_least}
    assert counts == {"1.1": 3, "1.2": 3, "2.1": 2, "6.1": 4, "8.1": 6}
    assert not any(part.at_least for part in scheme.tracks[1].parts())


def test_the_printed_five_that_deducts_first_is_d1(scheme: SchemeRules) -> None:
    codes = [(item.code, item.kind, item.text[:2]) for item in scheme.tracks[0].adjustments]
    assert codes == [
        ("B1", "bonus", "1."),
        ("B2", "bonus", "2."),
        ("B3", "bonus", "3."),
        ("B4", "bonus", "4."),
        ("D1", "deduction", "5."),
        ("D2", "deduction", "6."),
    ]
    rule = scheme.tracks[0].rule("D2.1")
    assert rule is not None and (rule.rate, rule.per) == (Decimal(2), None)


def test_findings_are_what_a_person_would_doubt(scheme: SchemeRules) -> None:
    assert [(each.code, each.severity, each.track, each.at) for each in scheme.findings] == [
        ("unclear-scope", "confirm", None, None),
        ("implied-points", "confirm", "district", "6"),
        ("implied-points", "confirm", "society", "1"),
        ("rate-exceeds-cap", "confirm", "society", "B1.1"),
        ("rate-exceeds-cap", "confirm", "society", "B2.1"),
        ("unnumbered", "confirm", "enterprise", "1"),
        ("numbering", "confirm", "university", "3"),
    ]


def test_check_runs_again_from_json(scheme: SchemeRules) -> None:
    again = SchemeRules.from_json(scheme.to_json())
    assert again.to_json() == scheme.to_json()
    assert {each.code for each in check(again)} == {"implied-points", "rate-exceeds-cap"}
    assert [each.code for each in read_findings(again)] == ["unclear-scope", "unnumbered", "numbering"]


@pytest.mark.parametrize("options", [{}, {"automatic": True}, {"inserted": True}, {"controls": True}])
def test_word_document_gives_the_same_scheme(scheme: SchemeRules, options: dict[str, bool]) -> None:
    content = build(from_text("notice.txt", NOTICE.read_text()), **options)
    assert read_notice(read_source("notice.docx", content)).to_json() == scheme.to_json()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_text_in_every_encoding_gives_the_same_scheme(scheme: SchemeRules, encoding: str, ending: str) -> None:
    content = NOTICE.read_text().replace("\n", ending).encode(encoding)
    assert read_notice(read_source("notice.txt", content)).to_json() == scheme.to_json()
