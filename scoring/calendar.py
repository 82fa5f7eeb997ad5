"""The Chinese working-day calendar: the office's own holiday orders first, then the library's (R13)."""

from collections.abc import Callable, Iterable
from datetime import date

import chinese_calendar

from scoring.engine.errors import fail
from scoring.engine.messages import _, msg
from scoring.engine.workdays import HolidayOrder, ordered


def known_years() -> tuple[int, int]:
    """The first and the last year whose holidays the library knows."""
    return min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year


def is_workday(overrides: Iterable[HolidayOrder] = ()) -> Callable[[date], bool]:
    """Return a function that says whether a day is worked; EngineErrors for a year whose order is not known yet."""
    orders = tuple(overrides)

    def worked(day: date) -> bool:
        entered = ordered(day, orders)
        if entered is not None:
            return entered
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            message = msg(_("The holiday order of %(year)s is not known yet."), year=day.year)
            remedy = msg(
                _("Enter it in the system, or give it with --orders FILE: %(shape)s"),
                shape='[{"year": …, "order": "…", "off": ["YYYY-MM-DD"], "work": ["YYYY-MM-DD"]}]',
            )
            raise fail(day.isoformat(), message, remedy) from None

    return worked
