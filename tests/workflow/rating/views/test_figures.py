"""The pages of figures: means beside each other, the turnout, and how one unit's ratings are spread."""

import pytest

from tests.support.drawings import drawn
from tests.support.pages import Visitor
from tests.support.world import a_cycle
from tests.workflow.rating.queries.test_figures import FIVE, rate

pytestmark = pytest.mark.django_db


def test_before_anything_is_drawn_the_page_says_what_will_be_here() -> None:
    world = a_cycle().with_units(1).opened()
    page = Visitor(world, world.chief).get("/rating-figures/")
    assert (page.status_code, page.context["units"], page.context["turnout"].boxes) == (200, [], [])


def test_before_a_cycle_opens_there_is_nothing() -> None:
    world = a_cycle()
    assert Visitor(world, world.chief).get("/rating-figures/").context["turnout"] is None


def test_means_stand_in_a_picture_with_a_table_and_leads_to_the_distribution() -> None:
    world = a_cycle().with_units(2).accepted()
    drawn(world)
    rate(world, 0, "recipients", *FIVE)
    rate(world, 0, "leaders", "80", "91")
    text = Visitor(world, world.chief).get("/rating-figures/").content.decode()
    assert text.count("<circle") == 2
    assert "85.30" in text and "85.50" in text
    path = f"/assessments/{world.assessments[0].pk}/distribution/"
    assert path in text
    page = Visitor(world, world.chief).get(path)
    assert page.context["count"] == 5
    assert "99.5" not in page.content.decode(), "no single rating can be read"


def test_a_unit_that_is_not_over_has_no_distribution() -> None:
    world = a_cycle().with_units(1).accepted()
    rate(world, 0, "recipients", *FIVE, over=False)
    path = f"/assessments/{world.assessments[0].pk}/distribution/"
    assert Visitor(world, world.office).get(path).status_code == 404
