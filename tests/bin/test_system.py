"""What bin/test asks of the machine, and in which order it runs the tests."""

import io
import os
import re
import sys
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

from bin.runner import debian, suite, system
from bin.runner.problem import Problem
from tests import conftest
from tests.support import costs
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


@pytest.fixture
def apt_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for apt-get, which chats as that does; what it is asked for goes to the file `asked`."""
    program = tmp_path / "tools" / "apt-get"
    program.parent.mkdir()
    program.write_text(
        f"""#!/bin/sh
echo "$@" >>{tmp_path}/asked
echo 'Get:1 http://deb.example/debian bookworm InRelease [151 kB]'
echo 'W: a mirror is slow' >&2
if [ -s {tmp_path}/locked ]; then
  sed -i 1d {tmp_path}/locked
  echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)' >&2
  exit 100
fi
if [ -e {tmp_path}/refuse ]; then echo 'E: Unable to locate package chromium.' >&2; exit 100; fi
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return program


@pytest.mark.usefixtures("apt_get")
def test_another_apt_get_is_waited_for_and_the_chatter_goes_to_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert debian.install(("chromium",), tmp_path / "logs" / "log") == ""
    update, install = (tmp_path / "asked").read_text().splitlines()
    assert update.endswith("DPkg::Lock::Timeout=600 update")
    assert "DPkg::Lock::Timeout=600 install --yes" in install
    assert capfd.readouterr() == ("", "")
    assert "a mirror is slow" in (tmp_path / "logs" / "log").read_text()


@pytest.mark.usefixtures("apt_get")
def test_locks_that_apt_get_itself_does_not_wait_for_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "PAUSE", 0.0)
    (tmp_path / "locked").write_text("once\ntwice\n")
    assert debian.install(("chromium",), tmp_path / "log") == ""
    said = [line.split()[-1] for line in (tmp_path / "asked").read_text().splitlines()]
    assert said == ["update", "update", "update", "chromium"]
    monkeypatch.setattr(debian, "WAIT", -1.0)
    (tmp_path / "locked").write_text("once\ntwice\n")
    assert "Could not get lock" in debian.install(("chromium",), tmp_path / "log")


@pytest.mark.usefixtures("apt_get")
def test_a_package_that_cannot_be_had_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "refuse").touch()
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(system, "LOGS", tmp_path)
    monkeypatch.setattr(system, "NAMES", ())
    monkeypatch.setattr(system, "APPLICATIONS", ())
    monkeypatch.setattr(system, "may_install", lambda: True)
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(Problem, match=f"chromium and .*: Unable to locate package chromium.*{tmp_path}") as problem:
        system.chromium()
    assert str(problem.value).splitlines()[1:] == [system.HOW_TO]


def test_the_callers_services_do_not_reach_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "config" / "settings.py").read_text()))
    assert {"KAOHE_TEXT_GATEWAY", "BEHIND_TLS", "S3_SECRET_KEY"} < read
    for name in read | suite.NOT_OURS:
        monkeypatch.setenv(name, "real")
    built = suite.environment(str(tmp_path))
    assert "real" not in built.values() and built["DEMO"] == "1"
    assert built["TMPDIR"] == str(tmp_path)


def test_a_failed_check_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "CHECKS", (("the ruff of a missing folder", ["ruff", "check", str(tmp_path / "gone")]),))
    with pytest.raises(Problem, match="the ruff of a missing folder failed"):
        suite.check_code(suite.environment(str(tmp_path)))


@pytest.mark.parametrize("chosen", ["postgres", "sqlite"])
def test_each_pass_keeps_its_own_tests(
    chosen: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_TEST_PASS", chosen)
    monkeypatch.setattr(request.config.hook, "pytest_deselected", lambda items: None)
    items = [request.node]  # a test of bin, which has nothing to do with a database
    conftest.pytest_collection_modifyitems(request.config, items)
    assert items == ([request.node] if chosen == "sqlite" else [])


def test_the_end_tells_where_it_went(pytestconfig: pytest.Config) -> None:
    bill, reporter = costs.Bill(), TerminalReporter(pytestconfig, file := io.StringIO())
    for folder, when, seconds in (("a", "setup", 1.0), ("b", "setup", 5.0), ("a", "call", 3.0), ("b", "call", 4.5)):
        place = (f"tests/{folder}/test_x.py", 1, "test_y")
        report = pytest.TestReport("", place, {}, "passed", None, when, duration=seconds, processor=seconds / 2)
        bill.pytest_runtest_logreport(report)
    bill.pytest_terminal_summary(reporter)
    assert [line.split() for line in file.getvalue().splitlines()[1:]] == [
        ["tests/b", "1", "9.5", "4.8"],
        ["tests/a", "1", "4.0", "2.0"],
    ]


def test_an_unknown_command_of_pytest_gives_its_exit_code(tmp_path: Path) -> None:
    assert suite.pytest(
        ["--noconftest", "-p", "no:django", "--no-such-option"], suite.environment(str(tmp_path))
    ) == int(pytest.ExitCode.USAGE_ERROR)
