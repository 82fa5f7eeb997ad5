"""Boards, publicity and objections under odd requests: stale pages, wrong numbers, words missing."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client

from scoring.models import HolidayOrder, Step
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.board.services import digest_of, submit_board
from workflow.publicity.models import Objection, Publicity

pytestmark = pytest.mark.django_db


def consolidated() -> tuple[World, Board]:
    """Three districts on a submitted board."""
    world = a_cycle().with_units(3).consolidated()
    with world.clock():
        return world, submit_board(track=world.cycle.tracks.get(code="district"), by=world.office)


def published() -> tuple[World, Publicity]:
    """Two districts whose results are public."""
    world = a_cycle().with_units(2).published()
    cache.clear()
    return world, Publicity.objects.get()


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def chief(world: World) -> Visitor:
    return Visitor(world, world.chief)


def said(answer: Any) -> list[str]:
    return [str(one) for one in get_messages(answer.wsgi_request)]


# ---- boards ------------------------------------------------------------------------------------------------------


def test_before_any_cycle_opens_the_list_is_empty() -> None:
    world = a_cycle()
    page = office(world).get("/boards/")
    assert (page.context["cycle"], page.context["rows"]) == (None, [])


def test_a_board_with_nobody_on_it_is_not_submitted() -> None:
    world = a_cycle().with_units(1).opened()
    track = world.cycle.tracks.get(code="district")
    page = office(world).post(f"/boards/new/{track.pk}/", {"incomplete": "on"})
    assert page.context["form"].non_field_errors()
    assert not Board.objects.exists()


def test_a_board_of_a_draft_is_not_found() -> None:
    world = a_cycle().with_units(1)
    track = world.cycle.tracks.get(code="district")
    assert office(world).get(f"/boards/new/{track.pk}/").status_code == 404


def test_one_grade_is_saved_as_it_is_chosen_and_the_counts_come_back() -> None:
    world, board = consolidated()
    line = board.lines.order_by("pk").first()
    assert line is not None
    name = f"grade-{line.pk}"
    data = {"changed": name, name: "一等", "version": digest_of(board)}
    answer = chief(world).post(f"/boards/{board.pk}/grades/", data, headers={"X-Requested-With": "autosave"})
    body = answer.json()
    assert (answer.status_code, body["errors"]) == (200, {})
    assert body["version"] == digest_of(board)
    assert set(body["html"]) == {"#counts", "#seen"}


def test_whoever_has_not_seen_another_s_change_keeps_their_version() -> None:
    world, board = consolidated()
    line = board.lines.order_by("pk").first()
    assert line is not None
    name = f"grade-{line.pk}"
    data = {"changed": name, name: "一等", "version": "seen long ago"}
    body = chief(world).post(f"/boards/{board.pk}/grades/", data, headers={"X-Requested-With": "autosave"}).json()
    assert body["version"] == "seen long ago"


@pytest.mark.parametrize("autosave", [True, False])
def test_a_grade_that_is_none_is_refused_at_its_line(autosave: bool) -> None:
    world, board = consolidated()
    line = board.lines.order_by("pk").first()
    assert line is not None
    data = {f"grade-{line.pk}": "金奖", "grade-x": "一等", "version": digest_of(board)}
    headers = {"X-Requested-With": "autosave"} if autosave else {}
    answer = chief(world).post(f"/boards/{board.pk}/grades/", data, headers=headers)
    assert answer.status_code == 422
    errors = answer.json()["errors"] if autosave else answer.context["errors"]
    assert len(errors) == 1
    line.refresh_from_db()
    assert line.grade == ""


def test_every_open_line_is_filled_at_once() -> None:
    world, board = consolidated()
    assert chief(world).post(f"/boards/{board.pk}/grades/", {"fill": "金奖"}).status_code == 422
    assert chief(world).post(f"/boards/{board.pk}/grades/", {"fill": "二等"}).url == f"/boards/{board.pk}/"
    assert set(board.lines.values_list("grade", flat=True)) == {"二等"}


def test_a_return_asks_why_and_names_whom() -> None:
    world, board = consolidated()
    line = board.lines.order_by("pk").first()
    assert line is not None
    path = f"/boards/{board.pk}/return/"
    page = chief(world).post(path, {"ids": [line.pk]})
    assert [item["label"] for item in page.context["items"]] == [line.sheet.unit_name]
    refused = chief(world).post(path, {"ids": [line.pk], "confirmed": "1", "why": " "})
    assert list(refused.context["form"].errors) == ["why"]
    assert len(refused.context["chosen"]) == 1
    assert chief(world).post(path, {"ids": [line.pk], "confirmed": "1", "why": "复核"}).url == f"/boards/{board.pk}/"
    assert line.sheet.assessment.step == Step.CONSOLIDATION


def test_nobody_chosen_is_returned_to_nowhere() -> None:
    world, board = consolidated()
    page = chief(world).post(f"/boards/{board.pk}/return/", {"confirmed": "1", "why": "复核"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert {one.step for one in world.assessments} == {Step.APPROVAL}


def test_a_signature_wants_the_right_password_and_the_list_that_was_seen() -> None:
    world, board = consolidated()
    chief(world).post(f"/boards/{board.pk}/grades/", {"fill": "二等"})
    path, seen = f"/boards/{board.pk}/sign/", digest_of(board)
    assert chief(world).get(path).context["seen"] == seen
    assert chief(world).get(path, data={"seen": "old"}).url == f"/boards/{board.pk}/"
    for password in ("", "wrong"):
        page = chief(world).post(path, {"seen": seen, "password": password})
        assert list(page.context["form"].errors) == ["password"]
    stale = chief(world).post(path, {"seen": "old", "password": "secret"})
    assert stale.status_code == 422
    assert chief(world).post(path, {"seen": seen, "password": "secret"}).url == f"/boards/{board.pk}/"
    board.refresh_from_db()
    assert board.signed_by == world.chief


def test_only_a_signed_board_has_a_sealed_file() -> None:
    world, board = consolidated()
    assert office(world).get(f"/boards/{board.pk}/sealed.json").status_code == 404


# ---- publicity ---------------------------------------------------------------------------------------------------


def test_a_counting_that_is_none_is_refused_at_its_field() -> None:
    world = a_cycle().with_units(1).approved()
    path = f"/publicities/new/{Board.objects.get().pk}/"
    page = office(world).post(path, {"first_day": "maybe"})
    assert list(page.context["form"].errors) == ["first_day"]
    assert not Publicity.objects.exists()


def test_without_the_holiday_order_of_the_year_nothing_is_published() -> None:
    world = a_cycle().with_units(1).approved()
    HolidayOrder.objects.all().delete()
    world.at = world.at.replace(year=2031)
    answer = office(world).get(f"/publicities/new/{Board.objects.get().pk}/")
    assert answer.status_code == 422
    assert answer.context["problem"]


def test_a_board_that_is_public_is_not_published_again() -> None:
    world, publicity = published()
    assert office(world).get(f"/publicities/new/{publicity.board_id}/").status_code == 404


def an_objection(publicity: Publicity, **changes: str) -> dict[str, str]:
    sheet = publicity.sheets.order_by("pk").first()
    assert sheet is not None
    return {
        "kind": "person", "name": "张三", "workplace": "某单位", "contact": "13900000000", "sheet": str(sheet.pk),
        "text": "第三项活动的次数与事实不符。",
    } | changes  # fmt: skip


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
    with world.clock():
        Client().post(f"/public/{publicity.slug}/object/", an_objection(publicity))
    found = Objection.objects.get()
    page = office(world).post(f"/objections/{found.pk}/", data)
    assert len(page.context["form"].errors) == 1
    reader = chief(world).post(f"/objections/{found.pk}/", {"decision": "upheld", "answer": "属实"})
    assert reader.context["may_decide"] is False
    found.refresh_from_db()
    assert found.decision == ""
