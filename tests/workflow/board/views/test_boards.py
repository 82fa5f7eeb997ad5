"""The boards of a cycle by their pages: where the tracks stand, and how the office submits a list."""

import pytest

from outbox.models import Message
from scoring.models import Step
from tests.support.pages import Visitor
from tests.support.world import a_cycle
from workflow.board.models import Board
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


def test_before_any_cycle_opens_the_list_is_empty() -> None:
    world = a_cycle()
    page = Visitor(world, world.office).get("/boards/")
    assert (page.context["cycle"], page.context["rows"]) == (None, [])


def test_the_list_says_how_many_wait_and_the_office_submits_them() -> None:
    world = a_cycle().with_units(3).with_units(1, "society").consolidated()
    track, office = world.cycle.tracks.get(code="district"), Visitor(world, world.office)
    rows = office.get("/boards/").context["rows"]
    assert [(row.waiting, row.on_way, row.board) for row in rows] == [(3, 0, None), (1, 0, None)]
    assert len(office.get(f"/boards/new/{track.pk}/").context["ranked"]) == 3
    done = office.post(f"/boards/new/{track.pk}/", {"confirmed": "1"})
    board = Board.objects.get()
    assert (done.url, board.lines.count()) == (f"/boards/{board.pk}/", 3)
    assert Message.objects.filter(to=world.chief, cause__startswith="board:").count() == 1
    assert office.get("/boards/").context["rows"][0].board == board


def test_a_list_without_everybody_must_be_confirmed() -> None:
    world = a_cycle().with_units(2, "society").consolidated()
    Assessment.objects.filter(pk=world.assessments[0].pk).update(step=Step.CONSOLIDATION)
    address = f"/boards/new/{world.assessments[0].sheet.track_id}/"
    page = Visitor(world, world.office).post(address, {"confirmed": "1"})
    assert list(page.context["form"].errors) == ["incomplete"]
    assert len(page.context["missing"]) == 1
    Visitor(world, world.office).post(address, {"confirmed": "1", "incomplete": "on"})
    assert Board.objects.get().lines.count() == 1


def test_a_board_with_nobody_on_it_is_not_submitted() -> None:
    world = a_cycle().with_units(1).opened()
    track = world.cycle.tracks.get(code="district")
    page = Visitor(world, world.office).post(f"/boards/new/{track.pk}/", {"incomplete": "on"})
    assert page.context["form"].non_field_errors()
    assert not Board.objects.exists()


def test_a_board_of_a_draft_is_not_found() -> None:
    world = a_cycle().with_units(1)
    track = world.cycle.tracks.get(code="district")
    assert Visitor(world, world.office).get(f"/boards/new/{track.pk}/").status_code == 404
