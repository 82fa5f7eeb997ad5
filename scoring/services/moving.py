"""A cycle's days at the same place of another year's working-day calendar (R13)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from common import clock
from scoring.calendar import is_workday
from scoring.engine.errors import EngineErrors
from scoring.engine.workdays import parse_orders
from scoring.models import Cycle, HolidayOrder, Step

SATURDAY = 5
DAY = timedelta(days=1)


class Calendar:
    """Which days are worked; of a year whose order is not known yet (`unknown`) weekends alone are off."""

    def __init__(self) -> None:
        entered = HolidayOrder.objects.values("year", "order", "off", "work")
        self._known: Callable[[date], bool] = is_workday(parse_orders(list(entered)))
        self.unknown: set[int] = set()

    def is_worked(self, day: date) -> bool:
        """Whether people work on a day."""
        try:
            return self._known(day)
        except EngineErrors:
            self.unknown.add(day.year)
            return day.weekday() < SATURDAY

    def moved(self, day: date, old: date, new: date) -> date:
        """The day that lies as many working days before or after `new` as `day` does before or after `old`."""
        step = DAY if day > old else -DAY
        between, count = old, 0
        while between != day:
            between += step
            count += self.is_worked(between)
        there = new
        while count:
            there += step
            count -= self.is_worked(there)
        return there


def same_day(day: date, years: int) -> date:
    """The day so many years on; 29 February becomes the 28th; where it is off and `day` was not, the last before it."""
    try:
        there = day.replace(year=day.year + years)
    except ValueError:
        there = day.replace(year=day.year + years, day=28)
    calendar = Calendar()
    while calendar.is_worked(day) and not calendar.is_worked(there):
        there -= DAY
    return there


@dataclass
class Moved:
    """When each step would be planned, the window of ratings, and the years whose holiday order is not known yet."""

    plan: dict[Step, tuple[date, date]] = field(default_factory=dict)
    ratings: tuple[datetime, datetime] | None = None
    unknown: list[int] = field(default_factory=list)


def moved_days(cycle: Cycle, source: Cycle) -> Moved:
    """The days of `source` at the same places after the deadline of `cycle`; nothing where either has no deadline."""
    if cycle.deadline_at is None or source.deadline_at is None:
        return Moved()
    calendar = Calendar()
    old, new = clock.last_day(source.deadline_at), clock.last_day(cycle.deadline_at)
    plan = {
        Step(planned.step): (calendar.moved(planned.starts_on, old, new), calendar.moved(planned.ends_on, old, new))
        for planned in source.planned_steps.all()
    }
    ratings = None
    if source.ratings_open_at and source.ratings_close_at:
        opens = source.ratings_open_at.astimezone(clock.BEIJING)
        first, last = opens.date(), clock.last_day(source.ratings_close_at)
        ratings = (
            clock.midnight(calendar.moved(first, old, new)) + (opens - clock.midnight(first)),
            clock.midnight(calendar.moved(last, old, new)) + (source.ratings_close_at - clock.midnight(last)),
        )
    return Moved(plan, ratings, sorted(year for year in calendar.unknown if year >= new.year))
