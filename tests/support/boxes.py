"""Ballot boxes for tests: their keys, ballots that were cast, and their opening."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from common import clock
from common.narrow import known
from scoring.models import Ballot, KeyHolding, TallyKey
from tests.support.world import World, draw_of
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_task
from workflow.rating.services.ballots import Receipt, cast_ballot, issue_ballots
from workflow.rating.services.keys import make_key, prove_shares

NODE = "recipient_rating"


def shared_key(world: World) -> list[str]:
    """A key of the cycle's box in three shares instead of the system's: the words of each."""
    TallyKey.objects.filter(cycle=world.cycle).delete()
    with world.clock():
        made = make_key(cycle=world.cycle, holding=KeyHolding.SHARES, by=world.office)
        shares = [" ".join(words) for words in made.shares]
        prove_shares(cycle=world.cycle, shares=shares, by=world.office)
    return shares


def rating_task(assessment: Assessment) -> Task:
    """The open task of a unit that recipients rate."""
    return known(open_task(assessment, NODE))


def ballots_of(world: World, assessment: Assessment, many: int = 20) -> list[Ballot]:
    """Ballots of a unit for `many` people, issued if they are not."""
    draw = draw_of(assessment.sheet, world.office, many)
    if not draw.ballots.exists():
        issue_ballots(draw, draw.drawn)
    return list(draw.ballots.select_related("draw__sheet__assessment").order_by("pk"))


def in_window(world: World) -> datetime:
    """An instant at which ratings count."""
    return known(world.cycle.ratings_open_at) + timedelta(hours=1)


def cast_all(world: World, ballots: Iterable[Ballot], values: Sequence[int], comment: str = "") -> list[Receipt]:
    """Cast the first ballots with these values, one after the other."""
    at = in_window(world)
    with clock.travel(at):
        return [
            cast_ballot(ballot=ballot, value=Decimal(value), comment=comment and f"{comment}{value}", arrived_at=at)
            for ballot, value in zip(ballots, values, strict=False)
        ]


def closed(world: World) -> datetime:
    """An instant after the window and its grace."""
    return known(world.cycle.ratings_close_at) + timedelta(minutes=2)
