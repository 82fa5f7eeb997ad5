"""A guardian ends its program with the runner, and all that the program has left; its log has a limit."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bin.runner import guardian, leftovers
from bin.runner.children import Guarded, guard
from bin.runner.guardian import Log
from tests.support.waiting import eventually

# A program with a child of its own.
FAMILY = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print('ready', flush=True)\n"
    "time.sleep(600)\n"
)
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FAMILY
# A runner that starts a program behind a guardian and then waits.
RUNNER = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from bin.runner.children import guard\n"
    "guarded = guard([sys.executable, '-c', sys.argv[2]], environment={}, log=Path(sys.argv[1]))\n"
    "print(guarded.process.pid, flush=True)\n"
    "time.sleep(600)\n"
)


def _alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def guarded(log: Path) -> Iterator[Guarded]:
    """A program and its child behind a guardian."""
    made = guard([sys.executable, "-c", FAMILY], environment={}, log=log)
    eventually(lambda: log.exists() and "ready" in log.read_text(), "the program runs")
    yield made
    made.clear()
    made.process.wait()


# ---- ends ----


def test_the_exit_code_is_the_program_s_own(log: Path) -> None:
    made = guard([sys.executable, "-c", "raise SystemExit(3)"], environment={}, log=log)
    assert made.process.wait() == 3


def test_a_program_that_is_not_there_is_told_in_the_log(log: Path) -> None:
    made = guard(["/no/such/program"], environment={}, log=log)
    assert made.process.wait() == guardian.NOT_RUN
    assert "/no/such/program can't be run: No such file" in log.read_text()


def test_what_a_killed_program_has_left_ends_with_it(guarded: Guarded) -> None:
    first, *others = guarded.family()
    assert first.pid == guarded.process.pid and len(others) == 2
    others[0].kill()
    assert guarded.process.wait() == guardian.BY_SIGNAL + 9
    assert _alive(others) == []


def test_everything_ends_when_the_runner_is_killed(log: Path) -> None:
    command = [sys.executable, "-c", RUNNER, str(log), "import time; print('ready', flush=True); time.sleep(600)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout
        session = psutil.Process(int(runner.stdout.readline()))
        eventually(lambda: log.exists() and "ready" in log.read_text(), "the program runs")
        family = [session, *session.children(recursive=True)]
        runner.kill()
    assert len(family) == 2
    eventually(lambda: not _alive(family), "guardian and program have ended")


def test_a_program_that_hangs_is_killed_when_the_runner_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardian, "GRACE", 0.0)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:  # a guardian of our own, with no patience
        os.close(writing)
        os._exit(guardian.main([str(reading), "/dev/null", sys.executable, "-c", STUBBORN]))
    os.close(reading)
    os.close(writing)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in {guardian.BY_SIGNAL + 9, guardian.BY_SIGNAL + 15}


def test_what_an_earlier_start_left_is_ended_by_its_mark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
    ours, other = tmp_path / "var", tmp_path / "other"
    left, strange = (
        subprocess.Popen(sleeping, env=leftovers.mark(root), start_new_session=True) for root in (ours, other)
    )
    try:
        eventually(lambda: leftovers.find(ours) and leftovers.find(other), "both run")
        leftovers.end(ours)
        assert left.poll() is not None
        assert strange.poll() is None, "another installation's program goes on"
        assert "ending what it left (1 programs)" in capsys.readouterr().out
        leftovers.end(ours)
        assert capsys.readouterr().out == ""
    finally:
        strange.kill()
        strange.wait()


# ---- logs ----


def test_a_log_that_is_full_begins_anew_and_the_oldest_is_dropped(log: Path) -> None:
    written = Log(log, limit=100, kept=2)
    for number in range(40):
        written.write(f"line {number:02}\n".encode())
    files = sorted(path.name for path in log.parent.iterdir())
    assert files == ["log", "log.1", "log.2"]
    assert max(path.stat().st_size for path in log.parent.iterdir()) <= 100 + len("line 00\n")
    lines = "".join((log.parent / name).read_text() for name in ("log.2", "log.1", "log")).splitlines()
    assert lines == [f"line {number:02}" for number in range(40 - len(lines), 40)], "in order, and none torn"
    assert {stat.S_IMODE(path.stat().st_mode) for path in log.parent.iterdir()} == {0o600}


def test_a_line_that_is_too_long_does_not_make_a_log_too_large(log: Path) -> None:
    written = Log(log, limit=100, kept=1)
    for _time in range(5):
        written.write(b"x" * 80)
    assert log.stat().st_size <= 180 and log.with_name("log.1").stat().st_size <= 180


def test_a_log_that_can_t_be_written_costs_lines_and_nothing_else(tmp_path: Path) -> None:
    made = guard([sys.executable, "-c", "print('x' * 100_000)"], environment={}, log=tmp_path / "gone" / "log")
    assert made.process.wait() == 0


def test_the_log_of_a_program_that_goes_on_is_rotated(log: Path) -> None:
    lines = guardian.LOG_BYTES // 1000 * 2
    code = (
        "import sys, time\n"
        "for number in range(int(sys.argv[1])): print(f'{number:0999}')\n"
        "print('end', flush=True)\n"
        "time.sleep(600)\n"
    )
    made = guard([sys.executable, "-c", code, str(lines)], environment={}, log=log)
    eventually(lambda: log.exists() and log.read_text().endswith("end\n"), "all is written")
    assert made.alive
    assert log.with_name("log.1").stat().st_size <= guardian.LOG_BYTES + 1000
    made.clear()
    made.process.wait()
