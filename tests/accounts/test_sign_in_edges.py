"""Signing in against odd names, odd headers and many tries; passwords that are too weak; accounts that were closed."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client

from accounts.models import Role, User
from accounts.services import reset_password, set_active
from audit.models import Event
from common import clock
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
GOOD = "长而难猜 7Rmq-x3vTb"


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


def sign_in(client: Client, username: str, password: str = "secret", **headers: str) -> int:
    return client.post("/sign-in/", {"username": username, "password": password}, headers=headers).status_code


def fail(client: Client, person: User, times: int) -> list[int]:
    return [sign_in(client, person.username, "wrong") for _time in range(times)]


def sign_ins(person: User) -> int:
    return Event.objects.filter(verb="account.signed_in", actor=person).count()


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("", "x"),
        ("x", ""),
        ("a\0", "x"),
        ("x", "a\0"),
        ("%", "x"),
        ("' or 1=1 --", "x"),
        ("𠮷", "x"),
        ("x", "x" * 100_000),
    ],
)
def test_a_name_or_password_of_any_kind_gets_the_page_again(username: str, password: str) -> None:
    assert sign_in(Client(), username, password) == 200
    assert not Event.objects.filter(verb="account.signed_in").exists()


@pytest.mark.parametrize("header", ["user_agent", "accept", "referer", "accept_language"])
def test_a_header_of_any_length_is_no_obstacle(person: User, header: str) -> None:
    assert sign_in(Client(), person.username, "wrong", **{header: "x" * 3000}) == 200
    assert sign_in(Client(), person.username, **{header: "x" * 3000}) == 302


@pytest.mark.parametrize("way", ["{}", " {}", "{} ", "{:\u3000>9}"])
def test_a_locked_name_stays_locked_however_it_is_written(person: User, way: str) -> None:
    client = Client()
    assert fail(client, person, 5)[-1] == 429
    assert sign_in(client, way.format(person.username)) == 429
    assert sign_ins(person) == 0


def test_four_failures_lock_nobody_and_a_success_forgets_them(person: User) -> None:
    client = Client()
    assert fail(client, person, 4) == [200] * 4
    assert sign_in(client, person.username) == 302
    client.post("/sign-out/")
    assert fail(client, person, 4) == [200] * 4
    assert sign_ins(person) == 1


def test_a_lock_holds_one_name_from_one_address(person: User) -> None:
    other = a_person(Role.LEADER)
    fail(Client(), person, 5)
    assert sign_in(Client(), other.username) == 302
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), person.username) == 302
    assert sign_in(Client(), person.username) == 429


def test_a_client_does_not_escape_a_lock_by_claiming_another_address(person: User) -> None:
    fail(Client(), person, 5)
    for claimed in ("192.0.2.7", "192.0.2.8, 192.0.2.9", "unknown"):
        assert sign_in(Client(), person.username, x_forwarded_for=claimed) == 429


def test_a_lock_ends_by_itself_and_is_not_ended_by_a_new_password(person: User) -> None:
    client = Client()
    fail(client, person, 5)
    made = reset_password(user=person, by=a_person(Role.OFFICE))
    assert sign_in(client, person.username, made.password) == 429
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=16))
    assert sign_in(client, person.username, made.password) == 302


def test_a_closed_account_does_not_sign_in_and_does_once_it_is_opened(person: User) -> None:
    office = a_person(Role.OFFICE)
    set_active(user=person, active=False, by=office)
    assert sign_in(Client(), person.username) == 200
    set_active(user=person, active=True, by=office)
    assert sign_in(Client(), person.username) == 302


def test_closing_and_opening_twice_is_told_once_each(person: User) -> None:
    office = a_person(Role.OFFICE)
    first, second = (User.objects.get(pk=person.pk) for _page in range(2))
    for row, active in ((first, False), (second, False), (first, True), (second, True)):
        set_active(user=row, active=active, by=office)
    told = Event.objects.filter(subject=f"user:{person.pk}").order_by("pk")
    assert [event.data["what"] for event in told] == ["deactivated", "activated"]


def test_an_account_that_the_office_made_without_a_password_has_none(person: User) -> None:
    made = User.objects.create_user("fresh", name="新人")
    for password in ("", "None", "!", made.password):
        assert sign_in(Client(), "fresh", password) == 200


@pytest.mark.parametrize("new", ["short1!", "12345678901", "password123", "leader9999x"])
def test_a_weak_password_is_refused_at_its_field_and_the_old_one_stays(person: User, new: str) -> None:
    User.objects.filter(pk=person.pk).update(username="leader9999")
    client = browser_of(person)
    fields = {"old_password": "secret", "new_password1": new, "new_password2": new}
    page = client.post("/password/", fields)
    assert page.status_code == 200 and page.context["form"].errors["new_password2"]
    person.refresh_from_db()
    assert person.check_password("secret")


@pytest.mark.parametrize(
    ("old", "first", "second", "field"),
    [
        ("wrong", GOOD, GOOD, "old_password"),
        ("secret", GOOD, GOOD + "x", "new_password2"),
        ("", "", "", "new_password1"),
    ],
)
def test_a_slip_in_a_change_of_password_is_said_at_its_field(
    person: User, old: str, first: str, second: str, field: str
) -> None:
    fields = {"old_password": old, "new_password1": first, "new_password2": second}
    assert field in browser_of(person).post("/password/", fields).context["form"].errors
    assert not Event.objects.filter(subject=f"user:{person.pk}").exists()


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(person: User) -> None:
    here, there = browser_of(person), browser_of(person)
    fields = {"old_password": "secret", "new_password1": GOOD, "new_password2": GOOD}
    assert here.post("/password/", fields).status_code == 302
    assert here.get("/password/").status_code == 200
    assert there.get("/password/").status_code == 302
    assert GOOD not in str(list(Event.objects.values()))


@pytest.mark.parametrize("code", ["xx", "", "zh-hans'", "../en", "e" * 500])
def test_a_language_that_there_is_not_changes_nothing_and_leads_nowhere_else(code: str) -> None:
    client = Client()
    answer = client.post("/language/", {"language": code, "next": "https://evil.example.org/"})
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert client.get("/sign-in/").headers["Content-Language"] == "zh-hans"
