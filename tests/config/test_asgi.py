"""What the front asks the house: which lane an address has, how much it takes, and whether somebody is signed in."""

import math

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Role
from common.bodies import longest_body
from common.front import PAGES, PASSWORDS, Lane
from config.asgi import LANES, lane_of, longest_of, signed_in
from tests.support.clients import browser_of
from tests.support.world import a_person

FORM = settings.MAX_FORM_BYTES
# Seconds that a request of a lane needs on a small machine, at most.
NEEDED = {PAGES: 0.1, PASSWORDS: 0.5}


@pytest.mark.parametrize(
    ("path", "lane", "longest"),
    [
        ("/sign-in/", PASSWORDS, FORM),
        ("/password/", PASSWORDS, FORM),
        ("/public/", PAGES, FORM),
        ("/accounts/import/", PAGES, longest_body()),
        ("/no/such/page/", PAGES, FORM),
    ],
)
def test_an_address_has_its_lane_and_its_longest_body(path: str, lane: str, longest: int) -> None:
    assert (lane_of("POST", path), longest_of(path)) == (lane, longest)


def test_who_only_looks_at_a_page_checks_no_password() -> None:
    assert lane_of("GET", "/sign-in/") == PAGES


@pytest.mark.parametrize("lane", [lane for lane in LANES if lane.name in NEEDED], ids=lambda lane: lane.name)
def test_no_more_wait_than_are_answered_within_the_grace_after_a_deadline(lane: Lane) -> None:
    assert (lane.most_waiting or math.inf) * NEEDED[lane.name] < settings.DEADLINE_GRACE_SECONDS


@pytest.mark.django_db
def test_only_who_is_signed_in_may_send_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.asgi.close_old_connections", lambda: None)  # the test's own is in a transaction

    def cookies(client: Client) -> dict[str, str]:
        return {"HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}

    somebody = browser_of(a_person(Role.OFFICE))
    assert signed_in(cookies(somebody))
    session = cookies(somebody)
    somebody.post("/sign-out/")
    assert not any(signed_in(environ) for environ in (session, {}, {"HTTP_COOKIE": "sessionid=forged"}))
