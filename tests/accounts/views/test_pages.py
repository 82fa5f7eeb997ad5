"""The office's pages of people and places under odd requests, the session's pages, and what errors look like."""

import errno
import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client, RequestFactory

from accounts.models import Department, Membership, Role, Unit, User
from audit.models import Event
from common import clock
from common.front import CROWDED, PAGES, PASSWORDS
from common.tables.incoming import MOST_BYTES
from common.ui import errors
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    a_person(Role.OFFICE, name="另一位")
    return browser_of(a_person(Role.OFFICE, name="办公室"))


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="wz", name="万州区科协")


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def a_filer(unit: Unit, **changes: str) -> dict[str, str]:
    return {
        "username": "zhang",
        "name": "张三",
        "email": "z@example.org",
        "role": "filer",
        "place": unit.code,
    } | changes


# ---- a new account -----------------------------------------------------------------------------------------------


@pytest.mark.both
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"username": ""}, "username", id="no user name"),
        pytest.param({"username": "张 三"}, "username", id="a space in it"),
        pytest.param({"username": "u" * 61}, "username", id="a user name too long"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"email": "no mail"}, "email", id="no mail address"),
        pytest.param({"role": "king"}, "role", id="no such role"),
        pytest.param({"place": ""}, "place", id="a filer of nowhere"),
        pytest.param({"place": "月球"}, "place", id="a place of nobody"),
        pytest.param({"role": "leader"}, "place", id="a leader of a unit"),
        pytest.param({"role": "reviewer"}, "place", id="a reviewer of a unit"),
        pytest.param({"since": "gestern"}, "since", id="no date"),
        pytest.param({"until": "2000-01-01"}, "until", id="over before it begins"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_at_its_field(
    office: Client, unit: Unit, changes: dict[str, str], field: str
) -> None:
    data = a_filer(unit, **changes)
    page = office.post("/accounts/add/", data)
    form = page.context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in data} == data
    assert not User.objects.filter(username=data["username"]).exists()


@pytest.mark.both
def test_a_user_name_is_given_once_whatever_its_case(office: Client, unit: Unit) -> None:
    office.post("/accounts/add/", a_filer(unit))
    page = office.post("/accounts/add/", a_filer(unit, username="ZHANG"))
    assert list(page.context["form"].errors) == ["username"]


@pytest.mark.parametrize("word", ["wz", "万州区科协", " wz "])
def test_a_place_is_found_by_its_code_or_whole_name(office: Client, unit: Unit, word: str) -> None:
    page = office.post("/accounts/add/", a_filer(unit, place=word))
    assert page.templates[0].name == "accounts/passwords.html"
    assert Membership.objects.get(user__username="zhang").unit == unit
    assert "no-store" in page.headers["Cache-Control"]


def test_a_membership_lasts_from_its_first_day_to_its_last(office: Client, unit: Unit) -> None:
    office.post("/accounts/add/", a_filer(unit, since="2030-01-01", until="2030-12-31"))
    held = Membership.objects.get(user__username="zhang")
    assert held.since.astimezone(clock.BEIJING).isoformat() == "2030-01-01T00:00:00+08:00"
    assert held.until is not None
    assert held.until.astimezone(clock.BEIJING).isoformat() == "2031-01-01T00:00:00+08:00"


# ---- a person ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("changes", "field"), [({"name": ""}, "name"), ({"email": "x"}, "email")])
def test_a_person_is_not_changed_to_nothing(office: Client, unit: Unit, changes: dict[str, str], field: str) -> None:
    person = a_person(Role.FILER, unit=unit, name="张三")
    page = office.post(f"/accounts/{person.pk}/", {"name": "李四", "email": ""} | changes)
    assert list(page.context["form"].errors) == [field]
    person.refresh_from_db()
    assert person.name == "张三"


def test_a_change_of_nothing_writes_no_event(office: Client, unit: Unit) -> None:
    person = a_person(Role.FILER, unit=unit)
    before = Event.objects.count()
    assert office.post(f"/accounts/{person.pk}/", {"name": person.name, "email": person.email}).status_code == 302
    assert Event.objects.count() == before


def test_what_a_person_is_already_is_not_added_again(office: Client, unit: Unit) -> None:
    person = a_person(Role.FILER, unit=unit)
    page = office.post(f"/accounts/{person.pk}/memberships/", {"role": "filer", "place": "wz"})
    assert list(page.context["joining"].errors) == ["role"]
    assert page.context["form"]["name"].value() == person.name
    assert person.memberships.count() == 1


def test_what_a_person_was_stays_on_record_and_ends_once(office: Client, unit: Unit) -> None:
    person = a_person(Role.FILER, unit=unit)
    held = person.memberships.get()
    for _click in range(2):
        answer = office.post(f"/accounts/memberships/{held.pk}/end/")
        assert answer.url == f"/accounts/{person.pk}/"
        assert said(answer)
    held.refresh_from_db()
    assert held.until is not None
    assert held in office.get(f"/accounts/{person.pk}/").context["memberships"]


def test_an_account_is_closed_and_opened_again(office: Client, unit: Unit) -> None:
    person = a_person(Role.FILER, unit=unit)
    for active in ("0", "0", "1"):
        assert office.post(f"/accounts/{person.pk}/active/", {"active": active}).status_code == 302
        person.refresh_from_db()
        assert person.is_active == (active == "1")
    assert Event.objects.filter(subject=f"user:{person.pk}").count() == 2


@pytest.mark.parametrize("way", ["", "memberships/", "password/", "active/"])
def test_somebody_who_is_not_there_is_not_found(office: Client, way: str) -> None:
    assert office.post(f"/accounts/0/{way}").status_code == 404


# ---- lists and places --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [{"q": "%"}, {"q": "'"}, {"role": "king"}, {"page": "99"}, {"page": "x"}])
@pytest.mark.parametrize("path", ["/accounts/", "/accounts/units/", "/accounts/departments/"])
def test_a_strange_question_gets_a_page(office: Client, path: str, query: dict[str, str]) -> None:
    page = office.get(path, query)
    assert page.status_code == 200
    assert [tab.current for tab in page.context["tabs"]].count(True) == 1


@pytest.mark.parametrize(("kind", "model"), [("units", Unit), ("departments", Department)])
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"code": "", "name": "甲"}, "code"),
        ({"code": "两 字", "name": "甲"}, "code"),
        ({"code": "c" * 41, "name": "甲"}, "code"),
        ({"code": "a", "name": ""}, "name"),
        ({"code": "taken", "name": "乙"}, "code"),
    ],
)
def test_a_place_without_its_own_code_and_name_is_refused(
    office: Client, kind: str, model: type[Unit], data: dict[str, str], field: str
) -> None:
    model.objects.create(code="taken", name="甲")
    page = office.post(f"/accounts/{kind}/add/", data)
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"][field].value() == data[field]
    assert model.objects.count() == 1


@pytest.mark.parametrize("kind", ["units", "departments"])
def test_a_place_that_there_is_not_is_not_found(office: Client, kind: str) -> None:
    assert office.get(f"/accounts/{kind}/999999/").status_code == 404


# ---- rows of people ----------------------------------------------------------------------------------------------


def test_a_file_beyond_the_limit_or_of_no_text_is_refused(office: Client) -> None:
    for content in (b"x" * (MOST_BYTES + 1), b"\xff\xfe\x00\x81\xff"):
        page = office.post("/accounts/import/", {"file": SimpleUploadedFile("p.csv", content)})
        assert "file" in page.context["form"].errors
    assert User.objects.count() == 2


def test_a_confirmed_import_shows_its_passwords_once_and_is_not_kept(office: Client, unit: Unit) -> None:
    rows = "li,李四,l@example.org,填报人,wz"
    page = office.post("/accounts/import/", {"rows": rows})
    assert len(page.context["items"]) == 1
    assert not User.objects.filter(username="li").exists()
    done = office.post("/accounts/import/", {"rows": rows, "confirmed": "1"})
    assert len(done.context["made"]) == 1
    assert "no-store" in done.headers["Cache-Control"]
    again = office.post("/accounts/import/", {"rows": rows, "confirmed": "1"})
    assert len(again.context["reading"].faults) == 1


# ---- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.LEADER, Role.CHIEF])
@pytest.mark.parametrize("path", ["/accounts/add/", "/accounts/import/", "/accounts/units/add/"])
def test_only_the_office_manages_accounts(role: Role, path: str) -> None:
    client = browser_of(a_person(role))
    assert client.get(path).status_code == 403
    assert client.post(path, {"username": "x", "rows": "x"}).status_code == 403


def test_a_former_office_has_nothing_left() -> None:
    person = a_person(Role.OFFICE)
    a_person(Role.OFFICE)
    person.memberships.update(until=clock.now() - timedelta(seconds=1))
    assert browser_of(person).get("/accounts/").status_code == 403


# ---- errors ------------------------------------------------------------------------------------------------------


def test_each_error_has_its_page_in_the_house_s_words() -> None:
    request = RequestFactory().get("/x/")
    for view, status in (
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.csrf_failure, 403),
        (errors.not_found, 404),
        (errors.server_error, 500),
    ):
        answer = view(request)
        assert answer.status_code == status
        assert b"<h1" in answer.content
        assert b"Traceback" not in answer.content


def by_sqlite(code: int) -> OperationalError:
    """What Django raises for an error of SQLite."""
    cause, error = sqlite3.OperationalError(), OperationalError("of the database")
    cause.sqlite_errorcode, error.__cause__ = code, cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(OperationalError("the connection failed"), 503, id="no connection"),
        pytest.param(by_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), 503, id="locked"),
        pytest.param(OSError(errno.ENOSPC, "full"), 503, id="full"),
        pytest.param(by_sqlite(sqlite3.SQLITE_ERROR), 500, id="no such column"),
        pytest.param(OSError(errno.EPERM, "not permitted"), 500, id="not permitted"),
    ],
)
def test_only_what_may_succeed_later_is_said_to(error: Exception, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_kwargs: object) -> None:
        raise error

    client = browser_of(a_person(Role.OFFICE))
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.views.people.render", fails)
    answer = client.get("/accounts/")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, "5" if status == 503 else None)
    assert ("系统正忙" in answer.content.decode()) == (status == 503)


@pytest.mark.parametrize("lane", [PAGES, PASSWORDS])
def test_a_crowd_is_told_what_it_is_a_crowd_of(lane: str) -> None:
    page = Client().post("/sign-in/", **{CROWDED: lane})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert ("登录的人数较多" in page.content.decode()) == (lane == PASSWORDS)


def test_an_address_that_there_is_not_shows_the_house_s_page() -> None:
    client = browser_of(a_person(Role.OFFICE))
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert b"<h1" in answer.content


def test_a_form_without_its_token_is_refused_with_a_page() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert b"<h1" in answer.content
