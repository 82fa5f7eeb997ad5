"""A province's notice of another year, read whole: prefectures, a column of points, a track that no code knows."""

from typing import Any

import pytest

from scoring.engine.notice import from_text, read_notice
from scoring.engine.scheme import SchemeRules
from scoring.readers.sources import read_source
from tests.scoring.engine.paths import FIXTURES, scheme_of
from tests.scoring.readers.word import build

NOTICE = FIXTURES / "notice-2025-province.txt"
TRACKS = ["district", "society", "enterprise", "university", "annex-5"]


@pytest.fixture(scope="module")
def scheme() -> SchemeRules:
    return scheme_of(NOTICE)


@pytest.fixture(scope="module")
def body(scheme: SchemeRules) -> dict[str, Any]:
    return scheme.to_json()


def test_head_with_the_issuer_before_the_title_and_a_deadline_in_the_next_year(body: dict[str, Any]) -> None:
    assert {name: value for name, value in body.items() if name not in ("tracks", "findings")} == {
        "year": 2025,
        "title": "测川省科学技术协会关于开展2025年度全省科协系统综合考核评价工作的通知",
        "number": "测川科协发〔2025〕33号",
        "issuer": "测川省科学技术协会",
        "issued": "2025-12-08",
        "deadline": "2026-01-15",
        "publicity_working_days": 5,
        "grades": ["优秀", "良好", "合格", "不合格"],
    }


def test_names_desks_and_limits(body: dict[str, Any]) -> None:
    told = [
        (
            each["code"],
            each["name"],
            each["annex"],
            each["desk"],
            each["full_marks"],
            each["bonus_cap"],
            each["deduction_cap"],
        )
        for each in body["tracks"]
    ]
    assert told == [
        ("district", "市（州）科协", 1, "组织部", "100", "8", "5"),
        ("society", "省级学会", 2, "学会部", "120", "12", "12"),
        ("enterprise", "企业园区科协", 3, "企事业部", "100", "5", "5"),
        ("university", "高等学校科协", 4, "企事业部", "100", "5", "5"),
        ("annex-5", "农村专业技术联合组织", 5, None, "90", "5", "5"),
    ]
    assert [each["deduction_bars"] for each in body["tracks"]] == [["优秀"], [], [], [], []]
    assert not any(each["incident_rule"] for each in body["tracks"])


def test_weights_as_shares_and_a_sample_with_an_and_so_on(body: dict[str, Any]) -> None:
    district, *others = body["tracks"]
    assert [(each["code"], each["weight"]) for each in district["components"]] == [
        ("work", "60"),
        ("recipients", "25"),
        ("leaders", "15"),
    ]
    assert district["recipients"] == {"sample": 50, "categories": ["科技工作者", "科普志愿者", "农技员"]}
    assert district["materials"] == ["summary", "score_sheet", "roster"]
    for each in others:
        assert each["components"] == [{"code": "work", "weight": "100"}]
        assert (each["recipients"], each["materials"]) == (None, ["summary", "score_sheet"])


def test_every_part(body: dict[str, Any]) -> None:
    told = {
        track["code"]: [
            (part["code"], part["text"], part["points"], part["at_least"], part["rate"], part["per"])
            for indicator in track["indicators"]
            for part in indicator["parts"]
        ]
        for track in body["tracks"]
    }
    assert told == {
        "district": [
            ("1.1", "组织建设：召开全委会不少于２次", "10", 2, None, None),
            ("1.2", "基层组织覆盖率提升", "15", None, None, None),
            ("2.1", "举办学术年会2场以上", "10", 2, None, None),
            ("2.2", "院士专家工作站", "15", None, None, None),
            ("3.1", "开展科普活动", "30", None, "3", "场"),
            ("3.2", "科普示范创建", "20", None, None, None),
        ],
        "society": [
            ("1.1", "组织建设，按期换届", "40", None, None, None),
            ("2.1", "学术交流，举办年会３次以上", "50", 3, None, None),
            ("3.1", "决策咨询", "30", None, None, None),
        ],
        "enterprise": [("1.1", "组织建设", "50", None, None, None), ("2.1", "服务企业", "50", None, None, None)],
        "university": [("1.1", "组织建设", "60", None, None, None), ("2.1", "（2）学术活动", "40", None, None, None)],
        "annex-5": [
            ("1.1", "农技服务", "70", None, "7", "次"),
            ("2.1", "3.示范基地，不少于三个", "20", 3, None, None),
        ],
    }


def test_every_rule(body: dict[str, Any]) -> None:
    told = [
        (track["code"], item["cap"], rule["code"], rule["text"], rule["rate"], rule["per"], rule["cap"])
        for track in body["tracks"]
        for item in track["adjustments"]
        for rule in item["rules"]
    ]
    assert told == [
        ("district", "3", "B1.1", "获省级表彰", "2", "次", None),
        ("district", "3", "B1.2", "国家级表彰", "3", "次", None),
        ("district", None, "D1.1", "逾期报送材料", "1", "次", None),
        ("society", None, "B1.1", "获得表彰", "2", "次", "6"),
        ("society", None, "D1.1", "年检不合格", "5", None, None),
        ("enterprise", None, "B1.1", "获奖", "1", "次", None),
        ("enterprise", None, "D1.1", "失联", "2", "次", None),
    ]


def test_every_doubt_and_no_other(scheme: SchemeRules) -> None:
    assert [(each.code, each.severity, each.track, each.at) for each in scheme.findings] == [
        ("conflict", "confirm", "district", None),
        ("unnumbered", "confirm", "enterprise", "1"),
        ("unnumbered", "confirm", "enterprise", "2"),
        ("implied-points", "confirm", "university", "2"),
        ("conflict", "confirm", "annex-5", None),
        ("numbering", "confirm", "annex-5", "2"),
        ("implied-points", "confirm", "annex-5", "2"),
        ("missing", "confirm", "annex-5", None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_endings_change_nothing(body: dict[str, Any], encoding: str, ending: str) -> None:
    content = NOTICE.read_text().replace("\n", ending).encode(encoding)
    assert read_notice(read_source("n.txt", content)).to_json() == body


@pytest.mark.parametrize("options", [{}, {"inserted": True}, {"controls": True}, {"inserted": True, "controls": True}])
def test_a_word_document_with_merged_cells_says_the_same(body: dict[str, Any], options: dict[str, bool]) -> None:
    content = build(from_text("n.txt", NOTICE.read_text()), **options)
    assert read_notice(read_source("n.docx", content)).to_json() == body


def test_the_order_of_the_annexes_is_that_of_the_file(body: dict[str, Any]) -> None:
    text = NOTICE.read_text()
    begin, middle = text.index("附件1\n2025"), text.index("附件2\n2025")
    turned = text[:begin] + text[middle:].rstrip("\n") + "\n\n" + text[begin:middle]
    again = read_notice(from_text("n.txt", turned)).to_json()
    assert [track["code"] for track in again["tracks"]] == [*TRACKS[1:], TRACKS[0]]
    assert sorted(again["tracks"], key=lambda each: int(each["annex"])) == body["tracks"]
