"""bin/test names what the tests of engine and services leave out, and is content only with every branch."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import coverage
import pytest

from bin.runner import measured, suite
from bin.runner.problem import Problem
from tests.support import branches
from tests.support.source import ROOT

NUMBERS = "scoring/engine/numbers.py"
PROGRAM = """
from decimal import Decimal
from scoring.engine import numbers
{use}
"""


def measure(folder: Path, use: str) -> dict[str, str]:
    """The environment of a finished measurement of a program that uses the numbers so."""
    environment = suite.environment(str(folder)) | measured.variables(folder)
    subprocess.run([sys.executable, "-c", PROGRAM.format(use=use)], cwd=ROOT, env=environment, check=True)
    return environment


def test_nothing_is_measured_unless_asked(tmp_path: Path) -> None:
    environment = suite.environment(str(tmp_path))
    subprocess.run([sys.executable, "-c", PROGRAM.format(use="")], cwd=ROOT, env=environment, check=True)
    assert list(tmp_path.glob("branches*")) == []


def test_every_branch_taken_is_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "HELD", (NUMBERS,))
    used = "numbers.points(numbers.multiplied(numbers.added([]), []))"
    measured.require_every_branch(measure(tmp_path, f"{used}, numbers.plain(numbers.capped(Decimal(1), None))"))


def test_a_line_that_is_never_run_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measured, "HELD", (NUMBERS,))
    with pytest.raises(Problem, match="taken by no test"):
        measured.require_every_branch(measure(tmp_path, ""))
    assert NUMBERS in capfd.readouterr().out


def a_test(request: pytest.FixtureRequest, *folders: str, opens: str = "", marked: bool = False) -> pytest.Item:
    """A test in a folder that has a fixture of this name, marked `both` or not."""
    path = ROOT.joinpath("tests", *folders, "test_some.py")
    fixtures, mark = [opens] if opens else [], lambda _name: marked
    made = SimpleNamespace(path=path, config=request.config, fixturenames=fixtures, get_closest_marker=mark)
    return cast(pytest.Item, made)


def test_pages_walks_and_programs_are_not_measured(request: pytest.FixtureRequest) -> None:
    calls: list[str] = []
    switch = SimpleNamespace(start=lambda: calls.append("start"), stop=lambda: calls.append("stop"))
    measuring = branches.Measuring(cast(coverage.Coverage, switch))
    rule, program, page = a_test(request, "scoring"), request.node, a_test(request, "scoring", opens="client")
    for item in (rule, program, program, rule, rule, page):
        measuring.pytest_runtest_protocol(item)
    assert calls == ["stop", "start", "stop"]


def test_a_page_s_test_that_holds_a_rule_is_measured_where_it_says_so(request: pytest.FixtureRequest) -> None:
    assert branches.is_measured(a_test(request, "scoring", "views", opens="client", marked=True))
    assert not branches.is_measured(a_test(request, "workflow", "pages", opens="client", marked=True))
