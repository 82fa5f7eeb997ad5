"""What is done is recorded with who, when, from, to and why; the record is read newest first."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import ProtectedError

from accounts.models import Role
from audit.models import Event
from audit.queries import events_of
from audit.services import Entry, record, record_all
from audit.verbs import Verb
from common import clock
from tests.support.world import START, a_person

pytestmark = pytest.mark.django_db


def test_an_event_keeps_what_it_was_told() -> None:
    by = a_person(Role.OFFICE)
    with clock.travel(START):
        event = record(
            Entry(
                verb=Verb.EXTENDED,
                subject="sheet:1",
                by=by,
                cycle_year=2026,
                came_from="a",
                went_to="b",
                why="搬迁",
                data={"days": 3},
            )
        )
    kept = Event.objects.get(pk=event.pk)
    assert (kept.at, kept.actor, kept.verb, kept.subject, kept.cycle_year) == (
        START,
        by,
        "assessment.extended",
        "sheet:1",
        2026,
    )
    assert (kept.came_from, kept.went_to, kept.why, kept.data) == ("a", "b", "搬迁", {"days": 3})
    assert "assessment.extended" in str(kept)


def test_a_long_state_is_cut_and_the_system_acts_without_a_name() -> None:
    event = record(Entry(verb=Verb.EXCLUDED, subject="sheet:1", came_from="x" * 500, went_to="y" * 500))
    assert (len(event.came_from), len(event.went_to), event.actor) == (200, 200, None)


def test_many_are_written_with_one_statement(django_assert_num_queries: Any) -> None:
    entries = [Entry(verb=Verb.NUDGED, subject=f"sheet:{number}") for number in range(40)]
    with django_assert_num_queries(1):
        record_all(entries)
    assert Event.objects.count() == 40


def test_the_record_is_read_newest_first_and_by_subject() -> None:
    for hours in (1, 3, 2):
        with clock.travel(START + timedelta(hours=hours)):
            record(Entry(verb=Verb.NUDGED, subject="sheet:1", why=str(hours)))
    record(Entry(verb=Verb.NUDGED, subject="sheet:2"))
    assert [event.why for event in events_of("sheet:1")] == ["3", "2", "1"]


def test_whoever_did_something_cannot_be_deleted() -> None:
    by = a_person(Role.OFFICE)
    by.memberships.all().delete()
    record(Entry(verb=Verb.NUDGED, subject="sheet:1", by=by))
    with pytest.raises(ProtectedError):
        by.delete()


def test_the_day_ends_at_midnight_in_beijing() -> None:
    with clock.travel(clock.midnight(START.date()) - timedelta(microseconds=1)):
        assert clock.today() == START.date() - timedelta(days=1)
    with clock.travel(clock.midnight(START.date())):
        assert clock.today() == START.date()
    assert clock.end_of(START.date()) == clock.midnight(START.date() + timedelta(days=1))
