"""Recipients who have not rated are reminded once before the close, with a link that works."""

from datetime import datetime, timedelta

import pytest

from common import clock
from outbox.delivery import send_due
from outbox.models import Message
from scoring.models import Ballot
from tests.support.ballots import Recipient, a_drawn_world, a_token
from tests.support.traces import causes
from tests.support.world import World
from workflow.rating.services.reminders import morning_of, remind_recipients
from workflow.rating.services.slips import print_slips, reissue_ballot
from workflow.rating.services.window import set_rating_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("outbox.carriers.send_text", lambda address, words: sent.append((address, words)))
    return sent


@pytest.fixture
def world(carried: list[tuple[str, str]]) -> World:
    """A unit whose three recipients have their links; it is the morning of the reminders."""
    made = a_drawn_world()
    assert made.cycle.ratings_close_at
    with made.clock():
        send_due()
    carried.clear()
    made.at = max(made.at, morning_of(made.cycle.ratings_close_at))
    return made


def reminded(world: World) -> list[str]:
    """The causes of reminders, once they are written."""
    with world.clock():
        assert remind_recipients()
    return [cause for cause in causes("ballot:") if ":reminder:" in cause]


def test_they_are_due_in_the_morning_some_days_before_the_last() -> None:
    closes = datetime(2027, 1, 21, tzinfo=clock.BEIJING)
    assert morning_of(closes) == datetime(2027, 1, 17, 9, tzinfo=clock.BEIJING)


def test_whoever_has_not_rated_is_reminded_once_and_the_link_works(
    world: World, carried: list[tuple[str, str]]
) -> None:
    rated = Ballot.objects.earliest("pk")
    Recipient(world).hands_in(a_token(rated), value="80")
    assert len(reminded(world)) == 2 == len(reminded(world))
    with world.clock():
        send_due()
    assert len(carried) == 2
    for _phone, words in carried:
        assert Recipient(world).opens(words.splitlines()[-1]).status_code == 200


def test_not_before_that_morning_and_not_after_the_close(world: World) -> None:
    closes = world.cycle.ratings_close_at
    assert closes
    for instant in (morning_of(closes) - timedelta(seconds=1), closes):
        world.at = instant
        assert reminded(world) == []


def test_who_rates_before_it_is_sent_gets_none(world: World, carried: list[tuple[str, str]]) -> None:
    reminded(world)
    ballot = Ballot.objects.earliest("pk")
    token = a_token(ballot)
    Recipient(world).hands_in(token, value="80")
    with world.clock():
        send_due()
    assert len(carried) == 2
    assert Message.objects.get(cause__startswith=f"ballot:{ballot.pk}:reminder").withdrawn_at
    assert Recipient(world).opens(token).status_code == 200, "the link by which a rating may be changed stays"


def test_paper_a_letter_of_the_same_days_and_one_that_was_never_sent_are_not_followed_by_one(world: World) -> None:
    paper, anew, unsent = Ballot.objects.all()
    with world.clock():
        print_slips(draw=paper.draw, ballots=[paper.pk], by=world.office)
        reissue_ballot(ballot=anew, why="手机丢失", by=world.office)
    Ballot.objects.filter(pk=unsent.pk).update(token_sha256=None)
    assert reminded(world) == []


def test_a_close_that_moves_is_another(world: World) -> None:
    assert len(reminded(world)) == 3
    opens, closes = world.cycle.ratings_open_at, world.cycle.ratings_close_at
    assert opens and closes
    later = closes + timedelta(days=10)
    with world.clock():
        set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=later, by=world.office)
    assert len(reminded(world)) == 3
    world.at = morning_of(later)
    assert len(reminded(world)) == 6


def test_it_stops_when_its_time_is_over_and_goes_on_the_next_time(world: World) -> None:
    with world.clock():
        assert not remind_recipients(end=0)
    assert len(reminded(world)) == 3
