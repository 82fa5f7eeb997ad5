"""A ballot counts once, is found by its secret only, and joins no person to a rating (R8, R9, R17)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from common.errors import DomainError
from scoring.models import Ballot, Draw, Rating, ScoreSheet
from tests.support.world import World, a_cycle
from workflow.rating.services.ballots import ballots_for, cast, digest_of, issue_ballots

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


def test_everybody_drawn_gets_a_ballot_and_no_reserve_does(draw: Draw) -> None:
    tokens = issue_ballots(draw)
    assert list(tokens) == IDS
    assert len(set(tokens.values())) == 3 and all(len(token) >= 32 for token in tokens.values())
    assert draw.ballots.count() == len(IDS)
    assert not draw.ballots.filter(used=True).exists()


def test_a_secret_is_kept_as_its_digest_only(draw: Draw) -> None:
    tokens = issue_ballots(draw)
    kept = str(list(Ballot.objects.values()))
    assert not any(token in kept for token in tokens.values())
    assert {ballot.token_sha256 for ballot in draw.ballots.all()} == {digest_of(token) for token in tokens.values()}


def test_nothing_of_a_ballot_leads_to_a_person(draw: Draw) -> None:
    issue_ballots(draw)
    kept = str(list(Ballot.objects.values()))
    assert not any(opaque_id in kept for opaque_id in IDS)


def test_a_secret_finds_its_ballot_and_nothing_else_does(draw: Draw) -> None:
    tokens = issue_ballots(draw)
    assert ballots_for(tokens["anon-2"]).get().token_sha256 == digest_of(tokens["anon-2"])
    for other in ("", "anon-2", digest_of(tokens["anon-2"]), tokens["anon-2"] + " "):
        assert not ballots_for(other).exists()


def test_nobody_gets_two_ballots_of_one_draw(draw: Draw) -> None:
    issue_ballots(draw)
    with pytest.raises(DomainError):
        issue_ballots(draw)
    assert draw.ballots.count() == 3


def test_a_ballot_counts_once(draw: Draw) -> None:
    ballot = ballots_for(issue_ballots(draw)["anon-1"]).get()
    cast(ballot=ballot, value=Decimal("88.5"))
    with pytest.raises(DomainError):
        cast(ballot=ballot, value=Decimal(0))
    assert [rating.value for rating in Rating.objects.all()] == [Decimal("88.5")]
    assert sorted(one.used for one in draw.ballots.all()) == [False, False, True]


@pytest.mark.parametrize("value", ["-0.01", "100.01"])
def test_a_rating_out_of_range_uses_no_ballot_up(draw: Draw, value: str) -> None:
    ballot = ballots_for(issue_ballots(draw)["anon-1"]).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        cast(ballot=ballot, value=Decimal(value))
    ballot.refresh_from_db()
    assert not ballot.used and not Rating.objects.exists()


@pytest.mark.parametrize("value", ["0", "100"])
def test_the_ends_of_the_scale_count(draw: Draw, value: str) -> None:
    cast(ballot=ballots_for(issue_ballots(draw)["anon-1"]).get(), value=Decimal(value))
    assert Rating.objects.get().value == Decimal(value)


def test_a_rating_says_neither_who_nor_when_and_its_key_no_order(draw: Draw) -> None:
    tokens = issue_ballots(draw)
    for number, token in enumerate(tokens.values()):
        cast(ballot=ballots_for(token).get(), value=Decimal(80 + number))
    ratings = list(Rating.objects.all())
    assert {(one.rater, one.given_at, one.component) for one in ratings} == {(None, None, "recipients")}
    assert {one.pk.version for one in ratings} == {4}
    fields = {field.name for field in Rating._meta.get_fields()}
    assert fields == {"id", "sheet", "component", "value", "rater", "given_at"}
    assert str(Rating.objects.get(value=81)) == "recipients 81.00"
