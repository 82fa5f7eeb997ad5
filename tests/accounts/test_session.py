"""Signing in and out, being locked out, the language, one's own password, and the gate of every page."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.middleware import AccessMiddleware
from accounts.models import Role, User
from accounts.permissions import TABLE, Action, may
from accounts.queries import HOW_TO_BEGIN
from audit.models import Event
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


def test_signing_in_leads_back_to_where_one_was_and_is_recorded(person: User) -> None:
    client = Client()
    gate = client.get(reverse("messages"))
    assert gate["Location"] == f"{SIGN_IN}?next=/messages/"
    page = client.get(gate["Location"])
    assert page.context["next"] == "/messages/"
    answer = client.post(SIGN_IN, {"username": person.username, "password": "secret", "next": "/messages/"})
    assert answer["Location"] == "/messages/"
    assert Event.objects.filter(verb="account.signed_in", actor=person).count() == 1


def test_nobody_is_sent_to_another_site(person: User) -> None:
    typed = {"username": person.username, "password": "secret", "next": "https://example.com/"}
    assert Client().post(SIGN_IN, typed)["Location"] == "/"


def test_five_failures_lock_the_name_and_say_when_to_come_back(person: User) -> None:
    client = Client()
    wrong = {"username": person.username, "password": "wrong"}
    answers = [client.post(SIGN_IN, wrong) for _time in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    locked = client.post(SIGN_IN, wrong | {"password": "secret"})
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900" and locked.context["minutes"] == 15
    other = a_person(Role.LEADER)
    assert client.post(SIGN_IN, {"username": other.username, "password": "secret"}).status_code == 302


def test_signing_out_needs_a_post(person: User) -> None:
    client = browser_of(person)
    assert client.get("/sign-out/").url == "/"
    assert client.post("/sign-out/").status_code == 302
    assert client.get(reverse("messages")).status_code == 302


def test_the_demo_s_password_opens_nothing_outside_a_demo(settings) -> None:
    User.objects.create_user("office", settings.DEMO_PASSWORD, name="演示办公室")
    typed = {"username": "office", "password": settings.DEMO_PASSWORD}
    assert Client().post(SIGN_IN, typed).status_code == 302
    settings.DEMO = False
    assert Client().post(SIGN_IN, typed).status_code == 200


def test_an_empty_installation_tells_how_the_first_account_is_made() -> None:
    assert HOW_TO_BEGIN in Client().get(SIGN_IN).content.decode()
    assert HOW_TO_BEGIN in shell("first_account")
    a_person(Role.OFFICE)
    assert HOW_TO_BEGIN not in Client().get(SIGN_IN).content.decode()
    assert shell("first_account") == ""


def shell(command: str) -> str:
    """What a management command prints."""
    printed = StringIO()
    call_command(command, stdout=printed)
    return printed.getvalue()


def test_the_sign_in_page_takes_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:
    for _number in range(20):
        a_person(Role.LEADER)
    with django_assert_max_num_queries(4):
        Client().get(SIGN_IN)


def test_the_language_can_be_switched(person: User) -> None:
    client = browser_of(person)
    assert 'lang="zh-Hans"' in client.get(reverse("messages")).content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/messages/"})
    assert answer["Location"] == "/messages/"
    assert 'lang="en"' in client.get(reverse("messages")).content.decode()


def test_one_changes_ones_own_password_and_stays_signed_in(person: User) -> None:
    client, elsewhere = browser_of(person), browser_of(person)
    url = reverse("own-password")
    assert client.get(url).status_code == 200
    new = "lang-und-neu-2026"
    refused = client.post(url, {"old_password": "wrong", "new_password1": new, "new_password2": new})
    assert refused.context["form"].errors
    short = client.post(url, {"old_password": "secret", "new_password1": "123", "new_password2": "123"})
    assert short.context["form"].errors
    assert client.post(url, {"old_password": "secret", "new_password1": new, "new_password2": new}).status_code == 302
    assert client.get(url).status_code == 200
    assert elsewhere.get(url).status_code == 302
    assert Event.objects.filter(data__what="password changed").count() == 1


def test_saving_as_one_types_is_told_that_the_session_is_over() -> None:
    answer = Client().post(reverse("account-add"), HTTP_X_REQUESTED_WITH="autosave")
    assert answer.status_code == 401 and answer.json() == {"signed_out": True}


def test_a_view_without_an_action_is_refused_to_everyone(person: User) -> None:
    request = RequestFactory().get("/")
    request.user = person
    gate = AccessMiddleware(lambda _request: HttpResponse())
    with pytest.raises(PermissionDenied):
        gate.process_view(request, lambda _request: HttpResponse(), [], {})


def test_somebody_without_any_role_sees_nothing() -> None:
    nobody = User.objects.create_user("nobody", "secret", name="无")
    assert browser_of(nobody).get(reverse("messages")).status_code == 403


def test_a_page_of_another_role_is_refused(person: User) -> None:
    assert browser_of(person).get(reverse("accounts")).status_code == 403


def test_every_action_but_the_public_one_has_its_roles() -> None:
    assert set(TABLE) == set(Action) - {Action.PUBLIC}
    assert all(not may(None, action) for action in TABLE)
    assert may(None, Action.PUBLIC)
