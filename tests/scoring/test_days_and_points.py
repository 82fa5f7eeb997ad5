"""Working days, deadlines and records at midnight and over the year's end; results to the last hundredth."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from common import clock
from common.errors import DomainError
from scoring.models import LineKind, PlannedStep, Rating, Record, RecordKind, ScoreSheet, Step
from scoring.services.cycles import default_plan, set_plan
from scoring.services.holidays import enter_holiday_order
from scoring.services.results import compute_result
from scoring.services.schemes import load_scheme
from scoring.services.workdays import working_days
from tests.support.schemes import a_body
from tests.support.world import World, a_cycle
from workflow.review.queries.lines import recorded_times_of
from workflow.review.services.records import log_record, withdraw_record

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.BEIJING)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def world() -> World:
    """A cycle of 2026; the office has entered 2027: off from 1 to 3 January."""
    return a_cycle().with_units(1)


def order(world: World, year: int, off: Sequence[date], work: Sequence[date] = ()) -> None:
    enter_holiday_order(year=year, order="测试令", off=off, work=work, by=world.office)


def counted(start: date, days: int, *, first: bool = False) -> list[str]:
    return [f"{day:%m-%d}" for day in working_days(start, days, count_first=first).counted]


@pytest.mark.parametrize(
    ("start", "first", "days"),
    [
        (date(2026, 12, 31), False, ["01-04", "01-05"]),
        (date(2026, 12, 31), True, ["12-31", "01-04"]),
        (date(2027, 1, 1), True, ["01-04", "01-05"]),
        (date(2026, 12, 30), False, ["12-31", "01-04"]),
        (date(2027, 1, 8), False, ["01-11", "01-12"]),
    ],
)
def test_working_days_run_over_the_year_s_end(world: World, start: date, first: bool, days: list[str]) -> None:
    assert counted(start, 2, first=first) == days


def test_the_last_working_day_ends_at_midnight_in_beijing(world: World) -> None:
    assert working_days(date(2026, 12, 30), 1, count_first=False).ends == NEW_YEAR


def test_a_year_that_nobody_has_ordered_is_asked_for_by_its_name(world: World) -> None:
    assert counted(date(2027, 12, 30), 1) == ["12-31"]
    with pytest.raises(DomainError, match="2028"):
        working_days(date(2027, 12, 31), 1, count_first=False)


def test_an_order_reaches_into_the_december_before_and_an_order_of_that_year_does_not_undo_it(world: World) -> None:
    order(world, 2027, [date(2026, 12, 31), date(2027, 1, 1)], [date(2026, 12, 27)])
    assert counted(date(2026, 12, 25), 5) == ["12-27", "12-28", "12-29", "12-30", "01-04"]
    order(world, 2026, [date(2026, 10, 1)])
    assert counted(date(2026, 12, 25), 5) == ["12-27", "12-28", "12-29", "12-30", "01-04"]


def test_a_corrected_order_takes_the_place_of_the_one_before(world: World) -> None:
    order(world, 2027, [date(2027, 1, 1), date(2027, 1, 4)])
    assert counted(date(2026, 12, 31), 2) == ["01-05", "01-06"]
    order(world, 2027, [date(2027, 1, 1)], [date(2027, 1, 2)])
    assert counted(date(2026, 12, 31), 2) == ["01-02", "01-04"]


def test_days_entered_twice_and_out_of_order_are_kept_once_in_order(world: World) -> None:
    row = enter_holiday_order(
        year=2027, order="令", off=[date(2027, 1, 3), date(2027, 1, 1), date(2027, 1, 3)], work=[], by=world.office
    )
    assert row.off == ["2027-01-01", "2027-01-03"]


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2028, 1, 1), date(2025, 12, 31)])
def test_a_day_of_another_year_is_refused_and_the_order_stays(world: World, day: date) -> None:
    with pytest.raises(DomainError) as raised:
        order(world, 2027, [date(2027, 1, 1), day])
    assert raised.value.field == "off"
    assert counted(date(2026, 12, 31), 1) == ["01-04"]


@pytest.mark.parametrize(
    ("deadline", "last"),
    [("2026-12-31", date(2026, 12, 31)), ("2028-02-29", date(2028, 2, 29)), ("2027-02-28", date(2027, 2, 28))],
)
def test_the_deadline_includes_its_day_and_the_plan_says_that_day(world: World, deadline: str, last: date) -> None:
    cycle = load_scheme(a_body(deadline=deadline), source_name="a.txt", source=b"a").cycle
    cycle.refresh_from_db()
    assert cycle.deadline_at == clock.end_of(last)
    plan, _known = default_plan(cycle)
    assert plan[Step.SELF_EVALUATION][1] == last
    assert all(starts <= ends for starts, ends in plan.values())


def test_a_plan_follows_from_step_to_step_without_a_gap_of_working_days(world: World) -> None:
    plan, known = default_plan(world.cycle)
    steps = list(plan.values())
    assert known and plan[Step.ACCEPTANCE] == (date(2027, 1, 4), date(2027, 1, 6))
    for (_starts, ends), (starts, _ends) in pairwise(steps):
        assert working_days(ends, 1, count_first=False).counted == (starts,)


def test_a_step_of_a_single_day_is_a_plan(world: World) -> None:
    day = date(2026, 12, 31)
    set_plan(cycle=world.cycle, plan={Step.ACCEPTANCE: (day, day)}, by=world.office)
    assert PlannedStep.objects.get(step=Step.ACCEPTANCE).ends_on == day


def log(world: World, happened_on: date, **fields: object) -> Record:
    values = {"kind": RecordKind.NOTE, "text": "记一笔", "department": world.desks["district"], "by": world.office}
    return log_record(
        cycle=world.cycle, unit=ScoreSheet.objects.get().unit, happened_on=happened_on, **(values | fields)
    )


@pytest.mark.parametrize(
    ("instant", "tomorrow"),
    [
        (NEW_YEAR - MOMENT, date(2027, 1, 1)),
        (NEW_YEAR, date(2027, 1, 2)),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 2)),
    ],
)
def test_a_fact_lies_ahead_by_the_day_of_beijing(world: World, instant: datetime, tomorrow: date) -> None:
    with clock.travel(instant):
        log(world, tomorrow - timedelta(days=1))
        with pytest.raises(DomainError) as raised:
            log(world, tomorrow)
    assert raised.value.field == "happened_on"
    assert Record.objects.count() == 1


def test_records_in_force_are_summed_and_those_taken_back_are_not(world: World) -> None:
    rows = [log(world, date(2026, 3, 1), kind=RecordKind.DEDUCTION, code="D1.1", times=times) for times in (2, 3)] + [
        log(world, date(2026, 3, 1), kind=RecordKind.BONUS, code="B1.1")
    ]
    sheet = ScoreSheet.objects.get()
    assert recorded_times_of([sheet])[sheet.pk] == {"D1.1": 5, "B1.1": 1}
    withdraw_record(record=rows[0], why="重复", by=world.office)
    assert recorded_times_of([sheet])[sheet.pk] == {"D1.1": 3, "B1.1": 1}


@pytest.fixture
def opened() -> World:
    return a_cycle().with_units(1).opened()


def sheet_of(world: World) -> ScoreSheet:
    return world.assessments[0].sheet


def score(world: World, given: dict[str, str], recipients: Sequence[str], leader: str) -> ScoreSheet:
    """The sheet with these points and times, and the result that they make."""
    sheet = sheet_of(world)
    sheet.lines.filter(kind=LineKind.PART).update(reviewed=Decimal(0))
    for code, value in given.items():
        sheet.lines.filter(code=code).update(reviewed=Decimal(value))
    Rating.objects.bulk_create(
        Rating(sheet=sheet, component="recipients", value=Decimal(value)) for value in recipients
    )
    Rating.objects.create(sheet=sheet, component="leaders", value=Decimal(leader), rater=world.leaders[0])
    compute_result(sheet)
    return ScoreSheet.objects.get(pk=sheet.pk)


@pytest.mark.parametrize(
    ("given", "recipients", "leader", "total"),
    [
        pytest.param({"1.1": "10", "1.2": "10", "2.1": "10"}, ["88", "89", "89"], "90", "47.73", id="a third"),
        pytest.param({"1.1": "0.15"}, ["0"], "0", "0.11", id="a half goes up, not to the even"),
        pytest.param({"1.1": "0.07"}, ["0.07", "0.08"], "0", "0.06", id="a mean is not rounded first"),
        pytest.param({"1.1": "40", "1.2": "20", "2.1": "40", "B1.1": "5"}, ["100"], "100", "102.10", id="over 100"),
        pytest.param({"D1.1": "9"}, ["50"], "50", "15.00", id="work is never below zero"),
        pytest.param({"1.1": "20", "D1.1": "9"}, ["0"], "0", "7.00", id="at most ten are deducted"),
        pytest.param({"1.1": "5", "B1.1": "1", "D1.1": "1"}, ["0"], "0", "2.80", id="bonus and deduction"),
        pytest.param({"1.1": "33.33"}, ["33.33"] * 3, "33.33", "33.33", id="equal marks make their mean"),
    ],
)
def test_a_total_is_exact_to_the_last_hundredth(
    opened: World, given: dict[str, str], recipients: list[str], leader: str, total: str
) -> None:
    assert str(score(opened, given, recipients, leader).total) == total


def test_the_order_in_which_ratings_came_shows_nowhere(opened: World) -> None:
    first = score(opened, {"1.1": "10"}, ["70", "90", "80"], "90")
    Rating.objects.all().delete()
    second = score(opened, {"1.1": "10"}, ["90", "80", "70"], "90")
    assert (first.total, first.explain) == (second.total, second.explain)
