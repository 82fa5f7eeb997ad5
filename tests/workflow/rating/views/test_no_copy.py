"""A ballot's secret is sent, opened and used, and lies nowhere: no table, database file, log or folder has it (R17)."""

import logging

import pytest

from outbox.delivery import send_due
from tests.support.ballots import Recipient, a_drawn_world
from tests.support.minted import kept_anywhere
from workflow.rating.services.tokens import grouped, token_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def test_a_secret_leaves_no_copy_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    carried: list[str] = []
    monkeypatch.setattr("outbox.carriers.send_text", lambda _address, words: carried.append(words))
    world = a_drawn_world()
    opens = world.cycle.ratings_open_at
    assert opens
    with world.clock():
        send_due()
    token = token_in(carried[0].splitlines()[-1])
    recipient = Recipient(world)
    recipient.client.get("/ballot/")
    inside, world.at = world.at, opens.replace(year=opens.year - 1)
    assert recipient.opens(token).status_code == 403, "too early"
    world.at = inside
    assert recipient.opens(token).status_code == 200
    assert recipient.hands_in(token, value="-1").status_code == 200
    assert recipient.hands_in(token, value="88", comment="好").status_code == 200
    recipient.opens(token[:-1])
    for secret in (token, grouped(token), token.lower()):
        assert kept_anywhere(secret) == []
    assert token not in caplog.text + str(capsys.readouterr())
