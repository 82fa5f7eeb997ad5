"""The four commands: exit codes, streams and shapes of contracts 1 to 4."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scoring.engine.draw import roster_sha256
from tests.scoring.engine.paths import DOUBTS, FIXTURES, NOTICE


def run(*args: object) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(*map(str, args), stdout=out, stderr=err)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    assert "Traceback" not in err.getvalue()
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    path = tmp_path / "scheme.json"
    assert run("import_notice", NOTICE, "--out", path)[0] == 0
    return path


def write(path: Path, body: Any) -> Path:
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return path


def test_import_notice_prints_only_json() -> None:
    code, out, err = run("import_notice", NOTICE, "--json")
    expected = json.loads((FIXTURES / "notice-2020.json").read_text())
    printed = json.loads(out)
    for body in (expected, printed):
        for finding in body["findings"]:
            finding.pop("message")
    assert (code, err, printed) == (0, "", expected)


def test_import_notice_prints_a_table_for_people() -> None:
    code, out, _err = run("import_notice", NOTICE)
    assert code == 0 and "district" in out and "≤3" in out and "高新区科协市级学会" in out


def test_import_notice_with_errors_prints_the_scheme_and_each_error() -> None:
    code, out, err = run("import_notice", DOUBTS, "--json")
    errors = [each for each in json.loads(out)["findings"] if each["severity"] == "error"]
    assert code == 1 and len(err.splitlines()) == len(errors) and str(DOUBTS) in err
    assert run("import_notice", DOUBTS)[0] == 1


def test_import_notice_of_what_is_none(tmp_path: Path) -> None:
    empty, picture = tmp_path / "empty.txt", tmp_path / "picture.docx"
    empty.write_bytes(b"")
    picture.write_bytes(b"\x89PNG")
    for path in (empty, picture, tmp_path, tmp_path / "none.txt", "a\0b"):
        code, out, err = run("import_notice", path, "--json")
        assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert run("import_notice", NOTICE, "--out", tmp_path / "no" / "x.json")[0] == 1


@pytest.mark.django_db
def test_import_notice_loads_a_draft(tmp_path: Path) -> None:
    from scoring.models import Scheme

    assert run("import_notice", NOTICE, "--load")[0] == 0
    assert Scheme.objects.get().cycle.year == 2020
    assert run("import_notice", DOUBTS, "--load")[0] == 1
    assert Scheme.objects.count() == 2
    nameless = write(tmp_path / "n.txt", "附件\n学会考核表\n\n\t指标\n\n\t1.甲（100分）\n")
    assert run("import_notice", nameless, "--load")[0] == 1


def test_score_in_both_forms(tmp_path: Path, scheme: Path) -> None:
    units = [{"unit": "甲", "track": "society", "parts": {"1.1": "20"}}, {"unit": "乙", "track": "society"}]
    plain = write(tmp_path / "units.json", units)
    lines = write(tmp_path / "units.jsonl", "\n".join(json.dumps(unit) for unit in units) + "\n")
    first, second = run("score", scheme, plain, "--json"), run("score", scheme, lines, "--json")
    assert first == second and first[0] == 0
    assert [(each["unit"], each["total"], each["rank"]) for each in json.loads(first[1])] == [
        ("甲", "20.00", 1),
        ("乙", "0.00", 2),
    ]
    assert "20.00" in run("score", scheme, plain)[1]


@pytest.mark.parametrize(
    "units",
    ["", "[", '[{"unit": 1}]', '{"unit": "a", "track": "society"}\n{', '[{"unit": "a", "unit": "b"}]', "[" * 100000],
)
def test_score_of_bad_input(tmp_path: Path, scheme: Path, units: str) -> None:
    code, out, err = run("score", scheme, write(tmp_path / "u.json", units), "--json")
    assert (code, out) == (1, "") and all("u.json" in line for line in err.splitlines())


def test_score_by_what_is_no_scheme(tmp_path: Path, scheme: Path) -> None:
    assert run("score", write(tmp_path / "s.json", []), scheme)[0] == 1
    (tmp_path / "latin.json").write_bytes(b"\xff")
    assert run("score", tmp_path / "latin.json", scheme)[0] == 1


def test_workdays() -> None:
    code, out, _err = run("workdays", "2021-02-05", "5", "--json")
    assert code == 0 and json.loads(out)["ends"] == "2021-02-19T00:00:00+08:00"
    assert "2021-02-18" in run("workdays", "2021-02-05", "5")[1]
    assert json.loads(run("workdays", "2021-02-05", "1", "--count-first", "--json")[1])["counted"] == ["2021-02-05"]


def test_workdays_with_orders(tmp_path: Path) -> None:
    orders = write(tmp_path / "o.json", [{"year": 2027, "order": "x", "off": ["2027-01-01"], "work": []}])
    code, out, _err = run("workdays", "2026-12-31", "1", "--orders", orders, "--json")
    assert (code, json.loads(out)["counted"]) == (0, ["2027-01-04"])
    assert run("workdays", "2026-12-31", "1", "--orders", write(orders, {}))[0] == 1


@pytest.mark.parametrize(
    "args", [("2021-02-30", "5"), ("x", "5"), ("2021-02-05", "0"), ("2021-02-05", "x"), ("2030-01-01", "1")]
)
def test_workdays_of_bad_input(args: tuple[str, str]) -> None:
    code, out, err = run("workdays", *args, "--json")
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_draw(tmp_path: Path) -> None:
    rows = [(f"p{number}", "") for number in range(25)]
    roster = write(tmp_path / "r.csv", "id,commitment\n" + "".join(f"{row[0]},\n" for row in rows))
    code, out, _err = run("draw", roster, "--unit", "u", "--size", "20", "--seed", "0" * 64, "--json")
    body = json.loads(out)
    assert (code, body["roster_sha256"], len(body["drawn"])) == (0, roster_sha256(rows), 20)
    seeds = write(tmp_path / "seed.txt", "甲\r\n乙")
    assert body["drawn"][0] in run("draw", roster, "--unit", "u", "--size", "20", "--seed-lines", seeds)[1]


@pytest.mark.parametrize("change", [("--size", "26"), ("--size", "x"), ("--seed", "0"), ("--unit", "a\n")])
def test_draw_of_bad_input(tmp_path: Path, change: tuple[str, str]) -> None:
    roster = write(tmp_path / "r.csv", "id,commitment\n" + "".join(f"p{number},\n" for number in range(25)))
    options = {"--unit": "u", "--size": "20", "--seed": "0" * 64} | {change[0]: change[1]}
    code, out, err = run("draw", roster, *(word for pair in options.items() for word in pair), "--json")
    assert (code, out, len(err.splitlines())) == (1, "", 1)


@pytest.mark.parametrize("args", [("workdays",), ("score", "a"), ("draw", "r.csv"), ("import_notice",)])
def test_wrong_usage(args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*args)
