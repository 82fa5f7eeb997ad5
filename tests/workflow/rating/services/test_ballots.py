"""A ballot counts once, is found by its secret only, and joins no person to a rating (R8, R9, R17)."""

import pytest

from common.errors import DomainError
from scoring.models import Ballot, Draw, ScoreSheet
from tests.support.world import World, a_cycle
from workflow.rating.services.ballots import ballots_for, digest_of, issue_ballots, mint

pytestmark = pytest.mark.django_db
IDS = ["anon-1", "anon-2", "anon-3"]


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1)


@pytest.fixture
def draw(world: World) -> Draw:
    return Draw.objects.create(
        sheet=ScoreSheet.objects.get(cycle=world.cycle),
        size=3,
        seed="0" * 64,
        roster_sha256="1" * 64,
        public_roster="",
        drawn=IDS,
        reserves=["anon-4"],
        drawn_by=world.office,
    )


def test_everybody_named_gets_a_ballot_and_no_reserve_does(draw: Draw) -> None:
    issue_ballots(draw, draw.drawn)
    assert list(draw.ballots.values_list("opaque_id", "spent", "token_sha256")) == [(name, False, None) for name in IDS]


def test_a_secret_is_kept_as_its_digest_only(draw: Draw) -> None:
    tokens = [mint(ballot) for ballot in issue_ballots(draw, draw.drawn)]
    kept = str(list(Ballot.objects.values()))
    assert not any(token in kept for token in tokens)
    assert {ballot.token_sha256 for ballot in draw.ballots.all()} == {digest_of(token) for token in tokens}


def test_a_secret_finds_its_ballot_and_nothing_else_does(draw: Draw) -> None:
    tokens = {ballot.opaque_id: mint(ballot) for ballot in issue_ballots(draw, draw.drawn)}
    assert ballots_for(tokens["anon-2"]).get().opaque_id == "anon-2"
    for other in ("", "anon-2", digest_of(tokens["anon-2"]), tokens["anon-2"] + " "):
        assert not ballots_for(other).exists()


def test_a_link_that_was_sent_again_opens_by_its_new_secret_only(draw: Draw) -> None:
    (ballot,) = issue_ballots(draw, ["anon-1"])
    lost, anew = mint(ballot), mint(ballot)
    assert not ballots_for(lost).exists() and ballots_for(anew).get() == ballot


def test_nobody_gets_two_ballots_of_one_draw(draw: Draw) -> None:
    issue_ballots(draw, draw.drawn)
    with pytest.raises(DomainError):
        issue_ballots(draw, ["anon-3", "anon-4"])
    assert draw.ballots.count() == 3
