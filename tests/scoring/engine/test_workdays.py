"""Working days (R13): known holidays, entered orders, and a count by brute force."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import is_workday
from scoring.engine.errors import EngineErrors
from scoring.engine.workdays import count_working_days, parse_orders

ORDER: dict[str, Any] = {"year": 2027, "order": "x", "off": ["2027-01-01", "2027-01-04"], "work": ["2027-01-02"]}


def counted(start: str, days: int, **options: Any) -> dict[str, Any]:
    orders = parse_orders(options.pop("orders", []))
    return count_working_days(date.fromisoformat(start), days, is_workday=is_workday(orders), **options).to_json()


def test_spring_festival_of_2021() -> None:
    result = counted("2021-02-05", 5)
    assert result["counted"] == ["2021-02-07", "2021-02-08", "2021-02-09", "2021-02-10", "2021-02-18"]
    assert (result["days"], result["ends"]) == (5, "2021-02-19T00:00:00+08:00")


def test_the_first_day_counts_when_told_and_worked() -> None:
    assert counted("2021-04-26", 5, count_first=True)["counted"][-1] == "2021-04-30"
    assert counted("2021-02-06", 1, count_first=True)["counted"] == ["2021-02-07"]


def test_entered_orders_come_before_the_library() -> None:
    result = counted("2026-12-31", 2, orders=[ORDER])
    assert result["counted"] == ["2027-01-02", "2027-01-05"]
    moved = {"year": 2021, "off": ["2021-02-07"], "work": ["2021-02-06"]}
    assert counted("2021-02-05", 1, orders=[moved])["counted"] == ["2021-02-06"]


def test_a_year_not_known_says_how_to_supply_it() -> None:
    with pytest.raises(EngineErrors) as caught:
        counted("2026-12-31", 1)
    assert "--orders" in str(caught.value) and "2027" in str(caught.value)


@pytest.mark.parametrize("days", [0, -1])
def test_days_below_one(days: int) -> None:
    with pytest.raises(EngineErrors):
        counted("2021-02-05", days)


@pytest.mark.parametrize(("start", "is_worked"), [(date(9999, 12, 30), True), (date(2000, 1, 1), False)])
def test_the_calendar_has_an_end(start: date, is_worked: bool) -> None:
    with pytest.raises(EngineErrors):
        count_working_days(start, 5, is_workday=lambda _day: is_worked)


@pytest.mark.parametrize(
    ("orders", "place"),
    [
        ("x", ""),
        (["x"], ".orders[0]"),
        ([{"off": [], "work": []}], ".orders[0]"),
        ([ORDER | {"year": "2027"}], ".orders[0]"),
        ([ORDER | {"off": None}], ".orders[0]"),
        ([ORDER | {"off": ["2027-02-30"]}], ".orders[0].off[0]"),
        ([ORDER | {"off": [20270101]}], ".orders[0].off[0]"),
        ([ORDER | {"work": ["2017-01-02"]}], ".orders[0].work[0]"),
        ([ORDER | {"order": 1}], ".orders[0]"),
        ([ORDER | {"work": ["2027-01-01"]}], "2027-01-01"),
    ],
)
def test_errors_of_orders_name_their_place(orders: object, place: str) -> None:
    with pytest.raises(EngineErrors) as caught:
        parse_orders(orders)
    assert place in [error.place for error in caught.value]


@given(st.dates(date(2005, 1, 1), date(2025, 6, 1)), st.integers(1, 40), st.booleans())
def test_counts_agree_with_brute_force(start: date, days: int, count_first: bool) -> None:
    worked = is_workday()
    result = count_working_days(start, days, is_workday=worked, count_first=count_first)
    first = start if count_first else start + timedelta(1)
    span = [first + timedelta(offset) for offset in range(400)]
    assert list(result.counted) == [day for day in span if worked(day)][:days]
    assert result.ends.date() == result.counted[-1] + timedelta(1)
