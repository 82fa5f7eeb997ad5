"""Screening comments: each is released or withheld once, with a reason, before anybody else reads it (R17)."""

from uuid import uuid4

import pytest

from accounts.models import Membership, Role
from audit.verbs import Verb
from scoring.models import Comment
from tests.support.traces import last_event, refused
from tests.support.world import World, a_cycle
from workflow.rating.services.comments import Screening, screen_comments

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).accepted()


def a_comment(world: World, text: str = "服务热情", unit: int = 0) -> Comment:
    return Comment.objects.create(sheet=world.assessments[unit].sheet, text=text)


def test_a_comment_is_released_or_withheld_with_a_reason(world: World) -> None:
    good, bad = a_comment(world), a_comment(world, "张三收礼")
    decisions = {good.pk: Screening(is_visible=True), bad.pk: Screening(is_visible=False, why=" 指名道姓 ")}
    assert screen_comments(decisions=decisions, by=world.office).saved == {good.pk, bad.pk}
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.is_visible, good.withheld_why, good.screened_by) == (True, "", world.office)
    assert (bad.is_visible, bad.withheld_why, bad.screened_by) == (False, "指名道姓", world.office)


def test_the_record_counts_by_unit_and_never_quotes(world: World) -> None:
    comments = [a_comment(world, "秘密的话"), a_comment(world, "秘密的话")]
    decisions = {comment.pk: Screening(is_visible=False, why="无关") for comment in comments}
    screen_comments(decisions=decisions, by=world.office)
    event = last_event(Verb.COMMENTS_SCREENED)
    assert (event.why, event.data) == ("无关", {"released": 0, "withheld": 2})
    assert event.subject == world.assessments[0].sheet.recorded_as
    assert "秘密" not in f"{event.why}{event.data}{event.came_from}{event.went_to}"


def test_what_can_not_be_screened_is_refused_at_its_comment_and_the_rest_goes_on(world: World) -> None:
    own, bare, done, good = (a_comment(world, unit=unit) for unit in (1, 0, 0, 0))
    Membership.objects.create(user=world.office, role=Role.FILER, unit=own.sheet.unit, since=world.at)
    screen_comments(decisions={done.pk: Screening(is_visible=True)}, by=world.office)
    gone = uuid4()
    decisions = {
        own.pk: Screening(is_visible=True),
        bare.pk: Screening(is_visible=False, why=" "),
        done.pk: Screening(is_visible=False, why="反悔"),
        gone: Screening(is_visible=True),
        good.pk: Screening(is_visible=True),
    }
    with world.clock():
        outcome = screen_comments(decisions=decisions, by=world.office)
    assert outcome.saved == {good.pk}
    assert set(outcome.refused) == {own.pk, bare.pk, done.pk, gone}
    done.refresh_from_db()
    assert done.is_visible is True


@pytest.mark.parametrize("who", ["chief", "supervisor"])
def test_only_the_office_screens(world: World, who: str) -> None:
    comment = a_comment(world)
    refused(lambda: screen_comments(decisions={comment.pk: Screening(is_visible=True)}, by=getattr(world, who)))
