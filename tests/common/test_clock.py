"""The clock at the edges of days and years, and whom a journey takes along."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from common import clock
from common.errors import DomainError

NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.BEIJING)
MOMENT = timedelta(microseconds=1)


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


@pytest.mark.parametrize(
    ("due_at", "day"),
    [
        (NEW_YEAR, date(2026, 12, 31)),
        (NEW_YEAR - MOMENT, date(2026, 12, 31)),
        (NEW_YEAR + MOMENT, date(2027, 1, 1)),
        (NEW_YEAR + timedelta(hours=12), date(2027, 1, 1)),
    ],
    ids=["midnight", "before midnight", "after midnight", "noon"],
)
def test_24_hours_belong_to_the_day_before(due_at: datetime, day: date) -> None:
    assert clock.last_day(due_at) == day


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
