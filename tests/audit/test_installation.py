"""A demo's database is never run as a real one, nor a real one as a demo, by whatever way in."""

import importlib
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from celery import shared_task
from django.apps import apps
from django.core.checks import run_checks
from django.core.checks.registry import registry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import Role, User
from audit import installation
from audit.checks import WRONG_DATABASE, the_database_is_of_this_installation_s_kind
from audit.installation import Mismatch, WrongDatabase, claim_database, mismatch, require_match
from audit.models import DemoMark
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation.Known, "fits", False)


@shared_task(name="tests.do_something")
def do_something() -> str:
    return "done"


@pytest.mark.parametrize(
    ("demo", "marked", "people", "wrong"),
    [
        (True, False, False, None),
        (False, False, False, None),
        (True, True, True, None),
        (False, False, True, None),
        (False, True, True, Mismatch.DEMO_IS_OFF),
        (False, True, False, Mismatch.DEMO_IS_OFF),
        (True, False, True, Mismatch.DEMO_IS_ON),
    ],
)
def test_only_an_empty_database_fits_both(
    settings: Any, demo: bool, marked: bool, people: bool, wrong: Mismatch | None
) -> None:
    settings.DEMO = demo
    if marked:
        DemoMark.objects.create()
    if people:
        a_person(Role.OFFICE)
    assert mismatch() == wrong
    errors = the_database_is_of_this_installation_s_kind(databases=["default"])
    assert [(error.id, error.hint) for error in errors] == ([(WRONG_DATABASE, wrong.advice)] if wrong else [])


def test_a_deployment_is_checked_for_it() -> None:
    assert the_database_is_of_this_installation_s_kind in registry.get_checks()
    a_person(Role.OFFICE)
    assert WRONG_DATABASE in {error.id for error in run_checks(databases=["default"])}


def test_no_page_is_answered_out_of_a_database_of_the_other_kind(settings: Any) -> None:
    DemoMark.objects.create()
    a_person(Role.OFFICE)
    settings.DEMO = False
    answer = Client(raise_request_exception=False).get("/sign-in/")
    assert answer.status_code == 500
    assert "Content-Security-Policy" in answer
    settings.DEMO = True
    assert Client().get("/sign-in/").status_code == 200


def test_no_task_runs_on_a_database_of_the_other_kind(settings: Any) -> None:
    DemoMark.objects.create()
    settings.DEMO = False
    with pytest.raises(WrongDatabase, match="set DEMO=1"):
        do_something.delay()
    settings.DEMO = True
    assert do_something.delay().get() == "done"


@pytest.mark.parametrize(
    "words",
    [
        ["add_account", "office1"],
        ["new_password", "office"],
        ["first_account"],
        ["demo"],
        ["import_notice", "no-such-file.txt", "--load"],
    ],
    ids=lambda words: words[0],
)
def test_no_command_works_on_a_database_of_the_other_kind(settings: Any, words: list[str]) -> None:
    DemoMark.objects.create()
    settings.DEMO = False
    with pytest.raises(CommandError, match="set DEMO=1"):
        call_command(*words)


def test_a_database_that_fits_is_asked_once(django_assert_num_queries: Any) -> None:
    DemoMark.objects.create()
    a_person(Role.OFFICE)
    require_match()
    with django_assert_num_queries(0):
        require_match()


def test_an_empty_database_is_asked_again_since_it_may_become_either(settings: Any) -> None:
    settings.DEMO = False
    require_match()
    DemoMark.objects.create()
    with pytest.raises(WrongDatabase):
        require_match()


def test_the_first_account_says_what_a_database_is(settings: Any) -> None:
    settings.DEMO = False
    claim_database()
    assert not DemoMark.objects.exists()
    settings.DEMO = True
    claim_database()
    claim_database()
    assert DemoMark.objects.count() == 1


def test_a_real_database_is_never_made_a_demo_s() -> None:
    a_person(Role.OFFICE)
    with pytest.raises(WrongDatabase, match="DEMO=0"):
        claim_database()
    assert not DemoMark.objects.exists()


@pytest.mark.parametrize(("since", "marked"), [(datetime(2019, 1, 1, tzinfo=UTC), True), (None, False)])
def test_a_demo_that_was_loaded_before_there_was_a_mark_gets_it(since: datetime | None, marked: bool) -> None:
    user = User.objects.create(username="office", name="演示办公室", email="office@example.org")
    if since:
        User.objects.filter(pk=user.pk).update(created_at=since)
    migration = importlib.import_module("audit.migrations.0004_demo_mark")
    migration.mark_what_is_a_demo(apps, SimpleNamespace(connection=connection))
    assert DemoMark.objects.exists() is marked
