"""The command `draw` at the shell: the file that anyone can redo, and each fault of roster, seed, unit and size."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from tests.scoring.commands.running import Outcome, Run, write
from tests.support.draw_page import vectors

HEX = "0123456789abcdef" * 4
PEOPLE = [f"p{number:02d}" for number in range(25)]
ROSTER = "id,commitment\n" + "".join(f"{each},\n" for each in PEOPLE)
OPTIONS = {"--unit": "渝东", "--size": "20", "--seed": HEX}


def drawing(run: Run, roster: Path, *flags: object, **changes: str | None) -> Outcome:
    """Run the command with the usual options, some changed, some (None) left out."""
    options = OPTIONS | {f"--{name}": value for name, value in changes.items()}
    words = [word for name, value in options.items() if value is not None for word in (name, value)]
    return run("draw", roster, *words, *flags)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return write(tmp_path / "roster.csv", ROSTER)


def test_the_printed_draw_can_be_redone_from_what_it_prints(run: Run, roster: Path) -> None:
    body = drawing(run, roster, "--json").json
    assert list(body) == ["algorithm", "roster_sha256", "seed", "unit", "size", "drawn", "reserves"]
    assert (body["algorithm"], body["seed"], body["unit"], body["size"]) == ("kaohe/draw/v1", HEX, "渝东", 20)
    printed = hashlib.sha256(b"kaohe/roster/v1\n" + ROSTER.partition("\n")[2].encode()).hexdigest()
    assert body["roster_sha256"] == printed
    keys = {
        each: hmac.new(bytes.fromhex(HEX), f"kaohe/draw/v1\n{printed}\n渝东\n{each}\n".encode(), "sha256").hexdigest()
        for each in PEOPLE
    }
    assert body["drawn"] + body["reserves"] == sorted(PEOPLE, key=keys.__getitem__)
    assert len(body["drawn"]) == 20


def test_endings_a_mark_and_the_order_of_the_rows_change_nothing(run: Run, roster: Path, tmp_path: Path) -> None:
    header, *rows = ROSTER.splitlines()
    other = write(tmp_path / "other.csv", "\ufeff" + "\r\n".join([header, *reversed(rows)]))
    assert drawing(run, other, "--json").out == drawing(run, roster, "--json").out


def test_a_seed_in_capitals_is_the_same_seed(run: Run, roster: Path) -> None:
    assert drawing(run, roster, "--json", seed=HEX.upper()).out == drawing(run, roster, "--json").out


def test_the_table_names_those_drawn_before_the_reserves(run: Run, roster: Path) -> None:
    lines = drawing(run, roster).out.splitlines()
    body = drawing(run, roster, "--json").json
    assert body["roster_sha256"] in lines[0] and HEX in lines[0]
    assert [line.split()[-1] for line in lines[1:]] == body["drawn"] + body["reserves"]
    assert [line.split()[0] for line in lines[1:]] == [*map(str, range(1, 21)), *map(str, range(1, 6))]


def test_seed_lines_are_taken_to_the_byte(run: Run, roster: Path, tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds.txt", "上证指数 3391.76 \r\n甲\u3000乙\n")
    expected = hashlib.sha256("kaohe/seed/v1\n上证指数 3391.76 \n甲\u3000乙\n".encode()).hexdigest()
    assert drawing(run, roster, "--seed-lines", seeds, "--json", seed=None).json["seed"] == expected


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", ":"),
        (b"\n", ": 1:"),
        (b"\r\n\xe7\x94\xb2", ": 1:"),
        (b"a\n\t \nb\n", ": 2:"),
        (b"a\n\n", ": 2:"),
        ("a\n\u3000\n".encode(), ": 2:"),
        (b"\xff\xfe", ":"),
    ],
)
def test_seed_lines_that_are_none_are_told_by_their_line(
    run: Run, roster: Path, tmp_path: Path, content: bytes, place: str
) -> None:
    seeds = write(tmp_path / "seeds.txt", content)
    outcome = drawing(run, roster, "--seed-lines", seeds, "--json", seed=None)
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
    assert outcome.lines[0].startswith(f"{seeds}{place} ")


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (b"", [": 1:"]),
        (b"\xff", [":"]),
        (b"\x89PNG\r\n\x1a\n", [":"]),
        (b"ID,commitment\na,\n", [": 1:"]),
        (b"id,commitment,name\na,,\n", [": 1:"]),
        (b"id;commitment\na;\n", [": 1:"]),
        (b"id,commitment\ra,\r", [": 1:"]),
        (b'"id","commitment"\n"a",""\n', [": 1:"]),
        (b"id,commitment\na\n", [": 2:"]),
        (b"id,commitment\na,\n\n", [": 3:"]),
        (b"id,commitment\n ,\n", [": 2:"]),
        (b"id,commitment\na, \n", [": 2:"]),
        (b"id,commitment\na.b,\n", [": 2:"]),
        (b"id,commitment\n" + b"a" * 65 + b",\n", [": 2:"]),
        (b"id,commitment\na," + b"f" * 63 + b"\n", [": 2:"]),
        (b"id,commitment\na," + b"F" * 64 + b"\n", [": 2:"]),
        (b"id,commitment\na," + b"f" * 64 + b",\n", [": 2:"]),
        ("id,commitment\n张三,\n".encode(), [": 2:"]),
        ("id,commitment\nａ,\n".encode(), [": 2:"]),
        ("id,commitment\n١,\n".encode(), [": 2:"]),
        (b"id,commitment\na\0,\n", [": 2:"]),
        (b"id,commitment\nb b,x\nb,\nb,\n", [": 2:", ": 2:"]),
        (b"id,commitment\nb,\na,\nb,\nb,\n", [": 4:", ": 5:"]),
    ],
)
def test_every_fault_of_a_roster_is_told_by_its_line(
    run: Run, tmp_path: Path, content: bytes, places: list[str]
) -> None:
    roster = write(tmp_path / "roster.csv", content)
    outcome = drawing(run, roster, "--json", size="1")
    assert (outcome.code, outcome.out) == (1, "")
    assert [line.startswith(f"{roster}{place} ") for line, place in zip(outcome.lines, places, strict=True)] == [
        True for _place in places
    ]


@pytest.mark.parametrize(
    ("option", "value", "place"),
    [
        ("size", "0", "--size"),
        ("size", "-1", "--size"),
        ("size", "2.0", "--size"),
        ("size", "1e1", "--size"),
        ("size", "", "--size"),
        ("size", "２０", "--size"),
        ("size", "9" * 5000, "--size"),
        ("size", "+5", "--size"),
        ("unit", "", "--unit"),
        ("unit", "a\tb", "--unit"),
        ("unit", "a\x7f", "--unit"),
        ("unit", "a\u0085", "--unit"),
        ("unit", "渝东\n", "--unit"),
        ("unit", "a\ud800", "--unit"),
        ("seed", "", "--seed"),
        ("seed", HEX[:-1], "--seed"),
        ("seed", HEX + "0", "--seed"),
        ("seed", "g" + HEX[1:], "--seed"),
        ("seed", "0x" + HEX[2:], "--seed"),
        ("seed", HEX + "\n", "--seed"),
        ("seed", HEX.replace("0", "０"), "--seed"),
    ],
)
def test_a_wrong_option_is_told_by_its_own_name(run: Run, roster: Path, option: str, value: str, place: str) -> None:
    outcome = drawing(run, roster, "--json", **{option: value})
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
    assert outcome.lines[0].startswith(f"{place}: ")


@pytest.mark.parametrize(("size", "missing"), [("26", "1"), ("999999999", "999999974")])
def test_too_few_people_says_how_many_are_missing(run: Run, roster: Path, size: str, missing: str) -> None:
    outcome = drawing(run, roster, "--json", size=size)
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
    assert outcome.lines[0].startswith(f"{roster}: ") and f" {missing} " in outcome.lines[0]


def test_a_roster_of_a_header_alone_lacks_everybody(run: Run, tmp_path: Path) -> None:
    outcome = drawing(run, write(tmp_path / "roster.csv", "id,commitment\n"), "--json")
    assert (outcome.code, outcome.out) == (1, "") and " 20 " in outcome.lines[0]


def test_all_may_be_drawn(run: Run, roster: Path) -> None:
    body = drawing(run, roster, "--json", size="25").json
    assert (sorted(body["drawn"]), body["reserves"]) == (PEOPLE, [])


def test_another_unit_s_name_is_another_draw_though_it_looks_the_same(run: Run, roster: Path) -> None:
    outcomes = [drawing(run, roster, "--json", unit=unit).json["drawn"] for unit in ("é", "e\u0301")]
    assert outcomes[0] != outcomes[1]


def test_wrong_usage_leaves_with_two(run: Run, roster: Path) -> None:
    both = ("draw", roster, "--unit", "u", "--size", "1", "--seed", HEX, "--seed-lines", roster)
    for words in (both, ("draw", roster, "--size", "1", "--seed", HEX), ("draw", roster, "--unit", "u", "--size", "1")):
        outcome = run(*words)
        assert (outcome.code, outcome.out) == (2, "") and "usage" in outcome.err


def test_a_hundred_thousand_rows_are_drawn_from(run: Run, tmp_path: Path) -> None:
    roster = write(tmp_path / "large.csv", "id,commitment\n" + "".join(f"v{each},\n" for each in range(100_000)))
    body = json.loads(drawing(run, roster, "--json").out)
    assert (len(body["drawn"]), len(body["reserves"])) == (20, 99_980)


# ---- the worked example, with and without categories ----


@pytest.fixture
def example(tmp_path: Path) -> dict[str, Path]:
    """The files of docs/draw.md."""
    given = vectors()
    texts = {"roster": given["roster"], "seed": "\n".join(given["seed_lines"]), "categories": given["categories"]}
    return {name: write(tmp_path / f"{name}.txt", text) for name, text in texts.items()}


def example_drawn(run: Run, example: dict[str, Path], *flags: object) -> Outcome:
    given = vectors()
    sized = ("--unit", given["unit"], "--size", str(given["size"]), "--seed-lines", example["seed"], "--json")
    return run("draw", example["roster"], *sized, *flags)


def test_the_example_of_the_page_is_what_the_command_prints(run: Run, example: dict[str, Path]) -> None:
    body = example_drawn(run, example).json
    assert (body["seed"], body["drawn"], body["reserves"]) == tuple(
        vectors()[key] for key in ("seed", "drawn", "reserves")
    )


def test_with_categories_it_prints_their_fingerprint_too(run: Run, example: dict[str, Path]) -> None:
    body = example_drawn(run, example, "--categories", example["categories"]).json
    assert body["drawn"] == vectors()["drawn_of_each_category"]
    assert (body["algorithm"], body["categories_sha256"]) == (
        "kaohe/draw/v1+categories",
        vectors()["categories_sha256"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id,commitment\nAb_1,甲\n",
        "id,category\nAb_1,甲\n",
        "id,category\nAb_1,\n",
        "id,category\nAb_1,甲\nAb_1,甲\n",
    ],
    ids=["empty", "another header", "not everybody", "without a category", "double"],
)
def test_categories_that_do_not_fit_are_refused(run: Run, example: dict[str, Path], text: str) -> None:
    outcome = example_drawn(run, example, "--categories", write(example["roster"].with_name("bad.csv"), text))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.strip()


def test_more_categories_than_people_to_draw_are_refused(run: Run, example: dict[str, Path]) -> None:
    given = vectors()
    sized = ("--unit", given["unit"], "--size", "2", "--seed-lines", example["seed"])
    outcome = run("draw", example["roster"], *sized, "--categories", example["categories"])
    assert outcome.code == 1
    assert "3" in outcome.err and "2" in outcome.err
