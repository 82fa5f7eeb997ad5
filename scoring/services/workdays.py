"""Working days of the house: the office's holiday orders first, then the library's calendar (R13)."""

from datetime import date

from django.utils.translation import gettext as _

from common.errors import DomainError
from scoring.calendar import is_workday
from scoring.engine.errors import EngineErrors
from scoring.engine.workdays import WorkingDays, count_working_days, parse_orders
from scoring.models import HolidayOrder


def working_days(start: date, days: int, *, count_first: bool) -> WorkingDays:
    """Count `days` Chinese working days from `start` (R13).

    Raises DomainError for a year whose holiday order is not known: the office can enter it.
    """
    entered = HolidayOrder.objects.values("year", "order", "off", "work")
    try:
        return count_working_days(
            start, days, is_workday=is_workday(parse_orders(list(entered))), count_first=count_first
        )
    except EngineErrors as errors:
        raise DomainError("\n".join(error.text(_) for error in errors)) from errors
