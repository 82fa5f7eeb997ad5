"""A password that somebody else has read opens one page: that on which it is changed."""

from typing import Any

import pytest
from django.urls import reverse

from accounts import services
from accounts.grants import Grant, NewPerson
from accounts.models import Role, User
from accounts.passwords import Credentials
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
OWN = "nur-fuer-mich-2026"


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE, name="办公室甲")


def reset(person: User, by: User) -> str:
    made = services.reset_password(user=person, by=by)
    assert isinstance(made, Credentials)
    return made.password


@pytest.mark.both
def test_every_page_leads_to_the_password_until_it_is_changed(office: User) -> None:
    person = a_person(Role.LEADER)
    password, url = reset(person, office), reverse("own-password")
    browser = browser_of(None)
    browser.post(reverse("sign-in"), {"username": person.username, "password": password})
    for name in ("inbox", "messages", "leaders-grid", "dashboard"):
        assert browser.get(reverse(name))["Location"] == url
    saved = browser.post(reverse("leaders-grid"), headers={"x-requested-with": "autosave"})
    assert (saved.status_code, saved.json()) == (403, {"change_password": True})
    page = browser.get(url)
    assert page.context["reset"].actor == office and "办公室甲" in page.content.decode() and not page.context["nav"]
    again = browser.post(url, {"old_password": password, "new_password1": password, "new_password2": password})
    assert again.context["form"].errors["new_password2"]
    browser.post(url, {"old_password": password, "new_password1": OWN, "new_password2": OWN})
    assert browser.get(reverse("inbox")).status_code == 200
    assert "reset" not in browser.get(url).context


def test_every_one_time_password_is_one(office: User) -> None:
    zhang, li = (
        NewPerson(username=username, name=username, email="", grant=Grant(Role.LEADER)) for username in ("zhang", "li")
    )
    services.add_person(person=zhang, by=office)
    services.import_accounts(people=[li], by=office)
    made = User.objects.filter(username__in=["zhang", "li"])
    assert [user.must_change_password for user in made] == [True, True]
    assert not a_person(Role.LEADER).must_change_password


@pytest.mark.parametrize("demo", [True, False])
def test_the_password_of_the_demo_is_chosen_nowhere_else(settings: Any, demo: bool) -> None:
    settings.DEMO = demo
    browser = browser_of(person := a_person(Role.LEADER))
    words = {"old_password": "secret"} | dict.fromkeys(("new_password1", "new_password2"), settings.DEMO_PASSWORD)
    browser.post(reverse("own-password"), words)
    assert User.objects.get(pk=person.pk).check_password(settings.DEMO_PASSWORD) is demo
