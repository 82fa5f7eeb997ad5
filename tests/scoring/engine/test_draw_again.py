"""The draw and the count of working days done a second time, by the words of contracts 3 and 4 alone."""

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import is_workday
from scoring.engine.draw import draw, parse_roster, seed_from_hex, seed_from_lines, split_lines
from scoring.engine.workdays import HolidayOrder, count_working_days

IDS = st.text("ABCabc012_-", min_size=1, max_size=64)
COMMITMENTS = st.just("") | st.binary(min_size=32, max_size=32).map(bytes.hex)
ROSTERS = st.dictionaries(IDS, COMMITMENTS, min_size=1, max_size=12)
PRINTED = st.characters(exclude_categories=["Cc", "Cs"])
CODES = st.text(PRINTED, min_size=1, max_size=12)
LINES = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1), min_size=1)


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def drawn_by_hand(roster: dict[str, str], unit: str, seed: bytes) -> tuple[str, list[str]]:
    """R, and the ids in the order drawn, by the three formulas of contract 4."""
    ids = sorted(roster, key=lambda each: each.encode())
    printed = sha("kaohe/roster/v1\n" + "".join(f"{each},{roster[each]}\n" for each in ids)).hex()
    keys = []
    for each in ids:
        text = f"kaohe/draw/v1\n{printed}\n{unit}\n{each}\n"
        keys.append((hmac.new(seed, text.encode(), "sha256").hexdigest(), each))
    return printed, [each for _key, each in sorted(keys)]


@given(ROSTERS, CODES, st.binary(min_size=32, max_size=32), st.data())
def test_any_draw_is_what_the_formulas_say(roster: dict[str, str], unit: str, seed: bytes, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(roster)))
    ending, mark = data.draw(st.sampled_from(["\n", "\r\n"])), data.draw(st.sampled_from(["", "\ufeff"]))
    text = mark + ending.join(["id,commitment", *(f"{each},{roster[each]}" for each in roster)])
    text += data.draw(st.sampled_from(["", ending]))
    result = draw(parse_roster(text), unit, size, seed_from_hex(seed.hex()))
    printed, order = drawn_by_hand(roster, unit, seed)
    assert (result.roster_sha256, result.seed) == (printed, seed.hex())
    assert (list(result.drawn), list(result.reserves)) == (order[:size], order[size:])


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_public_lines_give_the_seed_that_the_formula_gives(lines: list[str], ending: str, last: bool) -> None:
    lines = [f"{line.rstrip(chr(13))}。" for line in lines]
    text = ending.join(lines) + (ending if last else "")
    assert seed_from_lines(split_lines(text)) == sha("kaohe/seed/v1\n" + "".join(f"{line}\n" for line in lines))


def test_lines_in_another_order_are_another_seed_and_only_line_feeds_divide() -> None:
    assert seed_from_lines(["甲", "乙"]) != seed_from_lines(["乙", "甲"])
    assert split_lines("甲\u2028乙\x0b丙\x85丁\r戊\n") == ["甲\u2028乙\x0b丙\x85丁\r戊"]
    assert split_lines("甲\r\r\n") == ["甲\r"]


def test_a_member_who_leaves_changes_the_order_of_those_who_stay() -> None:
    rows = [(f"p{number}", "") for number in range(40)]
    before, after = draw(rows, "u", 40, bytes(32)).drawn, draw(rows[:-1], "u", 39, bytes(32)).drawn
    assert set(after) < set(before) and [each for each in before if each in after] != list(after)


def holiday_orders() -> st.SearchStrategy[tuple[HolidayOrder, ...]]:
    """Orders for two years that no library knows: any days off, any days worked, never both."""
    days = st.frozensets(st.dates(date(2041, 1, 1), date(2042, 12, 31)), max_size=40)
    return st.tuples(days, days).map(
        lambda both: (
            HolidayOrder(2041, "令一", both[0] - both[1], both[1]),
            HolidayOrder(2042, "令二", frozenset(), frozenset()),
        )
    )


def worked_by_hand(day: date, orders: tuple[HolidayOrder, ...]) -> bool:
    off = {each for order in orders for each in order.off}
    work = {each for order in orders for each in order.work}
    return day in work or (day not in off and day.isoweekday() not in (6, 7))


@given(holiday_orders(), st.dates(date(2041, 1, 1), date(2042, 6, 1)), st.integers(1, 30), st.booleans())
def test_any_count_by_entered_orders_is_what_the_calendar_on_the_wall_says(
    orders: tuple[HolidayOrder, ...], start: date, days: int, first: bool
) -> None:
    expected: list[date] = []
    day = start if first else start + timedelta(days=1)
    while len(expected) < days:
        expected += [day] if worked_by_hand(day, orders) else []
        day += timedelta(days=1)
    result = count_working_days(start, days, is_workday=is_workday(orders), count_first=first)
    assert list(result.counted) == expected
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
    assert result.ends == midnight and result.to_json()["ends"] == f"{day}T00:00:00+08:00"
