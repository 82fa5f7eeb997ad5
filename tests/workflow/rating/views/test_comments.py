"""Pages of comments: unread until screened, then for the leading group, and for the unit after its result."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role
from scoring.models import Comment, Step
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db
PAGE = "/comments/"
SHOWING = 8  # statements


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).accepted()


def a_comment(world: World, text: str, unit: int = 0, **changes: Any) -> Comment:
    return Comment.objects.create(sheet=world.assessments[unit].sheet, text=text, **changes)


def of_unit(world: World, unit: int = 0) -> str:
    return f"/assessments/{world.assessments[unit].pk}/comments/"


def circulate(world: World) -> None:
    Assessment.objects.filter(pk=world.assessments[0].pk).update(step=Step.CIRCULATED)


def test_the_office_releases_and_withholds_on_one_page(world: World) -> None:
    good, bad, later = a_comment(world, "好"), a_comment(world, "坏"), a_comment(world, "以后再看")
    office = Visitor(world, world.office)
    assert {row.comment for row in office.get(PAGE).context["rows"]} == {good, bad, later}
    chosen = {f"choice-{good.pk}": "release", f"choice-{bad.pk}": "withhold", f"why-{bad.pk}": "指名道姓"}
    assert office.post(PAGE, chosen).status_code == 302
    assert [row.comment for row in office.get(PAGE).context["rows"]] == [later]
    assert set(Comment.objects.filter(is_visible=True)) == {good}


def test_a_comment_withheld_without_a_reason_stays_with_what_was_chosen(world: World) -> None:
    comment, good = a_comment(world, "坏"), a_comment(world, "好")
    chosen = {f"choice-{comment.pk}": "withhold", f"choice-{good.pk}": "release"}
    page = Visitor(world, world.office).post(PAGE, chosen)
    assert list(page.context["form"].errors) == [f"why-{comment.pk}"]
    [row] = page.context["rows"]
    assert (row.comment, row.choice.value(), page.context["waiting"]) == (comment, "withhold", 1)


def test_nobody_screens_about_their_own_unit(world: World) -> None:
    own, other = a_comment(world, "本单位", 1), a_comment(world, "别单位", 0)
    Membership.objects.create(user=world.office, role=Role.FILER, unit=own.sheet.unit, since=world.at)
    page = Visitor(world, world.office).get(PAGE)
    assert [row.comment for row in page.context["rows"]] == [other]
    assert "本单位" not in page.content.decode()


def test_the_leading_group_reads_what_was_released_and_nothing_else(world: World) -> None:
    for text, visible in (("放行的话", True), ("扣下的话", False), ("没看的话", None)):
        a_comment(world, text, is_visible=visible)
    for person in (world.chief, world.leaders[0], world.supervisor, world.office):
        text = Visitor(world, person).get(of_unit(world)).content.decode()
        assert "放行的话" in text
        assert "扣下的话" not in text and "没看的话" not in text


def test_the_unit_reads_it_after_its_result_and_not_before(world: World) -> None:
    a_comment(world, "放行的话", is_visible=True)
    filer = Visitor(world, world.filers[world.assessments[0].sheet_id])
    assert filer.get(of_unit(world)).status_code == 404
    circulate(world)
    assert "放行的话" in filer.get(of_unit(world)).content.decode()


def test_a_leader_of_the_unit_reads_it_no_sooner_than_the_unit(world: World) -> None:
    a_comment(world, "放行的话", is_visible=True)
    unit = world.assessments[0].sheet.unit
    Membership.objects.create(user=world.chief, role=Role.FILER, unit=unit, since=world.at)
    chief = Visitor(world, world.chief)
    assert chief.get(of_unit(world)).status_code == 404
    circulate(world)
    assert chief.get(of_unit(world)).status_code == 200


@pytest.mark.parametrize("who", ["reviewers", "heads"])
def test_departments_do_not_read_it(world: World, who: str) -> None:
    circulate(world)
    assert Visitor(world, getattr(world, who)["district"]).get(of_unit(world)).status_code == 404


def test_no_score_stands_beside_a_comment(world: World) -> None:
    a_comment(world, "放行的话", is_visible=True)
    world.assessments[0].sheet.ratings.create(component="recipients", value="87.65")
    for page in (Visitor(world, world.office).get(of_unit(world)), Visitor(world, world.office).get(PAGE)):
        assert "87.65" not in page.content.decode()


@pytest.mark.parametrize("many", [1, 9])
def test_screening_asks_as_much_of_many_comments_as_of_one(world: World, many: int) -> None:
    for number in range(many):
        a_comment(world, f"第{number}条", number % 2)
    office = Visitor(world, world.office)
    with CaptureQueriesContext(connection) as asked:
        office.get(PAGE)
    assert len(asked) == SHOWING
