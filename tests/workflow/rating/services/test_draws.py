"""The draw: made once for a unit of a drawing, redone by anybody from what is published (R8)."""

from datetime import timedelta

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common.errors import DomainError
from common.wording import spoken_instant
from documents.models import RosterWaiver
from outbox.queries import waiting
from scoring.engine.draw import draw, parse_roster, seed_from_lines, split_lines
from scoring.models import Ballot, Draw, PublicRoster, ScoreSheet
from tests.support.drawings import drawn, opened, with_numbers, with_secrets
from tests.support.world import World, a_cycle
from workflow.rating.services.drawings import supersede_drawing
from workflow.rating.services.draws import draw_recipients
from workflow.rating.services.window import set_rating_window

pytestmark = pytest.mark.django_db


def with_small_roster(world: World, have: int) -> ScoreSheet:
    """Let the last unit submit with a roster of so many people, by the office's decision where it is too small."""
    sheet: ScoreSheet = world.filled().assessments[-1].sheet
    sheet.roster.filter(position__gt=have).delete()
    RosterWaiver.objects.create(sheet=sheet, reason="仅两人", waived_by=world.office)
    world.accepted()
    return sheet


def test_a_draw_is_kept_with_all_that_redoes_it() -> None:
    world = a_cycle().with_units(2).accepted()
    assert len(drawn(world).done) == 2
    for made in Draw.objects.select_related("sheet__unit", "drawing"):
        assert made.drawing is not None
        assert (made.size, len(made.drawn), len(made.reserves), made.ballots.count()) == (3, 3, 2, 3)
        seed = seed_from_lines(split_lines(made.drawing.seed_lines))
        again = draw(parse_roster(made.public_roster), made.sheet.unit.code, made.size, seed)
        assert (list(again.drawn), list(again.reserves), again.seed) == (made.drawn, made.reserves, made.seed)
    assert Event.objects.filter(verb=Verb.DRAWN).count() == 2


def test_who_draws_when_and_how_often_changes_nothing() -> None:
    world = a_cycle().with_units(1).accepted()
    drawing = with_numbers(world)
    with world.clock(drawing.lottery_at + timedelta(days=2)):
        draw_recipients(drawing=drawing, by=world.office)
        assert draw_recipients(drawing=drawing, by=world.office).done == []
    assert Event.objects.filter(verb=Verb.DRAWN).count() == 1


def test_nobody_draws_before_the_numbers_are_confirmed() -> None:
    world = a_cycle().with_units(1).accepted()
    drawing = with_secrets(world)
    with world.clock(drawing.lottery_at), pytest.raises(DomainError):
        draw_recipients(drawing=drawing, by=world.office)
    assert not Draw.objects.exists()


def test_nobody_draws_in_a_drawing_that_was_given_up() -> None:
    world = a_cycle().with_units(1).accepted()
    drawing = with_numbers(world)
    with world.clock(drawing.lottery_at), pytest.raises(DomainError):
        held = type(drawing).objects.get(pk=drawing.pk)
        supersede_drawing(drawing=held, why="期号有误", by=world.supervisor)
        drawing.refresh_from_db()
        draw_recipients(drawing=drawing, by=world.office)


def test_a_drawing_given_up_meanwhile_is_not_drawn_from() -> None:
    world = a_cycle().with_units(1).accepted()
    drawing = with_numbers(world)
    with world.clock(drawing.lottery_at):
        supersede_drawing(drawing=drawing, why="期号有误", by=world.supervisor)
        dealt = draw_recipients(drawing=drawing, by=world.office)
    assert (dealt.done, len(dealt.refused)) == ([], 1)


def test_a_roster_that_was_superseded_meanwhile_is_not_drawn_from() -> None:
    world = a_cycle().with_units(2).accepted()
    drawing = with_numbers(world)
    gone = PublicRoster.objects.get(sheet=world.assessments[0].sheet)
    PublicRoster.objects.filter(pk=gone.pk).update(superseded_at=world.at)
    with world.clock(drawing.lottery_at):
        dealt = draw_recipients(drawing=drawing, by=world.office)
    assert [covered.roster for covered, _why in dealt.refused] == [gone]
    assert [covered.roster.sheet_id for covered in dealt.done] == [world.assessments[1].sheet_id]


def test_a_unit_that_waits_no_more_is_named_and_the_others_are_drawn() -> None:
    world = a_cycle().with_units(2).accepted()
    drawing = with_numbers(world)
    world.task(world.assessments[0], "recipient_rating").delete()
    with world.clock(drawing.lottery_at):
        dealt = draw_recipients(drawing=drawing, by=world.office)
    [(refused, why)] = dealt.refused
    assert refused.roster.sheet.unit_name in str(why.message)
    assert len(dealt.done) == 1


def test_a_unit_that_has_a_draw_from_elsewhere_keeps_it() -> None:
    world = a_cycle().with_units(1).accepted()
    drawing = with_numbers(world)
    made = Draw.objects.create(
        sheet=world.assessments[0].sheet, size=1, seed="0" * 64, drawn=["a"], reserves=[], drawn_by=world.office
    )
    with world.clock(drawing.lottery_at):
        draw_recipients(drawing=drawing, by=world.office)
    assert Draw.objects.get() == made


@pytest.mark.parametrize("have", [1, 2])
def test_too_small_a_roster_is_not_covered_and_the_others_are(have: int) -> None:
    world = a_cycle().with_units(2)
    sheet = with_small_roster(world, have)
    RosterWaiver.objects.all().delete()
    rosters = opened(world).rosters
    [(refused, why)] = rosters.refused
    assert (refused.sheet_id, sheet.unit_name in str(why.message)) == (sheet.pk, True)
    assert [roster.sheet_id for roster in rosters.done] == [world.assessments[0].sheet_id]


def test_a_waived_roster_is_drawn_as_a_whole() -> None:
    world = a_cycle().with_units(1)
    with_small_roster(world, 2)
    drawn(world)
    made = Draw.objects.get()
    assert (made.size, len(made.drawn), made.reserves) == (2, 2, [])


def test_nobody_draws_for_their_own_unit() -> None:
    world = a_cycle().with_units(2).accepted()
    own, other = world.assessments
    Membership.objects.create(user=world.office, role=Role.FILER, unit=own.sheet.unit, since=world.at)
    dealt = drawn(world)
    assert [covered.roster.sheet_id for covered in dealt.done] == [other.sheet_id]
    assert [covered.roster.sheet_id for covered, _why in dealt.refused] == [own.sheet_id]
    assert set(Ballot.objects.values_list("draw__sheet", flat=True)) == {other.sheet_id}


def test_the_texts_name_the_window_as_it_was_moved() -> None:
    world = a_cycle().with_units(1).accepted()
    drawn(world)
    opens, closes = world.cycle.ratings_open_at, world.cycle.ratings_close_at
    assert opens and closes
    later = closes + timedelta(days=3)
    with world.clock():
        set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=later, by=world.office)
        told = [message.said_body for message in waiting() if message.cause.startswith("ballot:")]
    assert len(told) == 3
    with world.clock():
        assert all(spoken_instant(later) in body and spoken_instant(closes) not in body for body in told)
