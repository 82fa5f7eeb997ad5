"""Who answers for what, and holiday orders: pages that keep what was typed and say what is wrong."""

from typing import Any

import pytest

from audit.models import Event
from scoring.models import HolidayOrder
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
ANSWERS = "/cycles/2026/settings/district/"
HOLIDAYS = "/holidays/"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1)


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def an_order(**changes: str) -> dict[str, str]:
    return {"year": "2028", "order": "国办发明电〔2027〕7号", "off": "2028-01-01", "work": ""} | changes


def answers(world: World) -> dict[str, Any]:
    track = world.cycle.tracks.get(code="district")
    return {row.code: row.department for row in track.responsibilities.select_related("department")}


def test_each_part_and_item_can_be_answered_for_by_another_department(world: World) -> None:
    society = world.desks["society"]
    page = office(world).get(ANSWERS)
    assert {name for name in page.context["form"].fields if name != "desk"} == {
        "answers-1.1",
        "answers-1.2",
        "answers-2.1",
        "answers-B1",
        "answers-D1",
    }
    data = {"desk": world.desks["district"].pk, "answers-2.1": society.pk, "answers-B1": society.pk}
    assert office(world).post(ANSWERS, data).url == "/cycles/2026/settings/"
    answering = answers(world)
    assert answering["2.1"] == answering["B1"] == society
    assert answering["1.1"] == answering["D1"] == world.desks["district"]


def test_a_choice_that_is_none_falls_back_to_the_desk(world: World) -> None:
    society = world.desks["society"]
    assert office(world).post(ANSWERS, {"desk": society.pk, "answers-1.1": ""}).status_code == 302
    assert set(answers(world).values()) == {society}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"desk": ""}, "desk", id="no desk"),
        pytest.param({"desk": "0"}, "desk", id="a desk of nobody"),
        pytest.param({"answers-1.1": "0"}, "answers-1.1", id="a department of nobody"),
        pytest.param({"answers-1.1": "x"}, "answers-1.1", id="no number"),
    ],
)
def test_a_department_that_there_is_not_is_refused_at_its_field(
    world: World, changes: dict[str, str], field: str
) -> None:
    before = answers(world)
    page = office(world).post(ANSWERS, {"desk": str(world.desks["society"].pk)} | changes)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert answers(world) == before


def test_answers_come_too_late_once_the_cycle_is_open(world: World) -> None:
    world.opened()
    before = answers(world)
    page = office(world).post(ANSWERS, {"desk": world.desks["society"].pk})
    assert page.context["form"].non_field_errors()
    assert answers(world) == before


@pytest.mark.parametrize("path", ["/cycles/2026/settings/moon/", "/cycles/1999/settings/district/"])
def test_a_track_that_there_is_not_is_not_found(world: World, path: str) -> None:
    assert office(world).get(path).status_code == 404


def test_only_the_office_says_who_answers(world: World) -> None:
    for user in (world.supervisor, world.chief, world.heads["district"], world.reviewers["district"]):
        for path in (ANSWERS, HOLIDAYS):
            assert Visitor(world, user).get(path).status_code == 403
            assert Visitor(world, user).post(path, an_order()).status_code == 403
    assert not HolidayOrder.objects.filter(year=2028).exists()


def test_a_holiday_order_is_kept_with_its_spans(world: World) -> None:
    data = an_order(off="2028-01-01\n2028-01-26 2028-01-28\n\n", work="2028-01-29")
    assert office(world).post(HOLIDAYS, data).url == HOLIDAYS
    row = HolidayOrder.objects.get(year=2028)
    assert row.off == ["2028-01-01", "2028-01-26", "2028-01-27", "2028-01-28"]
    assert row.work == ["2028-01-29"]
    assert row.entered_by == world.office
    assert Event.objects.filter(subject="holidays:2028").count() == 1
    assert row in office(world).get(HOLIDAYS).context["orders"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"year": ""}, "year", id="no year"),
        pytest.param({"year": "1999"}, "year", id="before there were orders"),
        pytest.param({"year": "2101"}, "year", id="after all"),
        pytest.param({"order": ""}, "order", id="no number"),
        pytest.param({"off": ""}, "off", id="no day"),
        pytest.param({"off": "元旦"}, "off", id="no date"),
        pytest.param({"off": "2028-02-30"}, "off", id="a date that there is not"),
        pytest.param({"off": "2028-01-03 2028-01-01"}, "off", id="backwards"),
        pytest.param({"off": "2028-01-01 2028-01-02 2028-01-03"}, "off", id="three dates"),
        pytest.param({"off": "2028-01-01 2028-12-31"}, "off", id="a year of holidays"),
        pytest.param({"off": "2027-06-01"}, "off", id="another year"),
        pytest.param({"work": "2028-01-04"}, "work", id="a Tuesday is worked anyway"),
        pytest.param({"work": "2028-01-01"}, "work", id="off and worked"),
        pytest.param({"work": "不上班"}, "work", id="a make-up day that is no date"),
    ],
)
def test_an_order_that_is_wrong_stays_as_typed_with_the_reason(
    world: World, changes: dict[str, str], field: str
) -> None:
    data = an_order(**changes)
    page = office(world).post(HOLIDAYS, data)
    form = page.context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in data} == data
    assert not HolidayOrder.objects.filter(year=2028).exists()


def test_an_order_may_begin_in_the_december_before(world: World) -> None:
    assert office(world).post(HOLIDAYS, an_order(off="2027-12-31 2028-01-02")).status_code == 302
    assert HolidayOrder.objects.get(year=2028).off[0] == "2027-12-31"


@pytest.mark.parametrize("path", [ANSWERS, HOLIDAYS])
def test_settings_are_read_and_sent_only(world: World, path: str) -> None:
    visitor = office(world)
    assert visitor.client.put(path).status_code == 405
    assert visitor.client.delete(path).status_code == 405
