"""Child programs are restarted when they die, and stopped with all that they started."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bin.runner.children import Child, stop
from tests.support.waiting import eventually

SLEEP = "import time; print('ready', flush=True); time.sleep(300)"
STUBBORN = (
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
    "print('ready', child.pid, flush=True)\n"
    "time.sleep(300)\n"
)
Make = Callable[..., Child]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes and starts children that run a piece of Python."""
    made: list[Child] = []

    def started(code: str, **options: object) -> Child:
        log = tmp_path / f"{len(made)}.log"
        child = Child("child", [sys.executable, "-c", code], {}, log, tmp_path, **options)  # type: ignore[arg-type]  # options of tests
        child.start()
        made.append(child)
        return child

    yield started
    stop(made, grace=0, hurry=lambda: True)


def _says(child: Child, word: str) -> bool:
    return word in child.log.read_text()


def test_a_child_writes_to_its_log(make: Make) -> None:
    child = make("print('hello')")
    eventually(lambda: not child.alive, "the child ended")
    assert "hello" in child.tail()


def test_a_child_reads_what_it_is_given(make: Make) -> None:
    child = make("import sys; print(sys.stdin.read()[::-1])", standard_input="terces")
    eventually(lambda: _says(child, "secret"), "the child answered")


def test_a_dead_child_is_started_again(make: Make) -> None:
    child = make(SLEEP)
    first = child.guarded
    assert first
    first.process.kill()
    first.process.wait()
    child.revive()
    assert child.failures == 1
    assert child.due > 0

    def alive_again() -> bool:
        child.revive()
        return child.alive

    eventually(alive_again, "the child runs again")
    assert child.guarded is not first


def test_each_failure_in_a_row_makes_the_pause_longer(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    child = make("raise SystemExit(3)")
    child.failures = 3
    eventually(lambda: not child.alive, "the child ended")
    child.revive()
    assert "exit 3" in capsys.readouterr().out
    assert child.due - child.started >= 8


def test_the_pause_has_a_limit(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    child = make("raise SystemExit(3)")
    child.failures = 50
    eventually(lambda: not child.alive, "the child ended")
    child.revive()
    assert "in 30 s" in capsys.readouterr().out


def test_a_child_that_runs_long_is_healthy_again(make: Make) -> None:
    child = make(SLEEP)
    child.failures, child.started = 5, child.started - 1000
    child.revive()
    assert child.failures == 0


def test_stop_ends_a_polite_child(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    child = make(SLEEP)
    eventually(lambda: _says(child, "ready"), "the child runs")
    stop([child], grace=30, hurry=lambda: False)
    assert not child.alive
    assert capsys.readouterr().out == ""


def test_stop_kills_a_child_that_hangs_and_what_it_started(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    child = make(STUBBORN)
    eventually(lambda: _says(child, "ready"), "the child runs")
    grandchild = int(child.log.read_text().split()[1])
    stop([child], grace=0.3, hurry=lambda: False)
    assert not child.alive
    assert not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE
    assert "killed" in capsys.readouterr().out


def test_asking_twice_does_not_wait(make: Make) -> None:
    child = make(STUBBORN)
    eventually(lambda: _says(child, "ready"), "the child runs")
    stop([child], grace=600, hurry=lambda: True)
    assert not child.alive


def test_nothing_of_a_child_stays_beside_the_next_when_its_guardian_is_killed(make: Make) -> None:
    child = make(STUBBORN)
    eventually(lambda: _says(child, "ready"), "the child runs")
    assert child.guarded
    family = child.guarded.family()
    assert len(family) == 3, "guardian, child and grandchild"
    child.guarded.process.kill()
    child.guarded.process.wait()
    child.revive()
    assert not [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE]


def test_stop_takes_children_that_never_ran(tmp_path: Path) -> None:
    child = Child("child", ["true"], {}, tmp_path / "log", tmp_path)
    stop([child], grace=0, hurry=lambda: False)
    assert child.tail() == ""
