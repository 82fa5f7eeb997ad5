"""The units of a board under other rules: nothing is kept, who may not see boards sees none of it."""

from copy import deepcopy

import pytest

from audit.models import Event
from scoring.services.schemes import load_scheme
from tests.support.pages import Visitor
from tests.support.schemes import BODY
from tests.support.world import World, a_cycle
from tests.workflow.board.made import a_board

pytestmark = pytest.mark.django_db
URL = "/boards/try/2026/"
QUESTIONS = 10


@pytest.fixture
def world() -> World:
    """Two societies on a submitted board, and last year's scheme, whose society has another part."""
    world, _board = a_board(2)
    body = deepcopy(BODY) | {"year": 2025, "deadline": "2025-12-31", "issued": "2025-12-01"}
    society = body["tracks"][1]
    society["indicators"][0]["parts"][0] |= {"text": "全然不同的事项", "points": "7"}
    with world.clock():
        load_scheme(body, source_name="n.txt", source=b"n", by=world.office)
    return world


def page(world: World, query: str = "") -> str:
    return str(Visitor(world, world.chief).get(f"{URL}{query}").content.decode())


def test_under_its_own_rules_nothing_changes(world: World) -> None:
    rows = Visitor(world, world.chief).get(URL).context["page"].object_list
    assert [(row.change, row.climbed, row.left) for row in rows] == [("0", "0", "")] * 2


def test_under_other_rules_what_has_no_counterpart_is_named(world: World) -> None:
    shown = page(world, "?rules=2025")
    assert "无对应项" in shown
    assert "全然不同的事项" in shown


def test_a_limit_is_tried_and_nothing_is_kept(world: World) -> None:
    events = Event.objects.count()
    answer = Visitor(world, world.chief).get(f"{URL}?rules=2026&{weights()}&society-bonus=0&society-deduction=0")
    assert answer.status_code == 200
    assert [row.tried.after.bonus for row in answer.context["page"].object_list] == [0, 0]
    assert Event.objects.count() == events


def weights(leaders: int = 10) -> str:
    return f"district-work=70&district-recipients=20&district-leaders={leaders}"


@pytest.mark.parametrize("path", [URL, f"{URL}table.csv"])
def test_weights_that_do_not_come_to_a_hundred_are_told_at_the_field(world: World, path: str) -> None:
    answer = Visitor(world, world.chief).get(f"{path}?{weights(20)}")
    assert answer.status_code == 422
    assert "各项权重之和应为 100" in answer.content.decode()


def test_a_weight_that_is_no_number_is_told_once(world: World) -> None:
    answer = Visitor(world, world.chief).get(f"{URL}?{weights()}0000")
    assert list(answer.context["form"].errors) == ["district-leaders"]


def test_the_table_has_the_same_units(world: World) -> None:
    answer = Visitor(world, world.chief).get(f"{URL}table.csv?rules=2026")
    lines = b"".join(answer).decode().splitlines()
    assert len(lines) == 3


def test_units_whose_track_the_other_rules_have_not_are_named(world: World) -> None:
    body = deepcopy(BODY) | {"year": 2024, "deadline": "2024-12-31", "issued": "2024-12-01"}
    body["tracks"] = body["tracks"][:1]
    with world.clock():
        load_scheme(body, source_name="n.txt", source=b"n", by=world.office)
    assert "没有此组" in page(world, "?rules=2024")


@pytest.mark.parametrize("query", ["?rules=2019", "?rules=x"])
def test_rules_that_there_are_not_are_not_found(world: World, query: str) -> None:
    assert Visitor(world, world.chief).get(URL + query).status_code == 404


def test_a_cycle_without_a_board_shows_no_number() -> None:
    world = a_cycle().with_units(1, "society").consolidated()
    assert "还没有提交审定的单位" in page(world)


@pytest.mark.parametrize("count", [1, 4])
def test_it_asks_the_database_as_often_however_many_units(count: int) -> None:
    world, _board = a_board(count)
    assert len(Visitor(world, world.chief).questions(URL)) <= QUESTIONS
