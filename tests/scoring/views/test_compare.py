"""This year's scheme beside another year's on a page."""

from copy import deepcopy

import pytest

from scoring.services.schemes import load_scheme
from tests.support.pages import Visitor
from tests.support.schemes import BODY
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
URL = "/schemes/2026/compare/"


@pytest.fixture
def world() -> World:
    return a_cycle()


def test_without_another_scheme_the_page_says_what_will_be_here(world: World) -> None:
    assert "还没有可比较的方案" in Visitor(world, world.office).get(URL).content.decode()


@pytest.fixture
def beside(world: World) -> str:
    """The page with last year's scheme: another weight, other points, a row more, other words."""
    body = deepcopy(BODY) | {"year": 2025, "deadline": "2025-12-31", "issued": "2025-12-01"}
    district = body["tracks"][0]
    district["components"][0]["weight"], district["components"][1]["weight"] = "60", "30"
    district["indicators"][0]["parts"][1]["points"] = "15"
    district["indicators"][1]["text"] = "2.开展国际学术交流活动（40分，5分/项）。"
    gone = {"code": "3", "text": "3.报送信息（5分）。", "points": "5", "implied": False, "parts": []}
    district["indicators"].append(gone)
    with world.clock():
        load_scheme(body, source_name="n.txt", source=b"n", by=world.office)
    return str(Visitor(world, world.office).get(URL).content.decode())


def test_a_weight_stands_from_what_to_what(beside: str) -> None:
    row = beside.partition("工作考核 · 权重")[2].partition("</tr>")[0]
    assert (">60<" in row, ">70<" in row) == (True, True)


def test_points_stand_from_what_to_what(beside: str) -> None:
    assert "分值: 15 → 20" in beside


def test_quotas_stand_from_what_to_what_by_their_grade(world: World) -> None:
    quota = {"code": "Q1", "text": "", "grade": "特等", "share": "20", "rounding": "up"}
    body = deepcopy(BODY) | {"year": 2025, "quotas": [quota]}
    with world.clock():
        load_scheme(body, source_name="n.txt", source=b"n", by=world.office)
    shown = Visitor(world, world.office).get(URL).content.decode()
    assert "特等 · 不足一家的部分" in shown
    assert "按一家计" in shown


def test_words_that_differ_are_marked(beside: str) -> None:
    assert "<mark>国际</mark>" in beside


def test_a_row_that_is_gone_is_named(beside: str) -> None:
    assert "取消" in beside
    assert "报送信息" in beside


def test_the_same_scheme_under_another_year_has_no_row_that_differs(world: World) -> None:
    body = deepcopy(BODY) | {"year": 2025}
    with world.clock():
        load_scheme(body, source_name="n.txt", source=b"n", by=world.office)
    page = Visitor(world, world.office).get(f"{URL}?with=2025").content.decode()
    assert "<mark>" not in page


@pytest.mark.parametrize("path", ["/schemes/2024/compare/", f"{URL}?with=2024", f"{URL}?with=x"])
def test_a_scheme_that_is_not_there_is_not_found(world: World, path: str) -> None:
    assert Visitor(world, world.office).get(path).status_code == 404
