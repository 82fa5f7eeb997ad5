"""How days and instants are said to people, in both languages."""

from datetime import date, datetime, time, timedelta

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import clock
from common.clock import BEIJING

HALF_A_YEAR = timedelta(days=183)
NONE = "—"
WITH_WEEKDAY = (
    gettext_lazy("Mon {date}"),
    gettext_lazy("Tue {date}"),
    gettext_lazy("Wed {date}"),
    gettext_lazy("Thu {date}"),
    gettext_lazy("Fri {date}"),
    gettext_lazy("Sat {date}"),
    gettext_lazy("Sun {date}"),
)


def say_date(day: date, *, today: date, year: bool = False) -> str:
    """Says a date without its weekday; the year with `year`, or when `day` is more than half a year from `today`."""
    far = year or abs(day - today) > HALF_A_YEAR
    form = _("{day} {month_name} {year}") if far else _("{day} {month_name}")
    return form.format(day=day.day, month=day.month, month_name=MONTHS[day.month], year=day.year)


def say_day(day: date, *, today: date, year: bool = False) -> str:
    """Says a date with its weekday: `12月31日 周四`; the year as `say_date` says it."""
    return str(WITH_WEEKDAY[day.weekday()]).format(date=say_date(day, today=today, year=year))


def say_instant(instant: datetime, *, now: datetime, start: bool = False, year: bool = False) -> str:
    """Says an aware instant in Beijing time: `12月31日 周四 18:00`; the year as `say_date` says it.

    Midnight ends a day (R6), so it is 24:00 of the day before, unless `start` says that something begins then.
    """
    local = instant.astimezone(BEIJING)
    day, hour = local.date(), f"{local:%H:%M}"
    if local.time() == time.min and not start:
        day, hour = day - timedelta(days=1), "24:00"
    return f"{say_day(day, today=now.astimezone(BEIJING).date(), year=year)} {hour}"


def spoken_instant(instant: datetime, *, start: bool = False, year: bool = False) -> str:
    """Says an aware instant to whoever is not looking at a page: `12月31日 周四 24:00（北京时间）`.

    For mails, texts, `.csv` files and errors: in the words of the pages, in the active language, with its zone.
    `start` as in `say_instant`; with `year` the year is always said, for what is kept and read much later.
    """
    words = say_instant(instant, now=clock.now(), start=start, year=year)
    return _("{instant} (Beijing time)").format(instant=words)


def is_past(instant: datetime, *, now: datetime) -> bool:
    """Whether a due instant has passed: at the instant itself it has (R6: before 00:00:00 counts)."""
    return now >= instant


def say_left(instant: datetime, *, now: datetime) -> str:
    """Says how long is left until an aware instant, or by how much it has passed; rounded down to one unit."""
    gap = abs(instant - now)
    late = is_past(instant, now=now)
    if days := gap.days:
        return (_days_overdue if late else _days_left)(days)
    if hours := gap.seconds // 3600:
        return (_hours_overdue if late else _hours_left)(hours)
    if minutes := gap.seconds // 60:
        return (_minutes_overdue if late else _minutes_left)(minutes)
    return _("just overdue") if late else _("less than a minute left")


def _days_left(count: int) -> str:
    return ngettext("{count} day left", "{count} days left", count).format(count=count)


def _hours_left(count: int) -> str:
    return ngettext("{count} hour left", "{count} hours left", count).format(count=count)


def _minutes_left(count: int) -> str:
    return ngettext("{count} minute left", "{count} minutes left", count).format(count=count)


def _days_overdue(count: int) -> str:
    return ngettext("{count} day overdue", "{count} days overdue", count).format(count=count)


def _hours_overdue(count: int) -> str:
    return ngettext("{count} hour overdue", "{count} hours overdue", count).format(count=count)


def _minutes_overdue(count: int) -> str:
    return ngettext("{count} minute overdue", "{count} minutes overdue", count).format(count=count)
