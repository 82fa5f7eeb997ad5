"""Publishing by the office's page under odd requests: a counting that is none, a year without its holiday order."""

import pytest

from scoring.models import HolidayOrder
from tests.support.pages import Visitor
from tests.support.world import a_cycle
from workflow.board.models import Board
from workflow.publicity.models import Publicity

pytestmark = pytest.mark.django_db


def test_without_the_holiday_order_of_the_year_nothing_is_published() -> None:
    world = a_cycle().with_units(1).approved()
    HolidayOrder.objects.all().delete()
    world.at = world.at.replace(year=2031)
    answer = Visitor(world, world.office).get(f"/publicities/new/{Board.objects.get().pk}/")
    assert answer.status_code == 422
    assert "2031" in str(answer.context["problem"])


def test_a_board_that_is_public_is_not_published_again() -> None:
    world = a_cycle().with_units(1).published()
    publicity = Publicity.objects.get()
    assert Visitor(world, world.office).get(f"/publicities/new/{publicity.board_id}/").status_code == 404


def test_the_office_sees_both_ends_and_publishes() -> None:
    world = a_cycle().with_units(2).approved()
    board, office = Board.objects.get(), Visitor(world, world.office)
    assert list(office.get("/publicities/").context["boards"]) == [board]
    page = office.get(f"/publicities/new/{board.pk}/")
    assert (len(page.context["form"].fields["first_day"].choices), len(page.context["items"])) == (2, 2)
    neither = office.post(f"/publicities/new/{board.pk}/", {"first_day": "maybe"})
    assert list(neither.context["form"].errors) == ["first_day"]
    done = office.post(f"/publicities/new/{board.pk}/", {"first_day": "no"})
    assert done.url == f"/public/{Publicity.objects.get().slug}/"


def test_who_may_publish() -> None:
    world = a_cycle().with_units(1).approved()
    path = f"/publicities/new/{Board.objects.get().pk}/"
    for person in (world.chief, world.leaders[0], world.supervisor, next(iter(world.filers.values()))):
        assert Visitor(world, person).get(path).status_code == 403
        assert Visitor(world, person).post(path, {"first_day": "no"}).status_code == 403
    assert Visitor(world, world.supervisor).get("/publicities/").status_code == 200
    assert not Publicity.objects.exists()
