"""Counts Chinese working days (R13), with the holiday orders that the office enters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from scoring.engine.errors import fail
from scoring.engine.fields import Fields, Reading, count_of, day_of
from scoring.engine.messages import _, msg
from scoring.engine.track import Body

BEIJING = timezone(timedelta(hours=8))
FARTHEST = 36600
WEEKEND = 5


@dataclass(frozen=True)
class WorkingDays:
    """Working days counted from `start`; `ends` is 24:00 Beijing time of the last, as the next day's 00:00."""

    start: date
    days: int
    counted: tuple[date, ...]
    ends: datetime

    def to_json(self) -> Body:
        """Return the count in the shape of contract 3."""
        return {
            "start": self.start.isoformat(),
            "days": self.days,
            "counted": [day.isoformat() for day in self.counted],
            "ends": self.ends.isoformat(),
        }


def count_working_days(
    start: date, days: int, *, is_workday: Callable[[date], bool], count_first: bool = False
) -> WorkingDays:
    """Count `days` working days after `start` (R13); with `count_first` the day itself counts if it is one.

    EngineErrors when `days` is below 1 or the calendar ends before they are counted.
    """
    if days < 1:
        raise fail("DAYS", msg(_("%(days)s is no number of days."), days=days), msg(_("Give 1 or more.")))
    counted: list[date] = []
    offset = 0 if count_first else 1
    while len(counted) < days:
        day = _after(start, offset)
        if is_workday(day):
            counted.append(day)
        offset += 1
    end = _after(counted[-1], 1)
    return WorkingDays(start, days, tuple(counted), datetime(end.year, end.month, end.day, tzinfo=BEIJING))


def _after(start: date, offset: int) -> date:
    try:
        if offset > FARTHEST:
            raise OverflowError
        return start + timedelta(days=offset)
    except OverflowError:
        remedy = msg(_("Give an earlier day or fewer days."))
        raise fail("DAYS", msg(_("The calendar ends before the days are counted.")), remedy) from None


@dataclass(frozen=True)
class HolidayOrder:
    """The yearly order on holidays: days off, and weekend days that are worked."""

    year: int
    order: str
    off: frozenset[date]
    work: frozenset[date]


def parse_orders(raw: object) -> tuple[HolidayOrder, ...]:
    """Read holiday orders from decoded JSON; EngineErrors name each place and what would be right."""
    reading = Reading()
    whole = reading.fields({"orders": raw}, "")
    orders = tuple(_order(fields) for fields in whole.each("orders"))
    off = frozenset(day for order in orders for day in order.off)
    work = frozenset(day for order in orders for day in order.work)
    for day in sorted(off & work):
        reading.note(day.isoformat(), msg(_("This day is both off and worked.")), msg(_("Give it in one list only.")))
    reading.finish()
    return orders


def _order(fields: Fields) -> HolidayOrder:
    year = count_of(fields.values.get("year"))
    if year is None:
        fields.wrong("year", msg(_("Give the year of the order, such as 2027.")))
    return HolidayOrder(
        year or 0,
        fields.optional_text("order") or "",
        _days(fields, "off", year),
        _days(fields, "work", year),
    )


def _days(fields: Fields, name: str, year: int | None) -> frozenset[date]:
    values = fields.values.get(name)
    if not isinstance(values, list):
        fields.wrong(name, msg(_("Give a list of dates such as 2021-02-05.")))
        return frozenset()
    days = set()
    for index, value in enumerate(values):
        day = day_of(value)
        if day is None or (year is not None and abs(day.year - year) > 1):
            message = msg(_("This is no day of the order's year."))
            fields.reading.note(f"{fields.place}.{name}[{index}]", message, msg(_("Give a date such as 2021-02-05.")))
        else:
            days.add(day)
    return frozenset(days)


def ordered(day: date, orders: tuple[HolidayOrder, ...]) -> bool | None:
    """Say whether a day is worked by the orders entered, None when none of them speaks of its year or of it."""
    if any(day in order.off for order in orders):
        return False
    if any(day in order.work for order in orders):
        return True
    return day.weekday() < WEEKEND if any(order.year == day.year for order in orders) else None
