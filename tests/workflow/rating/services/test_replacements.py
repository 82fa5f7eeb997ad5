"""Replacing somebody who can't be reached: the next of the same order, never whom one would like (R8)."""

import pytest

from audit.verbs import Verb
from common.errors import DomainError
from documents.models import RosterEntry
from outbox.models import Message
from scoring.models import Ballot, Cycle, Draw, Drawing, PublicRoster, Replacement
from tests.support.drawings import drawn, opened
from tests.support.traces import last_event, refused
from tests.support.world import World, a_cycle
from workflow.rating.queries.draws import categories_of_draw, people_standing, standing_in
from workflow.rating.services.drawings import supersede_drawing
from workflow.rating.services.replacements import replace_recipient

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = a_cycle().with_units(1).accepted()
    drawn(world)
    return world


def draw() -> Draw:
    return Draw.objects.select_related("drawing").get(superseded_at=None)


def replaced(world: World, out_id: str, reason: str = "停机") -> Replacement:
    with world.clock():
        return replace_recipient(draw=draw(), out_id=out_id, reason=reason, by=world.office)


def test_the_first_reserve_comes_in_and_gets_a_ballot_of_their_own(world: World) -> None:
    made = draw()
    told = replaced(world, made.drawn[1])
    assert (told.out_id, told.in_id) == (made.drawn[1], made.reserves[0])
    assert Ballot.objects.get(opaque_id=made.drawn[1]).revoked_at is not None
    ballot = Ballot.objects.get(opaque_id=made.reserves[0])
    assert Message.objects.filter(minting=f"ballot:{ballot.pk}").count() == 1
    event = last_event(Verb.RECIPIENT_REPLACED)
    assert (event.came_from, event.went_to, event.why) == (made.drawn[1], made.reserves[0], "停机")
    order = standing_in(made)
    assert order.standing == [made.drawn[0], made.drawn[2], made.reserves[0]]
    assert order.waiting == made.reserves[1:]


def test_whoever_came_in_can_be_replaced_too_until_nobody_is_left(world: World) -> None:
    made = draw()
    replaced(world, made.drawn[0])
    replaced(world, made.reserves[0])
    refused(lambda: replaced(world, made.reserves[1]))
    assert standing_in(made).waiting == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_wanted(world: World, reason: str) -> None:
    refused(lambda: replaced(world, draw().drawn[0], reason), "reason")


def test_only_who_stands_is_replaced(world: World) -> None:
    refused(lambda: replaced(world, draw().reserves[0]))
    refused(lambda: replaced(world, "nobody"))
    replaced(world, draw().drawn[0])
    refused(lambda: replaced(world, draw().drawn[0]))


def test_whoever_has_rated_stays(world: World) -> None:
    Ballot.objects.filter(opaque_id=draw().drawn[0]).update(spent=True)
    refused(lambda: replaced(world, draw().drawn[0]))
    assert not Replacement.objects.exists()


def test_nobody_is_replaced_once_rating_is_over_or_the_draw_superseded(world: World) -> None:
    made = draw()
    drawing = Drawing.objects.get()
    with world.clock(drawing.lottery_at):
        supersede_drawing(drawing=drawing, why="号码录错", by=world.chief)
        refused(lambda: replace_recipient(draw=made, out_id=made.drawn[0], reason="停机", by=world.office))
    world.task(world.assessments[0], "recipient_rating").delete()
    with world.clock():
        refused(lambda: replace_recipient(draw=made, out_id=made.drawn[0], reason="停机", by=world.office))


def test_people_are_shown_masked_and_nobody_whose_name_is_deleted(world: World) -> None:
    made = draw()
    shown = people_standing(made, standing_in(made))
    assert [person.opaque_id for person in shown] == made.drawn
    assert all("样*" in person.named and "****" in person.named for person in shown)
    RosterEntry.every.all().delete()
    assert [person.named for person in people_standing(made, standing_in(made))] == made.drawn


# ---- at least one of each category ----

KINDS = ("科技志愿者", "科技志愿者", "基层“三长”", "科技志愿者", "市科协五大代表")


def of_categories(*kinds: str) -> World:
    """A drawn unit whose people are of these categories, at least one of each drawn."""
    world = a_cycle().with_units(1)
    Cycle.objects.filter(pk=world.cycle.pk).update(draw_each_category=True)
    world.filled()
    for person, kind in zip(RosterEntry.objects.order_by("position"), kinds, strict=True):
        RosterEntry.objects.filter(pk=person.pk).update(category=kind)
    world.cycle.refresh_from_db()
    return world.accepted()


def test_one_of_each_category_is_drawn_and_comes_in_for_one_of_it() -> None:
    world = of_categories(*KINDS)
    drawn(world)
    made = draw()
    categories = categories_of_draw(made)
    assert categories is not None
    assert {categories[opaque_id] for opaque_id in made.drawn} == set(KINDS)
    volunteer = next(opaque_id for opaque_id in made.drawn if categories[opaque_id] == "科技志愿者")
    assert categories[replaced(world, volunteer).in_id] == "科技志愿者"
    delegate = next(opaque_id for opaque_id in made.drawn if categories[opaque_id] == "市科协五大代表")
    replaced(world, delegate)
    refused(lambda: replaced(world, next(opaque_id for opaque_id in standing_in(made).standing)))


def test_the_seed_binds_the_categories() -> None:
    world = of_categories(*KINDS)
    drawn(world)
    drawing = Drawing.objects.get()
    roster = PublicRoster.objects.get()
    assert drawing.each_category
    assert len(roster.categories.splitlines()) == 6
    assert draw().drawing == drawing


def test_more_categories_than_people_to_draw_are_not_covered() -> None:
    world = of_categories("甲", "乙", "丙", "丁", "丁")
    with pytest.raises(DomainError):
        opened(world)


def test_without_the_option_a_draw_knows_no_categories(world: World) -> None:
    assert categories_of_draw(draw()) is None
    Draw.objects.update(drawing=None)
    assert categories_of_draw(draw()) is None
