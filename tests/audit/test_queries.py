"""Reading the record: by cycle, by deed, by who did it, by subject, and what a demo did by itself."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role, User
from audit.models import Event
from audit.queries import Filter, cycles, events_like
from audit.services import log
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
    deeds: list[tuple[Verb, str, User | None, str]] = [
        (Verb.EXTENDED, "sheet:1", office, "2026"),
        (Verb.SUBMITTED, "sheet:1", filer, "2026"),
        (Verb.EXCLUDED, "sheet:2", None, "2025"),
        (Verb.SIGNED_IN, filer.recorded_as, filer, ""),
    ]
    for why, (verb, subject, by, cycle) in zip("abcd", deeds, strict=True):
        with clock.travel(START + timedelta(hours=ord(why))):
            log(verb, subject, by=by, cycle=cycle, why=why)


@pytest.mark.parametrize(
    ("wanted", "whys"),
    [
        pytest.param(Filter(), "dcba", id="everything, newest first"),
        pytest.param(Filter(cycle="2026"), "ba", id="a cycle"),
        pytest.param(Filter(cycle="2024"), "", id="a cycle without events"),
        pytest.param(Filter(verb=Verb.EXCLUDED), "c", id="a deed"),
        pytest.param(Filter(person="王"), "dba", id="part of a name"),
        pytest.param(Filter(person="小明"), "db", id="another part of a name"),
        pytest.param(Filter(person="off"), "", id="part of a user name is not enough"),
        pytest.param(Filter(subjects=frozenset({"sheet:1"})), "ba", id="a subject"),
        pytest.param(Filter(subjects=frozenset({"sheet:1", "sheet:2"})), "cba", id="subjects"),
        pytest.param(Filter(subjects=frozenset()), "", id="no subject is not every subject"),
        pytest.param(Filter(cycle="2026", verb=Verb.SUBMITTED, person="王小明"), "b", id="all at once"),
        pytest.param(Filter(cycle="2025", person="王"), "", id="all must hold"),
    ],
)
def test_the_record_is_found_by(wanted: Filter, whys: str) -> None:
    assert "".join(event.why for event in events_like(wanted)) == whys


def test_a_whole_user_name_finds_what_its_owner_did(office: User) -> None:
    assert [event.why for event in events_like(Filter(person=office.username))] == ["a"]


def test_who_did_it_costs_no_query_of_its_own(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [str(event.actor.name) for event in events_like(Filter(person="王")) if event.actor] == [
            "王小明",
            "王小明",
            "王主任",
        ]


def test_the_cycles_are_those_of_which_something_is_recorded() -> None:
    assert cycles() == ["2026", "2025"]
    Event.objects.all().delete()
    assert cycles() == []
