"""What strangers see: the lists, the form of an objection, its receipt; nothing before and nothing more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Attempt
from common import clock
from tests.support.world import World, a_cycle
from workflow.publicity.models import Objection, Publicity

pytestmark = pytest.mark.django_db
FILLED = {
    "kind": "person",
    "name": "样例",
    "workplace": "某单位",
    "contact": "13900000000",
    "text": "该单位的得分与公开的事实不符，请核实。",
}


@pytest.fixture
def world() -> World:
    """Three districts whose results are public."""
    return a_cycle().with_units(3).published()


def filled(world: World, **changes: object) -> dict[str, object]:
    """A complete objection to the first unit."""
    return FILLED | {"sheet": world.assessments[0].sheet_id} | changes


def address(name: str) -> str:
    """The address of the one publicity's page."""
    return reverse(name, args=[Publicity.objects.get().slug])


def test_nothing_is_public_before_its_time() -> None:
    world = a_cycle().with_units(1).approved()
    page = Client().get(reverse("public"))
    assert page.status_code == 200 and page.context["publicities"] == []
    assert world.assessments[0].sheet.unit_name not in page.content.decode()


def test_strangers_read_the_list_by_grade_and_rank(world: World) -> None:
    with world.clock():
        assert len(Client().get(reverse("public")).context["publicities"]) == 1
        page = Client().get(address("public-publicity"))
    assert page.context["standing"].days_left == 5
    assert [(grade, len(lines)) for grade, lines in page.context["shown"].grades] == [("一等", 3)]
    for assessment in world.assessments:
        assert assessment.sheet.unit_name in page.content.decode()


def test_an_objection_gets_a_receipt_that_names_nobody(world: World) -> None:
    with world.clock():
        assert Client().get(address("public-object")).status_code == 200
        done = Client().post(address("public-object"), filled(world))
        objection = Objection.objects.get()
        assert done.url == reverse("public-objection", args=[objection.receipt])
        page = Client().get(done.url)
    text = page.content.decode()
    assert objection.receipt in text
    assert not any(secret in text for secret in ("样例", "13900000000", "某单位"))
    assert Client().get(reverse("public-objection", args=["20270101-00000000"])).status_code == 404


def test_only_units_of_the_list_can_be_objected_to(world: World) -> None:
    other = a_cycle_elsewhere(world)
    with world.clock():
        page = Client().post(address("public-object"), filled(world, sheet=other))
    assert "sheet" in page.context["form"].errors


def a_cycle_elsewhere(world: World) -> int:
    """A sheet of the same cycle that is not public."""
    world.with_units(1, "society")
    return max(world.filers)


def test_afterwards_the_list_says_that_it_has_ended_and_takes_nothing(world: World) -> None:
    ends = Publicity.objects.get().ends_at
    with clock.travel(ends):
        page = Client().get(address("public-publicity"))
        assert page.context["standing"].over
        assert address("public-object") not in page.content.decode()
        late = Client().post(address("public-object"), filled(world))
        assert late.status_code == 200 and late.context["form"].errors
        assert Client().get(address("public-object")).status_code == 200
    with clock.travel(ends - timedelta(seconds=1)):
        assert Client().post(address("public-object"), filled(world)).status_code == 302
    assert Objection.objects.count() == 1


def test_an_address_that_objects_without_end_is_asked_to_wait(world: World) -> None:
    with world.clock():
        codes = [Client().post(address("public-object"), filled(world)).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]
    assert Objection.objects.count() == 10


def test_an_unknown_list_is_not_found() -> None:
    assert Client().get(reverse("public-publicity", args=["nothing"])).status_code == 404
    assert Client().get(reverse("public-object", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("units", [2, 6])
def test_the_list_takes_the_same_queries_at_any_size(units: int, django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(units).published()
    with world.clock(), django_assert_max_num_queries(8):
        page = Client().get(address("public-publicity"))
    assert page.context["units"] == units


def test_after_an_hour_an_address_has_its_share_again(world: World) -> None:
    with world.clock():
        assert [Client().post(address("public-object"), filled(world)).status_code for _time in range(11)][-1] == 429
    world.at += timedelta(hours=1)
    with world.clock():
        assert Client().post(address("public-object"), filled(world)).status_code == 302
    assert Attempt.objects.count() == 1, "what no longer counts is not kept"


def test_behind_a_proxy_every_address_has_its_own_share(world: World, settings: Any) -> None:
    settings.PROXIES = 1
    with world.clock():
        answers = [
            Client().post(
                address("public-object"), filled(world), headers={"X-Forwarded-For": f"9.9.9.9, 10.0.0.{number % 2}"}
            )
            for number in range(22)
        ]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429] * 2
