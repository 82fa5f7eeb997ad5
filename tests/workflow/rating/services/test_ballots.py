"""A ballot is found by its secret only; what is cast is sealed, counts once, and may be changed (R8, R9, R17)."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest

from common import clock
from common.errors import DomainError
from common.sealing import ALGORITHM
from scoring.models import Ballot, Comment, Draw, Rating, ScoreSheet, TallyKey
from tests.support.boxes import ballots_of, in_window, rating_task
from tests.support.traces import refused
from tests.support.world import World, a_cycle
from workflow.flow.endings import Ending, hold
from workflow.flow.models import OutcomeKind
from workflow.rating.envelope import opened, receipt_sha256
from workflow.rating.queries.tally import kept_secrets
from workflow.rating.services.ballots import (
    ballots_for,
    cast_ballot,
    digest_of,
    issue_ballots,
    mint,
    require_in_time,
)

pytestmark = pytest.mark.django_db
IDS = ["anon-1", "anon-2", "anon-3"]


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).accepted()


@pytest.fixture
def ballots(world: World) -> list[Ballot]:
    return ballots_of(world, world.assessments[0], 3)


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


def test_before_the_box_has_its_key_no_ballot_goes_out(world: World, draw: Draw) -> None:
    TallyKey.objects.update(proved_at=None)
    refused(lambda: issue_ballots(draw, draw.drawn))
    TallyKey.objects.all().delete()
    refused(lambda: issue_ballots(draw, draw.drawn))
    assert not draw.ballots.exists()


def test_what_is_cast_is_sealed_at_once_and_says_nothing(world: World, ballots: list[Ballot]) -> None:
    receipt = cast_ballot(ballot=ballots[0], value=Decimal("88.5"), comment="很好", arrived_at=in_window(world))
    kept = Ballot.objects.get(pk=ballots[0].pk)
    assert (kept.spent, kept.sealed_with) == (True, ALGORITHM)
    assert kept.receipt_sha256 == hashlib.sha256(receipt.code.encode()).hexdigest() == receipt_sha256(receipt.code)
    assert not Rating.objects.exists() and not Comment.objects.exists()
    assert not any(word in bytes(kept.sealed) for word in (b"88.5", "很好".encode(), receipt.code.encode()))
    assert {ballot.spent for ballot in ballots[1:]} == {False}


def test_it_holds_what_was_given(world: World, ballots: list[Ballot]) -> None:
    receipt = cast_ballot(ballot=ballots[0], value=Decimal("88.5"), comment=" 很好 ", arrived_at=in_window(world))
    (secret,) = kept_secrets([rating_task(world.assessments[0])]).values()
    content = opened(Ballot.objects.get(pk=ballots[0].pk), secret, world.cycle.pk)
    assert (content.value, content.comment, content.receipt) == (Decimal("88.5"), "很好", receipt.code)


def test_until_the_close_the_last_that_was_cast_counts(world: World, ballots: list[Ballot]) -> None:
    at = in_window(world)
    first = cast_ballot(ballot=ballots[0], value=Decimal(10), arrived_at=at)
    second = cast_ballot(ballot=ballots[0], value=Decimal(90), arrived_at=at)
    (secret,) = kept_secrets([rating_task(world.assessments[0])]).values()
    content = opened(Ballot.objects.get(pk=ballots[0].pk), secret, world.cycle.pk)
    assert (content.value, content.receipt) == (Decimal(90), second.code)
    assert first.code != second.code
    assert Ballot.objects.filter(spent=True).count() == 1


@pytest.mark.parametrize(
    ("value", "comment", "field"),
    [
        ("-0.01", "", "value"),
        ("100.01", "", "value"),
        ("88.555", "", "value"),
        ("NaN", "", "value"),
        ("88", "长" * 301, "comment"),
    ],
)
def test_what_can_t_be_counted_uses_no_ballot_up(
    world: World, ballots: list[Ballot], value: str, comment: str, field: str
) -> None:
    at = in_window(world)
    refused(lambda: cast_ballot(ballot=ballots[0], value=Decimal(value), comment=comment, arrived_at=at), field)
    ballots[0].refresh_from_db()
    assert not ballots[0].spent and ballots[0].sealed is None


@pytest.mark.parametrize(("value", "comment"), [("0", "\0" * 300), ("100", "\U0001f600" * 300), ("0.01", '"' * 300)])
def test_all_that_counts_is_of_one_length(world: World, ballots: list[Ballot], value: str, comment: str) -> None:
    at = in_window(world)
    cast_ballot(ballot=ballots[0], value=Decimal(88), arrived_at=at)
    cast_ballot(ballot=ballots[1], value=Decimal(value), comment=comment, arrived_at=at)
    assert len({len(bytes(ballot.sealed)) for ballot in Ballot.objects.filter(spent=True)}) == 1


def test_a_ballot_that_was_revoked_counts_nothing(world: World, ballots: list[Ballot]) -> None:
    Ballot.objects.filter(pk=ballots[0].pk).update(revoked_at=world.at)
    refused(lambda: cast_ballot(ballot=ballots[0], value=Decimal(88), arrived_at=in_window(world)))
    ballots[0].refresh_from_db()
    assert not ballots[0].spent


def test_outside_its_window_a_ballot_counts_nothing(world: World, ballots: list[Ballot]) -> None:
    opens, closes = world.cycle.ratings_open_at, world.cycle.ratings_close_at
    assert opens and closes
    for at in (opens - timedelta(microseconds=1), closes):
        refused(lambda at=at: cast_ballot(ballot=ballots[0], value=Decimal(88), arrived_at=at))
        refused(lambda at=at: require_in_time(ballots[0], at))
    require_in_time(ballots[0], closes - timedelta(microseconds=1))
    cast_ballot(ballot=ballots[0], value=Decimal(88), arrived_at=closes - timedelta(microseconds=1))


def test_once_the_rating_has_ended_a_ballot_counts_nothing(world: World, ballots: list[Ballot]) -> None:
    with clock.travel(in_window(world)), hold([rating_task(world.assessments[0])]) as held:
        held.end({held.task: Ending(kind=OutcomeKind.RATED, by=None)})
    refused(lambda: cast_ballot(ballot=ballots[0], value=Decimal(88), arrived_at=in_window(world)))
