"""Limits of signing in: guessing is slow, whoever guesses, and nobody locks out the office."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
FREE = settings.SIGN_IN_FREE_FAILURES


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE)


def sign_in(client: Client, username: str, password: str = "secret") -> HttpResponse:
    return client.post("/sign-in/", {"username": username, "password": password})


def used_before(user: User) -> Client:
    """A browser in which the person has signed in and out."""
    client = Client()
    assert sign_in(client, user.username).status_code == 302
    client.post("/sign-out/")
    return client


def later(**wait: float) -> None:
    """Let every failure until now be that much older."""
    for rows in (AccessAttempt.objects.all(), AccessFailureLog.objects.all()):
        for row in rows:
            rows.filter(pk=row.pk).update(attempt_time=row.attempt_time - timedelta(**wait))


def test_a_stranger_at_the_same_address_does_not_lock_out_who_has_signed_in_here_before(office: User) -> None:
    own = used_before(office)
    tries = [sign_in(Client(), office.username, "guess").status_code for _time in range(6)]
    assert tries[-2:] == [429, 429]
    assert sign_in(own, office.username).status_code == 302


def test_a_known_browser_has_its_own_limit(office: User) -> None:
    own = used_before(office)
    tries = [sign_in(own, office.username, "guess").status_code for _time in range(5)]
    assert tries == [200] * 4 + [429]
    assert sign_in(own, office.username).status_code == 429
    assert sign_in(Client(), office.username).status_code == 302, "elsewhere nothing failed"


def test_a_browser_is_known_for_the_account_that_it_signed_in_to_and_for_no_other(office: User) -> None:
    other = a_person(Role.CHIEF)
    own = used_before(office)
    assert [sign_in(Client(), other.username, "guess").status_code for _time in range(5)][-1] == 429
    assert sign_in(own, other.username).status_code == 429


@pytest.mark.parametrize("forged", ["", "x", '{"a": "b"}', "eyJhIjoiYiJ9:1abc:def"])
def test_a_cookie_that_is_not_ours_knows_nobody(office: User, forged: str) -> None:
    client = Client()
    client.cookies["known"] = forged
    assert [sign_in(client, office.username, "guess").status_code for _time in range(5)][-1] == 429


def test_several_people_are_known_in_a_shared_browser(office: User) -> None:
    chief = a_person(Role.CHIEF)
    shared = used_before(office)
    assert sign_in(shared, chief.username).status_code == 302
    shared.post("/sign-out/")
    for person in (office, chief):
        assert [sign_in(Client(), person.username, "guess").status_code for _time in range(5)][-1] == 429
        assert sign_in(shared, person.username).status_code == 302
        shared.post("/sign-out/")
    assert office.username not in shared.cookies["known"].value


def test_many_names_from_one_address_are_slowed_and_not_locked(office: User) -> None:
    client = Client()
    tries = [sign_in(client, f"name{number}", "guess").status_code for number in range(30)]
    assert tries == [200] * FREE + [429] * (30 - FREE)
    assert sign_in(client, office.username).status_code == 429
    later(seconds=31)
    assert sign_in(client, office.username).status_code == 302, "after half a minute a try is taken"
    assert sign_in(Client(), "name99", "guess").status_code == 200
    assert sign_in(Client(), "name98", "guess").status_code == 429, "and then the next one waits"


def test_who_is_known_is_not_slowed_by_others_at_the_address(office: User) -> None:
    own = used_before(office)
    for number in range(FREE + 2):
        sign_in(Client(), f"name{number}", "guess")
    assert sign_in(own, office.username).status_code == 302


def at(number: int) -> Client:
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


def test_one_name_from_many_addresses_is_slowed_where_it_failed_and_nowhere_else(office: User) -> None:
    own = used_before(office)
    assert {sign_in(at(number), office.username, "guess").status_code for number in range(FREE)} == {200}
    assert [sign_in(at(number), office.username).status_code for number in range(FREE)] == [429] * FREE
    assert sign_in(own, office.username).status_code == 302
    assert sign_in(at(99), office.username).status_code == 302, "nothing failed here"


def test_strangers_elsewhere_take_nobody_the_next_try(office: User) -> None:
    assert sign_in(at(99), office.username, "mistyped").status_code == 200
    for number in range(FREE):
        sign_in(at(number), office.username, "guess")
    later(seconds=31)
    assert sign_in(at(1), office.username, "guess").status_code == 200, "a stranger's try comes first"
    assert sign_in(at(99), office.username).status_code == 302


def test_the_addresses_of_one_line_are_slowed_together(office: User) -> None:
    tries = [sign_in(Client(REMOTE_ADDR=f"2001:db8::{number}"), office.username, "guess") for number in range(1, 6)]
    assert [answer.status_code for answer in tries] == [200] * 4 + [429]


def test_the_wait_is_told_and_is_no_longer_than_it_was(office: User) -> None:
    client = Client()
    for _time in range(5):
        sign_in(client, office.username, "guess")
    later(minutes=10)
    for _time in range(2):
        locked = sign_in(client, office.username, "guess")
        assert locked.status_code == 429 and locked.context["minutes"] == 5
        assert 240 < int(locked["Retry-After"]) <= 300
        assert "5 分钟后" in locked.content.decode()
    assert AccessFailureLog.objects.filter(attempt_time__gt=timezone.now() - timedelta(minutes=1)).count() == 0


def test_the_pause_of_the_slowed_is_told_too() -> None:
    for number in range(FREE):
        sign_in(Client(), f"name{number}", "guess")
    slowed = sign_in(Client(), "another", "guess")
    assert slowed.context["minutes"] == 1 and 0 < int(slowed["Retry-After"]) <= 30


def test_wrong_passwords_in_a_change_of_password_count(office: User) -> None:
    client = browser_of(office)
    new = "长而难猜 7Rmq-x3vTb"
    fields = {"old_password": "guess-1q", "new_password1": new, "new_password2": new}
    tries = [client.post("/password/", fields).status_code for _time in range(5)]
    assert tries == [200] * 4 + [429]
    assert client.post("/password/", fields | {"old_password": "secret"}).status_code == 429
    office.refresh_from_db()
    assert office.check_password("secret")
    kept = str([list(rows.values()) for rows in (AccessAttempt.objects.all(), AccessFailureLog.objects.all())])
    assert new not in kept and "guess-1q" not in kept, "what was typed as a password is nowhere kept"
