"""Whoever tries too many codes waits, and no longer than that: counted in the database (R17)."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from tests.support.ballots import a_drawn_world, a_token
from tests.support.traces import refused
from workflow.rating.services.entering import TooManyTriesError, ballot_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NETWORK, ANOTHER = "192.0.2.1", "192.0.2.2"


def test_a_network_that_tried_too_often_waits_and_then_comes_in(settings: Any) -> None:
    settings.BALLOT_FREE_TRIES = 1
    world = a_drawn_world()
    token = a_token()
    with world.clock():
        refused(lambda: ballot_of(typed="0" * 20, network=NETWORK), "token")
        with pytest.raises(TooManyTriesError):
            ballot_of(typed=token, network=NETWORK)
        assert ballot_of(typed=token, network=ANOTHER)
    with clock.travel(world.at + settings.SIGN_IN_PAUSE + timedelta(seconds=1)):
        assert ballot_of(typed=token, network=NETWORK)


def test_while_all_together_try_too_often_who_has_not_tried_comes_in(settings: Any) -> None:
    settings.BALLOT_FREE_TRIES_OF_ALL = 1
    world = a_drawn_world()
    token = a_token()
    with world.clock():
        refused(lambda: ballot_of(typed="0" * 20, network=NETWORK), "token")
        assert ballot_of(typed=token, network=ANOTHER)
        with pytest.raises(TooManyTriesError):
            ballot_of(typed=token, network=NETWORK)
