"""Reading the record: by year, by deed, by who did it, by subject, and what a demo did by itself."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role, User
from audit.models import Event
from audit.queries import Filter, events_like, years
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from tests.support.world import START, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE, name="王主任")


@pytest.fixture(autouse=True)
def _some_events(office: User) -> None:
    filer = a_person(Role.LEADER, name="王小明")
    told = [
        Entry(verb=Verb.EXTENDED, subject="sheet:1", by=office, cycle_year=2026, why="a"),
        Entry(verb=Verb.SUBMITTED, subject="sheet:1", by=filer, cycle_year=2026, why="b"),
        Entry(verb=Verb.EXCLUDED, subject="sheet:2", cycle_year=2025, why="c"),
        Entry(verb=Verb.SIGNED_IN, subject=f"user:{filer.pk}", by=filer, why="d"),
    ]
    for hours, entry in enumerate(told):
        with clock.travel(START + timedelta(hours=hours)):
            record(entry)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(Filter(), "dcba", id="everything, newest first"),
        pytest.param(Filter(year=2026), "ba", id="a year"),
        pytest.param(Filter(year=2024), "", id="a year without events"),
        pytest.param(Filter(verb=Verb.EXCLUDED), "c", id="a deed"),
        pytest.param(Filter(person="王"), "dba", id="part of a name"),
        pytest.param(Filter(person="小明"), "db", id="another part of a name"),
        pytest.param(Filter(person="off"), "", id="part of a user name is not enough"),
        pytest.param(Filter(subjects=frozenset({"sheet:1"})), "ba", id="a subject"),
        pytest.param(Filter(subjects=frozenset({"sheet:1", "sheet:2"})), "cba", id="subjects"),
        pytest.param(Filter(subjects=frozenset()), "", id="no subject is not every subject"),
        pytest.param(Filter(year=2026, verb=Verb.SUBMITTED, person="王小明"), "b", id="all at once"),
        pytest.param(Filter(year=2025, person="王"), "", id="all must hold"),
    ],
)
def test_the_record_is_found_by(wanted: Filter, found: str) -> None:
    assert "".join(event.why for event in events_like(wanted)) == found


def test_a_whole_user_name_finds_what_its_owner_did(office: User) -> None:
    assert [event.why for event in events_like(Filter(person=office.username))] == ["a"]


def test_who_did_it_costs_no_query_of_its_own(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [str(event.actor.name) for event in events_like(Filter(person="王")) if event.actor] == [
            "王小明",
            "王小明",
            "王主任",
        ]


def test_the_years_are_those_of_which_something_is_recorded() -> None:
    assert years() == [2026, 2025]
    Event.objects.all().delete()
    assert years() == []
