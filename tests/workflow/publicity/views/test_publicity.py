"""Publishing by the office's page under odd requests: a counting that is none, a year without its holiday order."""

import pytest

from scoring.models import HolidayOrder
from tests.support.pages import Visitor
from tests.support.world import a_cycle
from workflow.board.models import Board
from workflow.publicity.models import Publicity

pytestmark = pytest.mark.django_db


def test_a_counting_that_is_none_is_refused_at_its_field() -> None:
    world = a_cycle().with_units(1).approved()
    path = f"/publicities/new/{Board.objects.get().pk}/"
    page = Visitor(world, world.office).post(path, {"first_day": "maybe"})
    assert list(page.context["form"].errors) == ["first_day"]
    assert not Publicity.objects.exists()


def test_without_the_holiday_order_of_the_year_nothing_is_published() -> None:
    world = a_cycle().with_units(1).approved()
    HolidayOrder.objects.all().delete()
    world.at = world.at.replace(year=2031)
    answer = Visitor(world, world.office).get(f"/publicities/new/{Board.objects.get().pk}/")
    assert answer.status_code == 422
    assert answer.context["problem"]


def test_a_board_that_is_public_is_not_published_again() -> None:
    world = a_cycle().with_units(1).published()
    publicity = Publicity.objects.get()
    assert Visitor(world, world.office).get(f"/publicities/new/{publicity.board_id}/").status_code == 404
