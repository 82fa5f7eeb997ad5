"""The command `workdays` at the shell: real holidays, orders before the library, every wrong argument and order."""

from pathlib import Path
from typing import Any

import pytest

from tests.scoring.commands.running import Run, write

ORDER: dict[str, Any] = {"year": 2027, "order": "测办发〔2026〕1号", "off": ["2027-01-01"], "work": ["2027-01-02"]}


@pytest.mark.parametrize(
    ("words", "counted", "ends"),
    [
        # 9 May 2020 was a Saturday that was worked for Labour Day.
        (("2020-05-08", "2"), ["2020-05-09", "2020-05-11"], "2020-05-12"),
        (("2020-05-09", "4", "--count-first"), ["2020-05-09", "2020-05-11", "2020-05-12", "2020-05-13"], "2020-05-14"),
        (("2020-05-10", "1", "--count-first"), ["2020-05-11"], "2020-05-12"),
        # National Day and Mid-Autumn of 2020 were one week of eight days; 27 September and 10 October were worked.
        (("2020-09-26", "5"), ["2020-09-27", "2020-09-28", "2020-09-29", "2020-09-30", "2020-10-09"], "2020-10-10"),
        (("2020-10-09", "1"), ["2020-10-10"], "2020-10-11"),
        # Spring Festival of 2026: off 15 to 23 February, worked on the 14th and the 28th.
        (("2026-02-13", "3"), ["2026-02-14", "2026-02-24", "2026-02-25"], "2026-02-26"),
        (("2026-02-27", "1"), ["2026-02-28"], "2026-03-01"),
        (("2024-02-28", "1"), ["2024-02-29"], "2024-03-01"),
        (("2026-12-30", "1"), ["2026-12-31"], "2027-01-01"),
    ],
)
def test_real_holidays_and_made_up_days(run: Run, words: tuple[str, ...], counted: list[str], ends: str) -> None:
    outcome = run("workdays", *words, "--json")
    assert outcome.code == 0 and outcome.err == ""
    assert outcome.json == {
        "start": words[0],
        "days": int(words[1]),
        "counted": counted,
        "ends": f"{ends}T00:00:00+08:00",
    }


def test_an_order_comes_before_the_library_and_only_for_its_own_days(run: Run, tmp_path: Path) -> None:
    orders = write(tmp_path / "o.json", [{"year": 2026, "order": "", "off": ["2026-12-31"], "work": []}, ORDER])
    counted = run("workdays", "2026-12-29", "4", "--orders", orders, "--json").json["counted"]
    assert counted == ["2026-12-30", "2027-01-02", "2027-01-04", "2027-01-05"]


def test_an_order_may_name_days_of_the_year_before(run: Run, tmp_path: Path) -> None:
    orders = write(tmp_path / "o.json", "\ufeff" + '[{"year": 2027, "off": [], "work": ["2026-12-27"]}]')
    assert run("workdays", "2026-12-25", "1", "--orders", orders, "--json").json["counted"] == ["2026-12-27"]


@pytest.mark.parametrize("start", ["2027-03-01", "2003-12-30", "2026-12-31", "0001-01-01"])
def test_a_year_not_known_says_how_to_supply_its_order(run: Run, start: str) -> None:
    outcome = run("workdays", start, "1", "--json")
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
    for word in ("--orders", '"year"', '"off"', '"work"'):
        assert word in outcome.lines[0]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("2021-2-5", "1"), "START"),
        (("2021-02-29", "1"), "START"),
        (("20210205", "1"), "START"),
        (("2021-W05-5", "1"), "START"),
        (("2021-02-05T00:00", "1"), "START"),
        (("２０２１-02-05", "1"), "START"),
        (("", "1"), "START"),
        (("2021-02-05\n", "1"), "START"),
        (("2021-02-05", "0"), "DAYS"),
        (("2021-02-05", "-5"), "DAYS"),
        (("2021-02-05", "5.0"), "DAYS"),
        (("2021-02-05", "五"), "DAYS"),
        (("2021-02-05", "５"), "DAYS"),
        (("2021-02-05", ""), "DAYS"),
        (("2021-02-05", "1e999999"), "DAYS"),
        (("2021-02-05", "9" * 5000), "DAYS"),
        (("2021-02-05", "NaN"), "DAYS"),
        (("2021-02-05", "²"), "DAYS"),
    ],
)
def test_a_wrong_argument_is_told_by_its_name(run: Run, words: tuple[str, str], place: str) -> None:
    outcome = run("workdays", *words, "--json")
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
    assert outcome.lines[0].startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", ":1"),
        (b"\xff", ""),
        (b"{}", ""),
        (b"null", ""),
        (b"[" * 200_000, ":1"),
        (b"[{}\n,]", ":2"),
        (b"[1e999999]", ": .orders[0]"),
        (b"[NaN]", ": .orders[0]"),
        (b'["2027"]', ": .orders[0]"),
    ],
)
def test_what_are_no_orders(run: Run, tmp_path: Path, content: bytes, place: str) -> None:
    orders = write(tmp_path / "o.json", content)
    outcome = run("workdays", "2021-02-05", "1", "--orders", orders, "--json")
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
    assert outcome.lines[0].startswith(f"{orders}{place}: ")


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"year": True}, [".orders[0]"]),
        ({"year": -1}, [".orders[0]"]),
        ({"year": 10**30}, [".orders[0]"]),
        ({"year": 2027.0}, [".orders[0]"]),
        ({"year": None}, [".orders[0]"]),
        ({"off": "2027-01-01"}, [".orders[0]"]),
        ({"off": {"2027-01-01": 1}}, [".orders[0]"]),
        ({"off": [["2027-01-01"]]}, [".orders[0].off[0]"]),
        ({"off": ["2027-01-01", "2027-13-01", ""]}, [".orders[0].off[1]", ".orders[0].off[2]"]),
        ({"off": ["2029-01-01"]}, [".orders[0].off[0]"]),
        ({"work": ["2027-01-03", True]}, [".orders[0].work[1]"]),
        ({"work": ["2027-01-01"]}, ["2027-01-01"]),
    ],
)
def test_every_fault_of_an_order_is_told_by_its_place(
    run: Run, tmp_path: Path, change: dict[str, Any], places: list[str]
) -> None:
    orders = write(tmp_path / "o.json", [ORDER | change])
    outcome = run("workdays", "2021-02-05", "1", "--orders", orders, "--json")
    assert (outcome.code, outcome.out) == (1, "")
    assert [line.split(": ")[:2] for line in outcome.lines] == [[str(orders), place] for place in places]


@pytest.mark.parametrize("path", ["", ".", "none.json", "a\0b"])
def test_orders_that_can_not_be_read_are_never_left_out_silently(run: Run, path: str) -> None:
    outcome = run("workdays", "2021-02-05", "1", "--orders", path, "--json")
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)


def test_more_days_than_the_orders_reach_is_an_error_and_no_short_list(run: Run, tmp_path: Path) -> None:
    orders = write(tmp_path / "o.json", [ORDER])
    assert run("workdays", "2027-01-01", "200", "--orders", orders, "--json").code == 0
    outcome = run("workdays", "2027-01-01", "300", "--orders", orders, "--json")
    assert (outcome.code, outcome.out) == (1, "") and "2028" in outcome.err


def test_the_table_says_the_same_as_the_json(run: Run) -> None:
    lines = run("workdays", "2021-02-05", "5").out.splitlines()
    body = run("workdays", "2021-02-05", "5", "--json").json
    assert [line.split() for line in lines[:-1]] == [[str(at), day] for at, day in enumerate(body["counted"], start=1)]
    assert body["ends"] in lines[-1]


def test_wrong_usage_leaves_with_two(run: Run) -> None:
    for words in ((), ("2021-02-05",), ("2021-02-05", "5", "6"), ("2021-02-05", "5", "--orders")):
        outcome = run("workdays", *words)
        assert (outcome.code, outcome.out) == (2, "") and "usage" in outcome.err
