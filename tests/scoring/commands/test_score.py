"""The command `score` at the shell: each problem of contract 2 on a line of its own; nothing hostile gets through."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scoring.commands.running import Run, write
from tests.support.schemes import a_body

DISTRICT = {"unit": "渝东", "track": "district"}
SOCIETY = {"unit": "学会甲", "track": "society"}


def refused(run: Run, scheme: Path, folder: Path, units: Any) -> list[str]:
    """The lines in which the command refuses these units; nothing may stand on standard output."""
    outcome = run("score", scheme, write(folder / "units.json", units), "--json")
    assert (outcome.code, outcome.out) == (1, "")
    return outcome.lines


@pytest.mark.parametrize(
    ("unit", "place", "right"),
    [
        (DISTRICT | {"parts": {"1.1": "40.01"}}, "渝东 parts.1.1", "0 至 40"),
        (DISTRICT | {"parts": {"1.1": "-0.01"}}, "渝东 parts.1.1", "0 至 40"),
        (DISTRICT | {"parts": {"1.1": 9.5}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": True}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": None}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": "1e1"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": "1e999999"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": "NaN"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": "Infinity"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": " 9"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": "9\n"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": "1_0"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1.1": "٩"}}, "渝东 parts.1.1", '"9.5"'),
        (DISTRICT | {"parts": {"1": "9"}}, "渝东 parts.1", "1.1, 1.2, 2.1"),
        (DISTRICT | {"adjustments": {"B2": {"B2.1": 1}}}, "渝东 adjustments.B2", "B1, D1"),
        (DISTRICT | {"adjustments": {"B1": {"D1.1": 1}}}, "渝东 adjustments.B1.D1.1", "B1.1"),
        (DISTRICT | {"adjustments": {"B1": {"B1.1": -1}}}, "渝东 adjustments.B1.B1.1", "0"),
        (DISTRICT | {"adjustments": {"B1": {"B1.1": "1"}}}, "渝东 adjustments.B1.B1.1", "0"),
        (DISTRICT | {"adjustments": {"B1": {"B1.1": 1.0}}}, "渝东 adjustments.B1.B1.1", "0"),
        (DISTRICT | {"adjustments": {"B1": {"B1.1": False}}}, "渝东 adjustments.B1.B1.1", "0"),
        (DISTRICT | {"adjustments": {"B1": {"B1.1": 10**40}}}, "渝东 adjustments.B1.B1.1", "0"),
        (DISTRICT | {"recipient_ratings": ["100.01"]}, "渝东 recipient_ratings[0]", "100"),
        (DISTRICT | {"leader_ratings": ["0", "-1"]}, "渝东 leader_ratings[1]", "100"),
        (DISTRICT | {"incidents": [{"bars": ["四等"]}]}, "渝东 incidents[0].bars", "特等"),
        (DISTRICT | {"incidents": [{"bars": [["特等"]]}]}, "渝东 incidents[0].bars", "特等"),
        (DISTRICT | {"incidents": [{"not_assessed": "true"}]}, "渝东 incidents[0].not_assessed", "true"),
        (SOCIETY | {"incidents": [{"not_assessed": True}]}, "学会甲 incidents", "删"),
        (SOCIETY | {"recipient_ratings": ["90"]}, "学会甲 recipient_ratings", "删"),
        (DISTRICT | {"track": ["district"]}, "渝东 track", "district, society"),
        ({"unit": "渝东"}, "渝东 track", "district, society"),
        ({"track": "society"}, "#1 unit", "文本"),
        (DISTRICT | {"bonus": "3"}, "渝东 bonus", "adjustments"),
    ],
)
def test_each_problem_names_file_unit_place_and_what_would_be_right(
    run: Run, scheme: Path, tmp_path: Path, unit: dict[str, Any], place: str, right: str
) -> None:
    (line,) = refused(run, scheme, tmp_path, [unit])
    before, _, after = line.partition(f"units.json: {place}: ")
    assert before == f"{tmp_path}/" and right in after


def test_all_problems_of_all_units_are_told_in_one_go(run: Run, scheme: Path, tmp_path: Path) -> None:
    units = [
        DISTRICT | {"parts": {"1.1": "41", "1.2": "x", "2.1": "1"}, "leader_ratings": [90]},
        "渝西",
        SOCIETY | {"adjustments": {"D1": {"D1.1": -2}}, "leader_ratings": ["90"]},
        DISTRICT,
    ]
    places = [line.split(": ")[1] for line in refused(run, scheme, tmp_path, units)]
    assert places == [
        "渝东 parts.1.1",
        "渝东 parts.1.2",
        "渝东 leader_ratings[0]",
        "#2",
        "学会甲 adjustments.D1.D1.1",
        "学会甲 leader_ratings",
        "渝东 unit",
    ]


def test_a_rule_without_a_measure_counts_once_at_most(run: Run, tmp_path: Path) -> None:
    body = a_body()
    body["tracks"][0]["adjustments"][1]["rules"][0]["per"] = None
    path = write(tmp_path / "once.json", body)
    assert run("score", path, write(tmp_path / "u.json", [DISTRICT | {"adjustments": {"D1": {"D1.1": 1}}}])).code == 0
    (line,) = refused(run, path, tmp_path, [DISTRICT | {"adjustments": {"D1": {"D1.1": 2}}}])
    assert "渝东 adjustments.D1.D1.1: " in line and "0 或 1" in line


def test_an_open_error_of_the_scheme_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    finding = {"code": "unread", "severity": "error", "track": "society", "at": "2", "message": "读不懂“5-8分”。"}
    path = write(tmp_path / "open.json", a_body(findings=[finding, finding | {"severity": "confirm", "at": "1"}]))
    (line,) = refused(run, path, tmp_path, [DISTRICT])
    assert "scheme society 2: " in line and "读不懂“5-8分”。" in line


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"\xef\xbb\xbf",
        b"\xff\xfe[\x00]\x00",
        bytes(range(256)),
        b"\x89PNG\r\n\x1a\n",
        b"null",
        b"1",
        b'"u"',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"[" + b"9" * 5000 + b"]",
        b"[1e999999]",
        b"[NaN]",
        b"[-Infinity]",
        b'[{"unit": "a", "track": "society"},]',
        b'{"unit": "a", "track": "society"} {"unit": "b"}',
        b'{"unit": "a", "track": "society"}\n[]',
        b'[{"unit": "\\ud800", "track": "society"}]',
        b'[{"unit": "a\\rb\\u2028c\\u0085d", "track": "moon"}]',
        b'[{"unit": "a", "\\ud800": 1, "track": "society"}]',
        b'[{"unit": "a", "track": "society", "parts": {"1.1": "1", "1.1": "2"}}]',
    ],
)
def test_hostile_units_get_one_line_and_no_result(run: Run, scheme: Path, tmp_path: Path, content: bytes) -> None:
    (line,) = refused(run, scheme, tmp_path, content)
    assert line.startswith(f"{tmp_path}/units.json:")


@pytest.mark.parametrize("content", [b"", b"[" * 200_000, b"\xff", b'{"year": ' + b"9" * 5000 + b"}", b"[]", b"null"])
def test_what_is_no_scheme_gets_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "s.json", content)
    outcome = run("score", path, write(tmp_path / "u.json", [SOCIETY]), "--json")
    assert (outcome.code, outcome.out) == (1, "") and str(path) in outcome.lines[0]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"points": 5}, "scheme.tracks[0].indicators[0].parts[0]"),
        ({"points": "1e3"}, "scheme.tracks[0].indicators[0].parts[0]"),
        ({"points": "NaN"}, "scheme.tracks[0].indicators[0].parts[0]"),
        ({"points": True}, "scheme.tracks[0].indicators[0].parts[0]"),
        ({"points": None}, "scheme.tracks[0].indicators[0].parts[0]"),
        ({"at_least": "3"}, "scheme.tracks[0].indicators[0].parts[0]"),
        ({"rate": -1}, "scheme.tracks[0].indicators[0].parts[0]"),
        ({"code": 1.1}, "scheme.tracks[0].indicators[0].parts[0]"),
    ],
)
def test_a_broken_part_of_a_scheme_is_told_by_its_path(
    run: Run, tmp_path: Path, change: dict[str, Any], place: str
) -> None:
    body = a_body()
    body["tracks"][0]["indicators"][0]["parts"][0] |= change
    path = write(tmp_path / "s.json", body)
    outcome = run("score", path, write(tmp_path / "u.json", [SOCIETY]), "--json")
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
    assert outcome.lines[0].startswith(f"{path}: {place}: ")


@pytest.mark.parametrize("which", [0, 1])
def test_files_that_are_none(run: Run, scheme: Path, tmp_path: Path, which: int) -> None:
    for wrong in (tmp_path, tmp_path / "none.json", "a\0b", "x" * 5000):
        words = [str(scheme), str(scheme)]
        words[which] = str(wrong)
        outcome = run("score", *words)
        assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)
        assert outcome.lines[0].startswith(str(wrong))


def test_a_long_file_of_lines_names_the_line_that_is_no_json(run: Run, scheme: Path, tmp_path: Path) -> None:
    lines = [f'{{"unit": "u{number}", "track": "society"}}\r\n' for number in range(500)]
    lines[321] = '{"unit": "u321", "track": "society"\r\n'
    (line,) = refused(run, scheme, tmp_path, "\r\n" + "".join(lines))
    assert line.startswith(f"{tmp_path}/units.json:323: ")


def test_lines_with_a_mark_and_windows_endings_are_read(run: Run, scheme: Path, tmp_path: Path) -> None:
    first = '{"unit": "甲\u2028乙", "track": "society", "parts": {"1.1": "1.005"}}'
    text = f'\ufeff{first}\r\n\r\n{{"unit": "丙", "track": "society"}}'
    outcome = run("score", scheme, write(tmp_path / "u.jsonl", text), "--json")
    assert [(each["unit"], each["total"], each["rank"]) for each in outcome.json] == [
        ("甲\u2028乙", "1.01", 1),
        ("丙", "0.00", 2),
    ]


def test_rare_characters_may_be_written_as_escapes(run: Run, scheme: Path, tmp_path: Path) -> None:
    units = write(tmp_path / "u.json", '[{"unit": "\\ud842\\udfb7\\u7532", "track": "society"}]')
    assert [each["unit"] for each in run("score", scheme, units, "--json").json] == ["𠮷甲"]


def test_a_name_of_two_lines_stays_on_one_line_of_the_table(run: Run, scheme: Path, tmp_path: Path) -> None:
    outcome = run("score", scheme, write(tmp_path / "u.json", [SOCIETY | {"unit": "学会\n甲\r乙"}]))
    assert [line.split()[:3] for line in outcome.out.splitlines()[1:]] == [["学会", "甲", "乙"]]


def test_every_number_has_two_decimals_and_nobody_is_a_list_of_none(run: Run, scheme: Path, tmp_path: Path) -> None:
    assert run("score", scheme, write(tmp_path / "u.json", []), "--json").json == []
    unit = DISTRICT | {"parts": {"1.1": "40"}, "recipient_ratings": ["100"], "leader_ratings": ["0"]}
    (result,) = run("score", scheme, write(tmp_path / "u.json", [unit]), "--json").json
    assert list(result) == [
        "unit",
        "track",
        "base",
        "bonus",
        "deduction",
        "components",
        "total",
        "missing",
        "barred",
        "not_assessed",
        "rank",
        "explain",
    ]
    assert result["components"] == {"work": "40.00", "recipients": "100.00", "leaders": "0.00"}
    assert (result["base"], result["bonus"], result["deduction"], result["total"]) == ("40.00", "0.00", "0.00", "48.00")


def test_the_grade_that_a_total_makes_is_told(run: Run, tmp_path: Path) -> None:
    bands = [{"grade": "特等", "least": "90"}, {"grade": "一等", "below": "90"}]
    path = write(tmp_path / "graded.json", a_body(grade_bands=bands))
    outcome = run("score", path, write(tmp_path / "u.json", [SOCIETY | {"parts": {"1.1": "40"}}]), "--json")
    assert [(score["total"], score["grade"]) for score in outcome.json] == [("40.00", "一等")]


def test_without_the_explanation_everything_else_is_the_same(run: Run, scheme: Path, tmp_path: Path) -> None:
    names = ["甲", '"rank": null', "乙\n丙"]
    units = [{"unit": name, "track": "society", "parts": {"1.1": str(place)}} for place, name in enumerate(names)]
    path = write(tmp_path / "u.jsonl", "\n".join(json.dumps(unit) for unit in units))
    explained, bare = (run("score", scheme, path, "--json", *words).json for words in ([], ["--no-explain"]))
    assert all(score.pop("explain") for score in explained)
    assert explained == bare
    assert [(score["unit"], score["rank"]) for score in bare] == list(zip(names, [3, 2, 1], strict=True))


def test_a_wrong_unit_at_the_end_of_many_lines_leaves_nothing_printed(run: Run, scheme: Path, tmp_path: Path) -> None:
    lines = [json.dumps({"unit": f"u{number}", "track": "society"}) for number in range(300)]
    (line,) = refused(run, scheme, tmp_path, "\n".join([*lines, json.dumps({"unit": "u7", "track": "society"})]))
    assert "u7 unit" in line


def test_wrong_usage_leaves_with_two(run: Run, scheme: Path) -> None:
    for words in (("score",), ("score", scheme), ("score", scheme, scheme, "--yaml"), ("score", "a", "b", "c")):
        outcome = run(*words)
        assert (outcome.code, outcome.out) == (2, "") and "usage" in outcome.err
