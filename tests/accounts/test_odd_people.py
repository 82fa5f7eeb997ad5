"""Odd people: names in other letters, too long or twice; days that are none; what a proxy or a browser makes up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.forms import PersonForm
from accounts.grants import Grant
from accounts.models import Department, Membership, Role, Unit
from accounts.services import add_membership, end_membership
from audit.models import Event
from common import clock, wording
from tests.support.clients import browser_of
from tests.support.imports import people_in
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
LONG_MAIL = "a@" + ".".join(["b" * 60] * 4) + ".example.org"


@pytest.fixture(autouse=True)
def places() -> None:
    Unit.objects.create(code="jia", name="甲区科协")
    Department.objects.create(code="zuzhi", name="组织人事部")


def test_a_quote_that_never_ends_is_told_where_it_was_pasted() -> None:
    page = browser_of(a_person(Role.OFFICE)).post("/accounts/import/", {"rows": '"' + "a" * 140_000})
    assert "rows" in page.context["form"].errors


def test_two_names_that_differ_by_case_are_one() -> None:
    assert [fault.row for fault in people_in("Li,李四,,reviewer,zuzhi\nli,李四,,head,zuzhi").faults] == [2]


def test_a_role_that_begins_later_is_held_already() -> None:
    office, person = a_person(Role.OFFICE), a_person(Role.SUPERVISOR, name="李四")
    add_membership(user=person, grant=Grant(Role.LEADER, since=clock.now() + timedelta(days=3)), by=office)
    assert [fault.row for fault in people_in(f"{person.username},李四,,leader,").faults] == [1]


def test_a_name_of_two_units_is_ambiguous() -> None:
    Unit.objects.create(code="yi", name="甲区科协")
    assert people_in("li,李四,,filer,甲区科协").faults


@pytest.mark.parametrize("name", ["zhang san", "zhang/san", "<b>"])
def test_a_user_name_of_an_import_has_the_characters_of_the_form(name: str) -> None:
    assert people_in(f"{name},张三,,office,").faults


def test_full_width_letters_sign_in_however_the_account_was_made() -> None:
    data = {"username": "ｚｈａｎｇ", "name": "张三", "role": "leader"}
    made = browser_of(a_person(Role.OFFICE)).post("/accounts/add/", data).context["made"][0]
    entered = browser_of(None).post("/sign-in/", {"username": "ｚｈａｎｇ", "password": made.password})
    assert entered.status_code == 302


def test_a_mail_address_fits_its_column() -> None:
    assert not PersonForm({"name": "张三", "email": LONG_MAIL}).is_valid()
    assert people_in(f"zhang,张三,{LONG_MAIL},office,").faults


@pytest.mark.parametrize("options", [{"name": "名" * 61}, {"mail": "no mail"}])
def test_add_account_checks_what_it_is_given(options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("add_account", "x", **options)
    with pytest.raises(CommandError):
        call_command("add_account", "x" * 61)


def test_ending_again_what_ended_long_ago_changes_nothing() -> None:
    office, ended = a_person(Role.OFFICE), clock.now() - timedelta(days=800)
    long_ago = Membership.objects.create(user=office, role=Role.OFFICE, since=ended - timedelta(days=100), until=ended)
    end_membership(membership=long_ago, by=office)
    long_ago.refresh_from_db()
    assert long_ago.until == ended
    assert not Event.objects.filter(data__what="membership ended").exists()


@pytest.mark.parametrize("hop", ["1.2.3.4:5678", "[2001:db8::1]:443", "unknown"])
def test_whatever_a_proxy_writes_one_can_sign_in(settings: Any, hop: str) -> None:
    settings.PROXIES = 1
    data = {"username": a_person(Role.LEADER).username, "password": "secret"}
    assert browser_of(None).post("/sign-in/", data, headers={"x-forwarded-for": hop}).status_code == 302


def test_a_very_long_user_name_gets_the_page_again() -> None:
    assert browser_of(None).post("/sign-in/", {"username": "a" * 5000, "password": "x"}).status_code == 200


@pytest.mark.parametrize("path", ["/accounts/", "/accounts/units/", "/accounts/departments/"])
def test_a_nul_in_a_search_is_refused(path: str) -> None:
    assert browser_of(a_person(Role.OFFICE)).get(path, {"q": "\0"}).status_code == 400


@pytest.mark.parametrize(("field", "day"), [("since", "0001-01-01"), ("until", "9999-12-31")])
def test_the_first_and_the_last_day_are_refused_at_their_field(field: str, day: str) -> None:
    browser, person = browser_of(a_person(Role.OFFICE)), a_person(Role.LEADER)
    page = browser.post(f"/accounts/{person.pk}/memberships/", {"role": "supervisor", field: day})
    assert field in page.context["joining"].errors


def test_an_instant_within_the_first_second_of_a_day_is_not_said_to_be_of_the_day_before() -> None:
    late = datetime(2026, 12, 31, 16, 0, 0, 500000, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert wording.say_instant(late, now=late) == "1月1日 周五 00:00"
