"""The draw (R8): to the byte of contract 4, reproducible, and fair in shape."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.draw import (
    commitment,
    draw,
    parse_roster,
    roster_sha256,
    seed_from_hex,
    seed_from_lines,
    split_lines,
)
from scoring.engine.errors import EngineErrors

ROWS = [(f"p{number:03d}", "") for number in range(50)]
SEED = bytes(32)


def test_every_byte_of_the_contract() -> None:
    rows = [("b", "0" * 64), ("a", "")]
    fingerprint = hashlib.sha256(b"kaohe/roster/v1\na,\nb," + b"0" * 64 + b"\n").hexdigest()
    seed = hashlib.sha256("kaohe/seed/v1\n甲\nx \n".encode()).digest()
    keys = {
        person: hmac.new(seed, f"kaohe/draw/v1\n{fingerprint}\n渝中\n{person}\n".encode(), "sha256").hexdigest()
        for person in "ab"
    }
    order = sorted("ab", key=lambda person: keys[person])
    assert seed_from_lines(["甲", "x "]) == seed
    assert draw(rows, "渝中", 1, seed).to_json() == {
        "algorithm": "kaohe/draw/v1",
        "roster_sha256": fingerprint,
        "seed": seed.hex(),
        "unit": "渝中",
        "size": 1,
        "drawn": order[:1],
        "reserves": order[1:],
    }


def test_a_commitment_hides_a_person_under_a_salt() -> None:
    expected = hmac.new(SEED, "张三\n13800000000".encode(), "sha256").hexdigest()
    assert commitment("张三", "13800000000", SEED) == expected != commitment("张三", "13800000000", b"1" * 32)


@given(st.permutations(ROWS), st.binary(min_size=32, max_size=32), st.integers(1, 50))
def test_the_order_of_the_roster_never_matters(rows: list[tuple[str, str]], seed: bytes, size: int) -> None:
    result = draw(rows, "u", size, seed)
    assert result == draw(ROWS, "u", size, seed)
    assert len(result.drawn) == size and sorted(result.drawn + result.reserves) == [row[0] for row in ROWS]
    assert draw(rows, "u", 50, seed).drawn == result.drawn + result.reserves


def test_everyone_is_drawn_about_as_often() -> None:
    hits = dict.fromkeys((row[0] for row in ROWS), 0)
    for number in range(500):
        for person in draw(ROWS, "u", 10, number.to_bytes(32, "big")).drawn:
            hits[person] += 1
    assert min(hits.values()) > 60 and max(hits.values()) < 150


def test_unit_and_roster_change_the_draw() -> None:
    assert draw(ROWS, "u", 20, SEED).drawn != draw(ROWS, "v", 20, SEED).drawn
    assert roster_sha256(ROWS) != roster_sha256(ROWS[1:])


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_roster_file(ending: str, mark: str) -> None:
    assert parse_roster(mark + ending.join(["id,commitment", "a,", f"b,{'f' * 64}", ""])) == [
        ("a", ""),
        ("b", "f" * 64),
    ]
    assert parse_roster("id,commitment\na,") == [("a", "")]


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ("", ["1"]),
        ("name\na,", ["1"]),
        ("id,commitment\na", ["2"]),
        ("id,commitment\na b,\nc,XY", ["2", "3"]),
        ("id,commitment\n,", ["2"]),
        ("id,commitment\na,\n\nb,", ["3"]),
        ("id,commitment\n甲,", ["2"]),
        ("id,commitment\na,\nb,\na,", ["4"]),
        ("id,commitment\na,b,c", ["2"]),
    ],
)
def test_errors_of_a_roster_name_the_line(lines: str, places: list[str]) -> None:
    with pytest.raises(EngineErrors) as caught:
        parse_roster(lines)
    assert [error.place for error in caught.value] == places


@pytest.mark.parametrize(
    ("rows", "unit", "size", "words"),
    [
        (ROWS, "a\nb", 20, "control"),
        (ROWS, "", 20, "empty"),
        (ROWS, "u", 0, "0 is no size"),
        (ROWS[:15], "u", 20, "5 fewer than 20"),
        ([("a", ""), ("a", "")], "u", 1, "already"),
        ([("a b", "")], "u", 1, "malformed"),
    ],
)
def test_what_can_not_be_drawn(rows: list[tuple[str, str]], unit: str, size: int, words: str) -> None:
    with pytest.raises(EngineErrors, match=words):
        draw(rows, unit, size, SEED)


def test_seeds() -> None:
    assert seed_from_hex("AB" * 32) == bytes([0xAB]) * 32
    assert split_lines("a\r\nb\rc\n") == ["a", "b\rc"] and split_lines("a\n\nb") == ["a", "", "b"]
    for wrong in ("", "ab", "g" * 64, "0" * 65):
        with pytest.raises(EngineErrors):
            seed_from_hex(wrong)
    for lines in ([], ["a", " ", ""]):
        with pytest.raises(EngineErrors):
            seed_from_lines(lines)
