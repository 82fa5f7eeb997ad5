"""The one clock of the house: real time, shifted only in a demo or while a test travels."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)
_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta(0))


def now() -> datetime:
    """The instant at which this is asked (aware, UTC), as everything in the house dates its doings."""
    standing = _standing.get()
    return standing if standing is not None else timezone.now() + _shift.get()


def machine_now() -> datetime:
    """The instant (aware, UTC) by the machine's own clock, whatever a demo's says: for what watches the machine."""
    return timezone.now()


def today() -> date:
    """Today's date in Beijing."""
    return now().astimezone(BEIJING).date()


def midnight(day: date) -> datetime:
    """The instant at which `day` begins in Beijing; `24:00` of the day before."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def end_of(day: date) -> datetime:
    """`24:00` of `day` in Beijing: the first instant that is too late (R6)."""
    return midnight(day + timedelta(days=1))


def last_moment(day: date, hour: time | None) -> datetime:
    """The first instant that is too late where something is due by `day`, or before an hour of it (Beijing, R6)."""
    return end_of(day) if hour is None else datetime.combine(day, hour, BEIJING)


def last_day(instant: datetime) -> date:
    """The last day (Beijing) on which what is due before `instant` can be done: `24:00` belongs to the day before."""
    return (instant - timedelta(microseconds=1)).astimezone(BEIJING).date()


def set_shift(shift: timedelta) -> None:
    """Let this thread's clock run ahead by `shift`, as a demo's office asked."""
    _shift.set(shift)


@contextmanager
def travel(instant: datetime) -> Iterator[None]:
    """Let the clock stand at `instant` (aware) within the block: for the demo's past and for tests."""
    token = _standing.set(instant)
    try:
        yield
    finally:
        _standing.reset(token)


FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
