"""Holiday orders entered by the office: they come before the library's calendar (R13)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.models import HolidayOrder

SATURDAY = 5


@transaction.atomic
def enter_holiday_order(*, year: int, order: str, off: Sequence[date], work: Sequence[date], by: User) -> HolidayOrder:
    """Keep the order of a year: days off and weekend days that are worked; an earlier entry of the year is replaced.

    Raises DomainError when a day lies outside the year (a holiday may begin in the last days of the year before), is
    both off and worked, or a make-up workday is no weekend day.
    """
    require(by, is_office)
    _require_year(year, off, "off")
    _require_year(year, work, "work")
    both = sorted(set(off) & set(work))
    if both:
        raise DomainError(_("%(day)s is both off and worked.") % {"day": both[0].isoformat()}, field="work")
    weekdays = [day for day in work if day.weekday() < SATURDAY]
    if weekdays:
        text = _("%(day)s is no Saturday or Sunday: it is worked anyway.")
        raise DomainError(text % {"day": weekdays[0].isoformat()}, field="work")
    entered = HolidayOrder.objects.select_for_update().filter(year=year).first() or HolidayOrder(year=year)
    came_from = entered.order
    entered.order, entered.entered_by, entered.entered_at = order, by, clock.now()
    entered.off = [day.isoformat() for day in sorted(set(off))]
    entered.work = [day.isoformat() for day in sorted(set(work))]
    entered.save()
    days = {"off": entered.off, "work": entered.work}
    log(Verb.CYCLE_CHANGED, entered, by=by, came_from=came_from, went_to=order, data=days)
    return entered


def _require_year(year: int, days: Sequence[date], field: str) -> None:
    for day in days:
        if day.year != year and not (day.year == year - 1 and day.month == 12):  # noqa: PLR2004  # December
            raise DomainError(_("%(day)s does not belong to %(year)d.") % {"day": day, "year": year}, field=field)
