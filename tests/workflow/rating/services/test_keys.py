"""The key of a box: made once, proved from paper before anything is sealed to it, given up only with a reason (R17)."""

import json
from decimal import Decimal

import pytest
from django.core import serializers

from audit.models import Event
from audit.verbs import Verb
from scoring.models import Ballot, KeyHolding, TallyKey
from tests.support.boxes import ballots_of, cast_all, closed, in_window, shared_key
from tests.support.traces import last_event, refused
from tests.support.world import World, a_cycle
from workflow.rating.services.ballots import cast_ballot
from workflow.rating.services.keys import NewKey, give_up_key, make_key, prove_shares
from workflow.rating.services.opening import open_box

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """A cycle whose box has no key yet."""
    made = a_cycle().with_units(1).accepted()
    TallyKey.objects.all().delete()
    return made


def made(world: World, holding: KeyHolding = KeyHolding.SHARES) -> NewKey:
    with world.clock():
        return make_key(cycle=world.cycle, holding=holding, by=world.office)


def typed(new: NewKey) -> list[str]:
    return [" ".join(words) for words in new.shares]


def test_of_a_key_in_shares_nothing_private_is_kept(world: World) -> None:
    new = made(world)
    kept = json.dumps(serializers.serialize("json", [new.key, *Event.objects.all()]))
    assert (new.key.kept, new.key.proved_at) == ("", None)
    assert not any(share in kept for share in typed(new))
    assert last_event(Verb.TALLY_KEY_MADE).data == {"holding": "shares", "public_key": new.key.public_key}


def test_a_key_of_the_system_counts_at_once_and_has_no_shares(world: World) -> None:
    new = made(world, KeyHolding.SYSTEM)
    assert (new.shares, new.key.proved_at) == ([], world.at)
    assert new.key.kept


def test_a_key_counts_once_its_shares_are_proved_and_is_not_replaced_then(world: World) -> None:
    new = made(world)
    prove_shares(cycle=world.cycle, shares=typed(new), by=world.office)
    assert TallyKey.objects.get().proved_at
    assert last_event(Verb.TALLY_KEY_PROVED).actor == world.office
    refused(lambda: made(world))
    refused(lambda: prove_shares(cycle=world.cycle, shares=typed(new), by=world.office))


def test_one_that_was_not_proved_is_replaced(world: World) -> None:
    before, after = made(world), made(world)
    assert TallyKey.objects.get() == after.key
    refused(lambda: prove_shares(cycle=world.cycle, shares=typed(before), by=world.office))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_of_the_three_shares_must_be_right(world: World, place: int) -> None:
    new, other = made(world), shared_key(a_cycle(year=2025).with_units(1).opened())
    shares = typed(new)
    shares[place] = other[place]
    refused(lambda: prove_shares(cycle=world.cycle, shares=shares, by=world.office))
    shares[place] = "academic"
    refused(lambda: prove_shares(cycle=world.cycle, shares=shares, by=world.office), f"share_{place + 1}")
    assert TallyKey.objects.get(cycle=world.cycle).proved_at is None


def test_without_a_key_nothing_is_proved_or_given_up(world: World) -> None:
    refused(lambda: prove_shares(cycle=world.cycle, shares=["", "", ""], by=world.office))
    refused(lambda: give_up_key(cycle=world.cycle, why="遗失", by=world.office))


def test_a_key_that_the_system_holds_is_not_lost(world: World) -> None:
    make_key(cycle=world.cycle, holding=KeyHolding.SYSTEM, by=world.office)
    refused(lambda: give_up_key(cycle=world.cycle, why="遗失", by=world.office))


def test_a_key_that_is_given_up_voids_what_was_sealed_and_the_same_ballots_count_anew(world: World) -> None:
    shared_key(world)
    ballots = ballots_of(world, world.assessments[0], 5)
    cast_all(world, ballots, [10] * 5)
    with world.clock(in_window(world)):
        give_up_key(cycle=world.cycle, why="两份遗失", by=world.office)
    assert set(Ballot.objects.values_list("spent", "sealed", "receipt_sha256")) == {(False, None, "")}
    event = last_event(Verb.TALLY_KEY_DESTROYED)
    assert (event.why, event.data["void"]) == ("两份遗失", 5)
    refused(lambda: cast_ballot(ballot=ballots[0], value=Decimal(5), arrived_at=in_window(world)))
    shares = shared_key(world)
    cast_all(world, ballots, [90] * 5)
    with world.clock(closed(world)):
        assert len(open_box(cycle=world.cycle, shares=shares[:2], by=world.office).done) == 1


def test_a_key_is_given_up_with_a_reason_only(world: World) -> None:
    shared_key(world)
    refused(lambda: give_up_key(cycle=world.cycle, why=" ", by=world.office), "why")
