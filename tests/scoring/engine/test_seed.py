"""What goes into a seed: secrets, numbers, issues and lines, for any input (R8)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.categories import first_of_each, next_reserve
from scoring.engine.draw import draw, seed_from_lines, split_lines
from scoring.engine.errors import EngineErrors
from scoring.engine.lottery import HIGHEST_BLUE, HIGHEST_RED, REDS, Numbers, check_issue, numbers_in
from scoring.engine.seed import Covered, Occasion, Share, covered_sha256, secret_in, secret_sha256, seed_lines

REDS_DRAWN = st.sets(st.integers(1, HIGHEST_RED), min_size=REDS, max_size=REDS)
BLUES = st.integers(1, HIGHEST_BLUE)
SHARES = st.lists(
    st.tuples(st.text("abc甲é ", min_size=16, max_size=40).map(lambda text: "x".join(text.split())), st.booleans()),
    max_size=4,
)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
COVERED = st.lists(
    st.builds(Covered, st.text("abd01渝", min_size=1, max_size=5), st.integers(1, 40), HASHES, st.just("") | HASHES),
    min_size=1,
    max_size=5,
    unique_by=lambda covered: covered.unit,
)
DAY = date(2026, 12, 3)


@given(REDS_DRAWN, BLUES, st.sampled_from([" ", ",", "、", "-", "  "]), st.randoms())
def test_numbers_are_read_in_any_order_with_anything_between(
    red: set[int], blue: int, between: str, chance: object
) -> None:
    typed = list(red)
    chance.shuffle(typed)  # type: ignore[attr-defined]  # hypothesis' random
    read = numbers_in(between.join(map(str, typed)), f" {blue:02d} ")
    assert read == Numbers(frozenset(red), blue)
    assert numbers_in(read.red_text, read.blue_text) == read
    assert read.red_text == " ".join(sorted(f"{number:02d}" for number in red))


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_read_or_refused_at_its_field(red: str, blue: str) -> None:
    try:
        read = numbers_in(red, blue)
    except EngineErrors as errors:
        assert {error.place for error in errors} <= {"red", "blue"}
    else:
        assert len(read.red) == REDS


@given(st.text(max_size=140))
def test_a_secret_is_one_line_that_reads_back_as_it_is(text: str) -> None:
    try:
        secret = secret_in(text)
    except EngineErrors as errors:
        assert [error.place for error in errors] == ["secret"]
    else:
        assert secret_in(f"  {secret}\n") == secret
        assert split_lines(secret) == [secret]
        assert 16 <= len(secret) <= 128


@given(SHARES, COVERED, REDS_DRAWN, BLUES)
def test_seed_lines_make_a_seed_and_each_thing_in_them_counts(
    shares: list[tuple[str, bool]], covered: list[Covered], red: set[int], blue: int
) -> None:
    given_shares = [Share(secret_sha256(secret), secret if told else "") for secret, told in shares]
    occasion, numbers = Occasion(2026, 1, "2026136", DAY, tuple(covered)), Numbers(frozenset(red), blue)
    lines = seed_lines(occasion, given_shares, numbers)
    assert split_lines("".join(f"{line}\n" for line in lines)) == lines
    assert len(lines) == 6 + len(shares)
    others = [
        seed_lines(Occasion(2026, 2, "2026136", DAY, tuple(covered)), given_shares, numbers),
        seed_lines(Occasion(2026, 1, "2026137", DAY, tuple(covered)), given_shares, numbers),
        seed_lines(occasion, [*given_shares, Share("0" * 64)], numbers),
        seed_lines(occasion, given_shares, Numbers(frozenset(red), blue % HIGHEST_BLUE + 1)),
    ]
    assert seed_from_lines(lines) not in {seed_from_lines(other) for other in others}


@given(COVERED, st.randoms())
def test_the_order_of_the_rosters_covered_never_matters(covered: list[Covered], chance: object) -> None:
    other = list(covered)
    chance.shuffle(other)  # type: ignore[attr-defined]  # hypothesis' random
    assert covered_sha256(covered) == covered_sha256(other)
    assert covered_sha256(covered) != covered_sha256(covered[1:])


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 6)])
def test_an_issue_is_of_the_year_of_its_day(day: date) -> None:
    check_issue("2026001", day)
    for issue in ("2026000", "2025136", "202613", "20261360", "２０２６１３６"):
        with pytest.raises(EngineErrors):
            check_issue(issue, day)


# ---- at least one of each category ----

CATEGORIES = st.lists(st.sampled_from("甲乙丙丁"), min_size=4, max_size=12)


@given(CATEGORIES, st.binary(min_size=32, max_size=32), st.data())
def test_of_each_category_one_is_drawn_by_the_same_order(kinds: list[str], seed: bytes, data: st.DataObject) -> None:
    categories = {f"p{number:02d}": kind for number, kind in enumerate(kinds)}
    size = data.draw(st.integers(len(set(kinds)), len(kinds)))
    rows = [(opaque_id, "") for opaque_id in categories]
    plain = draw(rows, "u", len(rows), seed).drawn
    result = draw(rows, "u", size, seed, categories)
    assert {categories[opaque_id] for opaque_id in result.drawn} == set(kinds)
    assert len(result.drawn) == size
    for part in (result.drawn, result.reserves):
        assert list(part) == [opaque_id for opaque_id in plain if opaque_id in set(part)]
    firsts = {kind: next(each for each in plain if categories[each] == kind) for kind in kinds}
    assert set(firsts.values()) <= set(result.drawn)
    if {categories[opaque_id] for opaque_id in plain[:size]} == set(kinds):
        assert result.drawn == plain[:size], "where the lot alone takes one of each, nothing changes"


@given(CATEGORIES, st.data())
def test_who_comes_in_keeps_the_category_if_somebody_of_it_waits(kinds: list[str], data: st.DataObject) -> None:
    categories = {f"p{number:02d}": kind for number, kind in enumerate(kinds)}
    drawn, reserves = first_of_each(list(categories), data.draw(st.integers(4, 12)), categories)
    gone = data.draw(st.sampled_from(drawn))
    came = next_reserve(drawn, reserves, gone, categories)
    assert next_reserve(drawn, reserves, gone) == (reserves[0] if reserves else None)
    if not reserves:
        assert came is None
        return
    alone = sum(categories[opaque_id] == categories[gone] for opaque_id in drawn) == 1
    same = [opaque_id for opaque_id in reserves if categories[opaque_id] == categories[gone]]
    assert came == (same[0] if alone and same else reserves[0])
