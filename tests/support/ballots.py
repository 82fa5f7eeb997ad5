"""Recipients with their ballots, for tests: nothing keeps a secret, so each is made anew."""

from datetime import timedelta
from typing import Any

from django.test import Client

from scoring.models import Ballot
from tests.support.drawings import drawn
from tests.support.world import World, a_cycle
from workflow.rating.services.ballots import mint

SHEET, CAST = "/ballot/sheet/", "/ballot/cast/"


def a_token(ballot: Ballot | None = None) -> str:
    """A new secret of a ballot's link, of the first ballot by default; an earlier one opens nothing any more."""
    return mint(ballot or Ballot.objects.earliest("pk"))


def a_drawn_world(units: int = 1) -> World:
    """Units whose recipients are drawn, at an instant inside the rating window."""
    world = a_cycle().with_units(units).accepted()
    drawn(world)
    assert world.cycle.ratings_open_at is not None
    world.at = world.cycle.ratings_open_at + timedelta(hours=1)
    return world


class Recipient:
    """Somebody without an account, in a browser of their own, at the world's instant."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, Client()

    def opens(self, token: str, **fields: str) -> Any:
        """The answer to a code."""
        with self.world.clock():
            return self.client.post(SHEET, {"token": token, **fields})

    def hands_in(self, token: str, **fields: str) -> Any:
        """The answer to a ballot that is handed in."""
        with self.world.clock():
            return self.client.post(CAST, {"token": token, **fields})
