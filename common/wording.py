"""How days and instants are said to people, in both languages."""

from datetime import date, datetime, time, timedelta

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

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
# Units of a span, with the words for what is left and what is overdue. Neither Babel's words nor Django's serve: the
# first rounds 59 minutes up to an hour, both say weeks, and neither says on which side of a deadline one is.
SPANS = (
    (
        timedelta(days=1),
        ngettext_lazy("{count} day left", "{count} days left", "count"),
        ngettext_lazy("{count} day overdue", "{count} days overdue", "count"),
    ),
    (
        timedelta(hours=1),
        ngettext_lazy("{count} hour left", "{count} hours left", "count"),
        ngettext_lazy("{count} hour overdue", "{count} hours overdue", "count"),
    ),
    (
        timedelta(minutes=1),
        ngettext_lazy("{count} minute left", "{count} minutes left", "count"),
        ngettext_lazy("{count} minute overdue", "{count} minutes overdue", "count"),
    ),
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
    late = is_past(instant, now=now)
    for unit, left, overdue in SPANS:
        if count := abs(instant - now) // unit:
            return (overdue if late else left).format(count=count)
    return _("just overdue") if late else _("less than a minute left")
