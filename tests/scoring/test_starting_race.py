"""Two who begin one thing at once, on real connections: the first has it, the other is told."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import transaction
from django.utils import translation

from accounts.models import Role, User
from common.errors import DomainError
from scoring.models import Cycle, LibraryItem, Scheme
from scoring.services.corrections import locked_draft
from scoring.services.library import put_in_library
from scoring.services.rolling import drop_draft
from scoring.services.schemes import import_notice
from scoring.services.starting import start_scheme
from tests.scoring.test_schemes import NOTICE
from tests.support.locks import meanwhile
from tests.support.world import a_cycle, a_person

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]


def start(by: User) -> Scheme:
    return start_scheme(year=2020, title="首个考核", by=by)


def read(by: User) -> Scheme:
    return import_notice(name="notice.txt", content=NOTICE.read_bytes(), by=by)


@pytest.mark.parametrize(("begin", "field"), [(start, "word"), (read, "replace")])
def test_a_draft_that_another_begins_meanwhile_stays(begin: Callable[[User], Scheme], field: str) -> None:
    first, second = a_person(Role.OFFICE), a_person(Role.OFFICE)
    refused = list[DomainError]()

    def begin_too() -> None:
        with translation.override("zh-hans"):
            try:
                begin(second)
            except DomainError as error:
                refused.append(error)

    with meanwhile(begin_too) as waits, transaction.atomic():
        start(first)
        waits()
    assert [error.field for error in refused] == [field]
    assert Cycle.objects.get().title == "首个考核"


def test_two_clicks_put_a_row_into_the_library_once() -> None:
    world = a_cycle()
    scheme, place = Scheme.objects.get(in_force=world.cycle), ("tracks", 0, "indicators", 0)

    def put() -> None:
        with translation.override("zh-hans"), suppress(DomainError):
            put_in_library(scheme=scheme, places=[place], by=world.office)

    with meanwhile(put) as waits, transaction.atomic():
        put()
        waits()
    assert LibraryItem.objects.count() == 1


def test_what_is_deleted_meanwhile_is_neither_deleted_nor_edited_again() -> None:
    office = a_person(Role.OFFICE)
    scheme = start(office)
    refused = list[str]()

    def drop_too() -> None:
        with translation.override("zh-hans"):
            for act in (lambda: drop_draft(cycle=scheme.cycle, by=office, why="x"), lambda: locked_draft(scheme)):
                try:
                    act()
                except DomainError as error:
                    refused.append(error.message)

    with meanwhile(drop_too) as waits, transaction.atomic():
        drop_draft(cycle=scheme.cycle, by=office, why="重新来过")
        waits()
    assert len(refused) == 2 and not Cycle.objects.exists()
