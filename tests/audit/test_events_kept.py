"""Events are kept with their cause or not at all, as they were told; the clock at the edges of days and years."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.models import Role
from audit.models import Event
from audit.queries import events_of
from audit.services import Entry, record, record_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from tests.support.world import a_person

NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.BEIJING)
MOMENT = timedelta(microseconds=1)


def told(**fields: object) -> Entry:
    return Entry(**({"verb": Verb.CYCLE_CHANGED, "subject": "cycle:2026"} | fields))  # type: ignore[arg-type]  # as named


@pytest.mark.django_db
def test_what_did_not_happen_is_not_recorded() -> None:
    with pytest.raises(DomainError), transaction.atomic():
        record(told())
        record_all([told(), told()])
        raise DomainError("nothing came of it")
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("length", "kept"), [(199, 199), (200, 200), (201, 200), (5000, 200)])
def test_states_are_kept_as_long_as_their_column(length: int, kept: int) -> None:
    event = record(told(came_from="甲" * length, went_to="𠮷" * length))
    event.refresh_from_db()
    assert (len(event.came_from), len(event.went_to)) == (kept, kept)


@pytest.mark.django_db
def test_a_reason_is_kept_whole() -> None:
    why = "理由：\n" + "很长。" * 5000
    assert Event.objects.get(pk=record(told(why=why)).pk).why == why


@pytest.mark.django_db
def test_details_changed_afterwards_do_not_change_the_record() -> None:
    details: dict[str, object] = {"what": "before"}
    event = record(told(data=details))
    details["what"] = "after"
    assert event.data == {"what": "before"}
    event.refresh_from_db()
    assert event.data == {"what": "before"}


@pytest.mark.django_db
def test_many_and_one_are_recorded_alike() -> None:
    by = a_person(Role.OFFICE)
    entry = told(by=by, cycle_year=2026, came_from="a", went_to="b", why="c", data={"d": ["e"]}, at=NEW_YEAR)
    record(entry)
    record_all([entry])
    first, other = Event.objects.values_list(
        "at", "actor", "verb", "subject", "cycle_year", "came_from", "went_to", "why", "data"
    )
    assert first == other and first[0] == NEW_YEAR


@pytest.mark.django_db
def test_events_of_one_instant_stand_newest_first() -> None:
    with clock.travel(NEW_YEAR):
        record_all([told(why=str(number)) for number in range(3)])
    assert [event.why for event in events_of("cycle:2026")] == ["2", "1", "0"]


@pytest.mark.django_db
def test_a_subject_is_not_taken_for_one_that_begins_alike() -> None:
    record_all([told(subject="sheet:1"), told(subject="sheet:12"), told(subject="unit:1")])
    assert events_of("sheet:1").count() == 1


def test_every_verb_fits_its_column_and_is_said_in_chinese() -> None:
    assert max(len(verb) for verb in Verb.values) <= Event._meta.get_field("verb").max_length
    with translation.override("en"):
        english = {verb.value: str(verb.label) for verb in Verb}
    with translation.override(settings.LANGUAGE_CODE):
        chinese = {verb.value: str(verb.label) for verb in Verb}
    assert not [verb for verb in Verb.values if chinese[verb] == english[verb] or chinese[verb].isascii()]
    assert len(set(chinese.values())) == len(chinese), "two deeds are not said in the same words"


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (NEW_YEAR - MOMENT, date(2026, 12, 31)),
        (NEW_YEAR, date(2027, 1, 1)),
        (datetime(2026, 12, 31, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 29, 15, 59, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_day_is_that_of_beijing(instant: datetime, day: date) -> None:
    with clock.travel(instant):
        assert clock.today() == day


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 28)])
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    end = clock.end_of(day)
    assert end == clock.midnight(day + timedelta(days=1)) and end - clock.midnight(day) == timedelta(hours=24)
    with clock.travel(end - MOMENT):
        assert clock.today() == day
    with clock.travel(end):
        assert clock.today() == day + timedelta(days=1)


def test_a_journey_within_a_journey_comes_back_to_the_first() -> None:
    with clock.travel(NEW_YEAR):
        with pytest.raises(DomainError), clock.travel(NEW_YEAR - timedelta(days=1)):
            raise DomainError("on the way")
        assert clock.now() == NEW_YEAR
    assert clock.now() != NEW_YEAR


def test_who_travels_takes_nobody_else_along() -> None:
    seen: list[datetime] = []
    with clock.travel(NEW_YEAR + timedelta(days=9999)):
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0] < NEW_YEAR + timedelta(days=9000)
