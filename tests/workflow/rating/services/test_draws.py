"""The draw: made once for a unit, redone by anybody from what is published, small rosters left to the office (R8)."""

from datetime import timedelta

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common.many import Dealt
from common.wording import spoken_instant
from documents.models import RosterWaiver
from outbox.queries import waiting
from scoring.engine.draw import draw, parse_roster
from scoring.models import Ballot, Draw
from tests.support.world import World, a_cycle
from workflow.flow.models import Assessment
from workflow.rating.services.draws import draw_recipients, seed_of
from workflow.rating.services.window import set_rating_window

pytestmark = pytest.mark.django_db
SEED = b"1" * 32


def drawn(world: World, seed: bytes = SEED) -> Dealt[Assessment]:
    with world.clock():
        return draw_recipients(assessments=world.assessments, by=world.office, seed=seed)


@pytest.mark.parametrize(
    ("text", "same"),
    [("03 07 11\n26", "03 07 11\r\n26\r\n"), ("\n03 07\n\n", "03 07")],
    ids=["line ends of Windows", "blank lines around"],
)
def test_public_lines_give_the_same_seed_to_everybody(text: str, same: str) -> None:
    assert seed_of(text) == seed_of(same)
    assert len(seed_of(text)) == 32


def test_without_public_lines_the_seed_is_random() -> None:
    assert seed_of("") != seed_of(" \n ")
    assert len(seed_of("")) == 32


def test_a_draw_is_kept_with_all_that_redoes_it() -> None:
    world = a_cycle().with_units(2).accepted()
    assert drawn(world).done == world.assessments
    for made in Draw.objects.select_related("sheet__unit"):
        assert (made.size, len(made.drawn), len(made.reserves), made.ballots.count()) == (3, 3, 2, 3)
        again = draw(parse_roster(made.public_roster), made.sheet.unit.code, made.size, bytes.fromhex(made.seed))
        assert (list(again.drawn), list(again.reserves)) == (made.drawn, made.reserves)
    assert Event.objects.filter(verb=Verb.DRAWN).count() == 2


def test_a_draw_in_force_stays() -> None:
    world = a_cycle().with_units(1).accepted()
    drawn(world)
    drawn(world, b"2" * 32)
    assert Draw.objects.get().seed == SEED.hex()
    assert Event.objects.filter(verb=Verb.DRAWN).count() == 1


@pytest.mark.parametrize("have", [0, 1, 2])
def test_too_small_a_roster_is_not_drawn_from_and_the_others_are(have: int) -> None:
    world = a_cycle().with_units(2).accepted()
    enough, small = world.assessments
    small.sheet.roster.filter(position__gt=have).delete()
    dealt = drawn(world)
    assert dealt.done == [enough]
    [(refused, why)] = dealt.refused
    assert (refused, small.sheet.unit_name in str(why.message)) == (small, True)
    assert Draw.objects.get().sheet_id == enough.sheet_id
    assert set(Ballot.objects.values_list("draw__sheet", flat=True)) == {enough.sheet_id}


def test_nobody_is_drawn_for_a_unit_that_does_not_wait() -> None:
    world = a_cycle().with_units(1).submitted()
    assert (drawn(world).done, Draw.objects.count()) == ([], 0)


def test_a_waived_roster_is_drawn_as_a_whole() -> None:
    world = a_cycle().with_units(1).accepted()
    sheet = world.assessments[0].sheet
    sheet.roster.filter(position__gt=2).delete()
    RosterWaiver.objects.create(sheet=sheet, reason="仅两人", waived_by=world.office)
    drawn(world)
    made = Draw.objects.get()
    assert (made.size, len(made.drawn), made.reserves) == (2, 2, [])


def test_nobody_draws_for_their_own_unit() -> None:
    world = a_cycle().with_units(2).accepted()
    own, other = world.assessments
    Membership.objects.create(user=world.office, role=Role.FILER, unit=own.sheet.unit, since=world.at)
    dealt = drawn(world)
    assert (dealt.done, [assessment for assessment, _why in dealt.refused]) == ([other], [own])


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
