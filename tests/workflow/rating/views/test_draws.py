"""Draws by the office's pages: chosen, confirmed with a seed, read by those who read the cycle."""

from typing import Any

import pytest

from accounts.models import User
from documents.models import RosterEntry
from outbox.models import Message
from scoring.models import Draw
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).with_units(1, "society").accepted()


def draw(world: World, *places: int, **fields: str) -> Any:
    """The office's answer to the confirmed draw for these units."""
    keys = [world.assessments[place].pk for place in places]
    return Visitor(world, world.office).post("/draws/new/", {"ids": keys, "confirmed": "1", **fields})


def test_a_draw_is_confirmed_before_it_is_made(world: World) -> None:
    office = Visitor(world, world.office)
    keys = [row.assessment.pk for row in office.get("/draws/").context["rows"]]
    asked = office.post("/draws/new/", {"ids": keys})
    assert [item["note"] for item in asked.context["items"]] == [5, 5]
    assert not Draw.objects.exists()
    assert draw(world, 0, 1, seed_lines="双色球 2026150期\n03 07 12").url == "/draws/"
    assert Draw.objects.count() == 2
    assert Message.objects.filter(channel="text", minting__startswith="ballot:").count() == 6
    assert office.get("/draws/").context["undrawn"] == 0


def test_who_is_drawn_already_is_not_drawn_again(world: World) -> None:
    draw(world, 0)
    assert Visitor(world, world.office).post("/draws/new/", {"ids": [world.assessments[0].pk]}).url == "/draws/"
    assert Draw.objects.count() == 1


@pytest.mark.parametrize("lines", ["03 07\n\n12", "03 07\r\n \r\n12"])
def test_a_blank_seed_line_is_refused_at_its_field_and_what_was_typed_stays(world: World, lines: str) -> None:
    page = draw(world, 0, seed_lines=lines)
    assert list(page.context["form"].errors) == ["seed_lines"]
    assert page.context["form"]["seed_lines"].value() == lines
    assert not Draw.objects.exists()


def test_a_roster_too_small_is_named_and_the_others_are_drawn(world: World) -> None:
    RosterEntry.objects.filter(sheet=world.assessments[1].sheet, position__gt=1).delete()
    assert draw(world, 0, 1).url == "/draws/"
    assert Draw.objects.get().sheet == world.assessments[0].sheet
    assert world.assessments[1].sheet.unit_name in Visitor(world, world.office).get("/draws/").content.decode()


def test_where_nobody_is_drawn_the_seed_stays_as_it_was_typed(world: World) -> None:
    RosterEntry.objects.filter(position__gt=1).delete()
    page = draw(world, 0, seed_lines="03 07 12")
    assert page.context["form"]["seed_lines"].value() == "03 07 12"
    assert not Draw.objects.exists()


def test_a_draw_and_its_roster_are_read_by_those_who_read_the_cycle(world: World) -> None:
    draw(world, 0)
    made, undrawn = Draw.objects.get(), world.assessments[1]

    def roster(user: User, sheet_of: int) -> str:
        content: bytes = Visitor(world, user).get(f"/assessments/{sheet_of}/roster.csv").content
        return content.decode()

    for user in (world.office, world.supervisor, world.chief):
        page = Visitor(world, user).get(f"/draws/{made.pk}/")
        assert made.seed in page.content.decode()
        assert roster(user, world.assessments[0].pk) == made.public_roster
        assert "样例" not in made.public_roster
    assert roster(world.office, undrawn.pk).startswith("id,commitment")
    for user in (*world.filers.values(), world.reviewers["district"]):
        assert Visitor(world, user).get(f"/draws/{made.pk}/").status_code == 403


@pytest.mark.parametrize("path", ["/draws/", "/ratings/"])
def test_the_lists_use_a_fixed_number_of_queries(world: World, path: str, django_assert_max_num_queries: Any) -> None:
    draw(world, 0, 1)
    visitor = Visitor(world, world.office if path == "/draws/" else world.leaders[0])
    with django_assert_max_num_queries(10):
        visitor.get(path)
