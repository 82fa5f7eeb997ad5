"""What the demo makes up: entries, points, people, instants and notices, each as it could be and plainly nobody's."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common import clock
from demo.world import texts
from demo.world.live import OPEN_FOR, opening, rating_window
from demo.world.names import BEYOND, DISTRICTS, names_of, shares
from demo.world.setting import NOTICE, at, chance, notice_of, spread
from scoring.engine.notice import read_notice
from scoring.readers.sources import read_source

SEEDS = st.integers(0, 10_000)
LIMITS = st.decimals(min_value=1, max_value=40, places=1)
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
INSTANTS = st.datetimes(datetime(2022, 1, 2), datetime(2040, 12, 31, 23, 59))


# ---- entries and points ----


@given(SEEDS, st.integers(2020, 2040))
def test_an_activity_is_of_the_year_on_a_day_that_there_is(seed: int, year: int) -> None:
    for day in DAY.findall(texts.entry(Random(seed), year)):
        assert date(*map(int, day)).year == year


@given(SEEDS, LIMITS, st.floats(0, 1))
def test_a_claim_is_in_halves_and_within_the_points_of_its_part(seed: int, limit: Decimal, zeal: float) -> None:
    points = texts.claimed(Random(seed), limit, zeal)
    assert 0 < points <= limit
    assert points == limit or points * 2 == (points * 2).to_integral_value()


@given(SEEDS, LIMITS)
def test_a_reviewer_never_gives_more_than_was_claimed(seed: int, claim: Decimal) -> None:
    assert 0 <= texts.given(Random(seed), claim) <= claim


# ---- people ----


@given(st.integers(1, 999), st.integers(1, 60))
def test_nobody_of_a_roster_is_real_or_there_twice(unit: int, count: int) -> None:
    people = texts.people(count, unit)
    assert len({name for name, _phone in people}) == count
    assert len({phone for _name, phone in people}) == count
    assert all(name.startswith("示例人") for name, _phone in people)
    assert all(re.fullmatch(r"1\d{10}", phone) for _name, phone in people)


def test_two_units_share_nobody() -> None:
    rosters = [set(texts.people(30, unit)) for unit in (1, 2, 11, 111, 112)]
    assert len(set().union(*rosters)) == sum(map(len, rosters))


# ---- units ----


def test_the_districts_are_those_of_the_notice() -> None:
    assert len(DISTRICTS) + len(BEYOND) == 41
    assert len(set(DISTRICTS)) == len(DISTRICTS)
    text = NOTICE.read_text(encoding="utf-8")
    assert [name for name in BEYOND if name not in text] == []


@given(st.integers(1, 5000))
def test_shares_grow_with_their_sum_and_keep_the_largest_first(total: int) -> None:
    smaller, larger = shares(total), shares(total + 1)
    assert sum(larger.values()) - sum(smaller.values()) in (0, 1)
    if total > 20:
        assert max(smaller, key=lambda code: smaller[code]) == "society"
        assert min(smaller, key=lambda code: smaller[code]) == "university"


@pytest.mark.parametrize("track", ["district", "society", "enterprise", "university"])
def test_more_units_have_the_names_of_fewer_and_then_some(track: str) -> None:
    assert names_of(track, 200)[:50] == names_of(track, 50)


# ---- instants ----


@given(INSTANTS)
def test_the_live_cycle_was_opened_this_year_at_most_two_weeks_ago(naive: datetime) -> None:
    now = naive.replace(tzinfo=clock.BEIJING)
    assume(now >= at(now.year, 1, 1, 9))
    opened = opening(now)
    assert opened <= now
    assert now - opened <= OPEN_FOR
    assert opened.astimezone(clock.BEIJING).year == now.year


@pytest.mark.parametrize("year", [2025, 2027, 2028])
def test_the_ratings_of_the_live_cycle_lie_behind_its_deadline(year: int) -> None:
    opens, closes = rating_window(year)
    assert clock.end_of(date(year, 12, 31)) < opens < closes
    assert opens.tzinfo is not None


@given(st.floats(0, 1))
def test_the_instants_of_a_step_lie_within_it(share: float) -> None:
    begin, end = at(2020, 12, 1), at(2021, 1, 1, 0)
    assert begin <= spread(begin, end, share) <= end


def test_chance_is_the_same_every_time() -> None:
    drawn = [[source.random() for _ in range(5)] for source in (chance(2020), chance(2020), chance(2021))]
    assert drawn[0] == drawn[1] != drawn[2]


# ---- notices ----


def test_the_notice_of_2020_is_the_one_that_was_issued() -> None:
    assert notice_of(2020, date(2020, 12, 1)) == NOTICE.read_bytes()


@pytest.mark.parametrize("issued", [date(2026, 11, 11), date(2028, 2, 29), date(2027, 1, 1)])
def test_the_notice_of_another_year_is_read_like_it_and_plainly_made_up(issued: date) -> None:
    first = read_notice(read_source("notice.txt", notice_of(2020, date(2020, 12, 1)))).to_json(str)
    text = notice_of(issued.year, issued)
    again = read_notice(read_source("notice.txt", text)).to_json(str)
    assert "2020" not in text.decode()
    assert again["year"] == issued.year
    assert again["issued"] == issued.isoformat()
    assert again["deadline"] == f"{issued.year}-12-31"
    assert "999" in again["number"]
    assert [track["indicators"] for track in again["tracks"]] == [track["indicators"] for track in first["tracks"]]
    assert [finding["code"] for finding in again["findings"]] == [finding["code"] for finding in first["findings"]]
    assert timedelta(0) <= date.fromisoformat(again["deadline"]) - issued
