"""What bin/test asks of the machine, and in which order it runs the tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from bin.runner import suite, system
from bin.runner.problem import Problem
from tests.support.source import ROOT


def test_a_named_browser_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert system.chromium() == sys.executable


def test_a_named_browser_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Problem, match="/nowhere/chromium"):
        system.chromium()


def test_the_advice_names_debian_and_macos() -> None:
    assert "apt install" in system.HOW_TO
    assert "brew install" in system.HOW_TO
    assert "\n" not in system.HOW_TO


def test_the_callers_services_do_not_reach_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in suite.NOT_OURS:
        monkeypatch.setenv(name, "real")
    built = suite.environment(str(tmp_path))
    assert not set(suite.NOT_OURS) & set(built)
    assert built["TMPDIR"] == str(tmp_path)


def test_a_failed_check_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "CHECKS", (("the ruff of a missing folder", ["ruff", "check", str(tmp_path / "gone")]),))
    with pytest.raises(Problem, match="the ruff of a missing folder failed"):
        suite.check_code(suite.environment(str(tmp_path)))


@pytest.mark.parametrize(("chosen", "database"), [("postgres", "PostgreSQL"), ("sqlite", "SQLite")])
def test_each_pass_keeps_its_own_tests(tmp_path: Path, chosen: str, database: str) -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/bin/test_data.py"],
        cwd=ROOT,
        env=suite.environment(str(tmp_path)) | {"KAOHE_TEST_PASS": chosen},
        capture_output=True,
        text=True,
        check=False,
    )
    collected = "test_a_key_is_made_once_and_private" in listing.stdout
    assert collected is (chosen == "sqlite"), f"{database}: {listing.stdout}{listing.stderr}"


def test_an_unknown_command_of_pytest_gives_its_exit_code(tmp_path: Path) -> None:
    assert suite.pytest(["--no-such-option"], suite.environment(str(tmp_path))) == int(pytest.ExitCode.USAGE_ERROR)
