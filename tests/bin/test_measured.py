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
from fractions import Fraction
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
    measured.require_every_branch(
        measure(tmp_path, "numbers.points(Fraction(1)), numbers.capped(Fraction(1), None), numbers.plain(Decimal(1))")
    )


def test_a_line_that_is_never_run_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measured, "HELD", (NUMBERS,))
    with pytest.raises(Problem, match="taken by no test"):
        measured.require_every_branch(measure(tmp_path, ""))
    assert NUMBERS in capfd.readouterr().out


def test_walks_and_programs_are_not_measured(request: pytest.FixtureRequest) -> None:
    calls: list[str] = []
    switch = SimpleNamespace(start=lambda: calls.append("start"), stop=lambda: calls.append("stop"))
    measuring = branches.Measuring(cast(coverage.Coverage, switch))
    rule = SimpleNamespace(path=ROOT / "tests" / "scoring" / "test_units.py", config=request.config)
    for item in (rule, request.node, request.node, rule, rule):
        measuring.pytest_runtest_protocol(cast(pytest.Item, item))
    assert calls == ["stop", "start"]
