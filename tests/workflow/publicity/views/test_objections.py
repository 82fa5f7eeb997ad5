"""Objecting and deciding by their pages under odd requests: unsigned, about nobody, without an answer."""

import pytest
from django.core.cache import cache
from django.test import Client

from scoring.models import Step
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.publicity.models import Objection, Publicity

pytestmark = pytest.mark.django_db


def published() -> tuple[World, Publicity]:
    """Two districts whose results are public."""
    world = a_cycle().with_units(2).published()
    cache.clear()
    return world, Publicity.objects.get()


def an_objection(publicity: Publicity, **changes: str) -> dict[str, str]:
    sheet = publicity.sheets.order_by("pk").first()
    assert sheet is not None
    signed = {"kind": "person", "name": "张三", "workplace": "某单位", "contact": "13900000000"}
    return signed | {"sheet": str(sheet.pk), "text": "第三项活动的次数与事实不符。"} | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"kind": "ghost"}, "kind", id="no such objector"),
        pytest.param({"name": ""}, "name", id="unsigned"),
        pytest.param({"workplace": ""}, "workplace", id="from nowhere"),
        pytest.param({"contact": ""}, "contact", id="without contact"),
        pytest.param({"sheet": "0"}, "sheet", id="about nobody"),
        pytest.param({"text": "太短"}, "text", id="without facts"),
        pytest.param({"text": "长" * 5001}, "text", id="too long"),
        pytest.param({"website": "http://x"}, "website", id="by a machine"),
    ],
)
def test_an_objection_that_is_none_stays_as_typed(changes: dict[str, str], field: str) -> None:
    world, publicity = published()
    data = an_objection(publicity, **changes)
    with world.clock():
        page = Client().post(f"/public/{publicity.slug}/object/", data)
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["contact"].value() == data["contact"]
    assert not Objection.objects.exists()


def test_a_link_beside_a_unit_names_it_in_the_form() -> None:
    world, publicity = published()
    with world.clock():
        page = Client().get(f"/public/{publicity.slug}/object/", {"unit": "7"})
    assert page.context["form"]["sheet"].value() == "7"


@pytest.mark.parametrize("data", [{"decision": "", "answer": "核实"}, {"decision": "upheld", "answer": " "}])
def test_a_decision_needs_its_kind_and_its_answer(data: dict[str, str]) -> None:
    world, publicity = published()
    objection = objected(world, publicity)
    page = Visitor(world, world.office).post(f"/objections/{objection.pk}/", data)
    assert len(page.context["form"].errors) == 1
    reader = Visitor(world, world.chief).post(f"/objections/{objection.pk}/", {"decision": "upheld", "answer": "属实"})
    assert reader.context["may_decide"] is False
    objection.refresh_from_db()
    assert objection.decision == ""


def objected(world: World, publicity: Publicity) -> Objection:
    with world.clock():
        Client().post(f"/public/{publicity.slug}/object/", an_objection(publicity))
    return Objection.objects.get()


def test_only_the_office_sees_who_objects() -> None:
    world, publicity = published()
    path = f"/objections/{objected(world, publicity).pk}/"
    assert "张三" in Visitor(world, world.office).get(path).content.decode()
    for reader in (world.chief, world.supervisor):
        page = Visitor(world, reader).get(path)
        assert (page.status_code, "张三" in page.content.decode()) == (200, False)
    assert Visitor(world, world.reviewers["district"]).get(path).status_code == 403


@pytest.mark.both
@pytest.mark.parametrize(
    ("decision", "step"),
    [("refused", Step.PUBLICITY), ("dismissed", Step.PUBLICITY), ("upheld", Step.CONSOLIDATION)],
)
def test_the_office_decides_once(decision: str, step: Step) -> None:
    world, publicity = published()
    objection = objected(world, publicity)
    office, path = Visitor(world, world.office), f"/objections/{objection.pk}/"
    assert office.post(path, {"decision": decision, "answer": "经核实"}).url == path
    again = office.post(path, {"decision": decision, "answer": "又一次"})
    assert (again.status_code, bool(again.context["form"].errors)) == (200, True)
    objection.refresh_from_db()
    assert (objection.decision, objection.answer) == (decision, "经核实")
    assert world.assessments[0].step == step
