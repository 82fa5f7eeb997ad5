"""bin/start as a person sees it: started in a fresh checkout, used, disturbed and stopped with Ctrl-C."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import stat
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from bin.runner import ports
from tests.support import commands
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow
WORKERS = 2  # of the web server
PARTS = {"granian": "web", "deadlines@%h": "deadlines", "rest@%h": "worker", "beat": "beat", "valkey-server": "queue"}


@dataclass
class Start:
    """A bin/start that runs in its own process group, as from a terminal."""

    process: "subprocess.Popen[bytes]"
    out: Path

    @property
    def said(self) -> str:
        return self.out.read_text()

    @property
    def port(self) -> int:
        found = re.search(r"ready: http://127\.0\.0\.1:(\d+)", self.said)
        return int(found[1]) if found else 0

    def parts(self) -> dict[str, psutil.Process]:
        """The system's programs by name: those that stand behind the guardians that bin/start started."""
        found = {}
        for program in self.family():
            with contextlib.suppress(ProcessLookupError, psutil.Error):
                # Below a guardian, which leads the session, and at the head of its own group: no orphan taken over.
                if program.ppid() == os.getsid(program.pid) and program.pid == os.getpgid(program.pid):
                    line = " ".join(program.cmdline())
                    found |= {name: program for word, name in PARTS.items() if f" {word}" in line or f"/{word}" in line}
        return found

    def family(self) -> list[psutil.Process]:
        """All that bin/start has started, and what that has started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ctrl-C: the signal goes to the whole group; returns the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=60)


def _status(start: Start, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", start.port, timeout=60)
    connection.request("GET", path)
    with contextlib.closing(connection):
        return connection.getresponse().status


def _pids(processes: Iterable[psutil.Process]) -> set[int]:
    return {process.pid for process in processes}


def _alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def _gone(processes: list[psutil.Process]) -> None:
    eventually(lambda: not _alive(processes), f"{processes} have ended")


def _start(folder: Path, *arguments: str) -> Start:
    out = folder.parent / f"{folder.name}.out"
    with out.open("wb") as handle:
        process = subprocess.Popen(
            [str(folder / "bin" / "start"), *arguments],
            env=commands.environment(),
            stdout=handle,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Start(process, out)


def _ready(start: Start) -> None:
    eventually(lambda: "Stop: Ctrl-C" in start.said or start.process.poll() is not None, "the start is ready")
    assert start.port, start.said


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return commands.checkout(tmp_path_factory.mktemp("start") / "checkout")


@pytest.fixture(scope="module")
def started(folder: Path) -> Iterator[Start]:
    """One running system for the tests of this module; the wanted port is taken by somebody else."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        start = _start(folder, "--no-demo", "--port", str(other.getsockname()[1]))
        _ready(start)
        yield start
    if start.process.poll() is None:
        start.stop(signal.SIGTERM)


def test_it_answers_on_another_port_when_its_own_is_taken(started: Start) -> None:
    assert re.search(r"Port \d+ is taken: using \d+", started.said)
    assert _status(started, "/") < http.client.INTERNAL_SERVER_ERROR


def test_each_program_stands_apart_from_the_terminal(started: Start) -> None:
    eventually(lambda: set(started.parts()) == set(PARTS.values()), "all programs run")
    assert started.process.pid not in {os.getpgid(program.pid) for program in started.parts().values()}


def test_everything_that_is_written_is_for_the_owner_alone(started: Start, folder: Path) -> None:
    assert started.port
    var = folder / "var"
    paths = [var, *var.rglob("*")]
    assert {"secret-key", "running.json", "kaohe.sqlite3", "web.log", "start.lock"} <= {path.name for path in paths}
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_without_a_demo_it_is_a_real_installation_and_says_how_to_begin(started: Start, folder: Path) -> None:
    eventually(lambda: "bin/manage add_account office1" in started.said, "it is told how to begin")
    assert (folder / "var" / "kind-embedded").read_text() == "real\n"
    assert _status(started, "/clock/") == http.client.NOT_FOUND


def test_a_second_start_is_refused_in_one_line(started: Start, folder: Path) -> None:
    command = [str(folder / "bin" / "start"), "--no-demo", "--fresh"]
    second = subprocess.run(command, env=commands.environment(), capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"http://127.0.0.1:{started.port}" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
    assert (folder / "var" / "kaohe.sqlite3").exists()


def test_manage_uses_the_running_queue(started: Start, folder: Path) -> None:
    assert started.port
    known = json.loads((folder / "var" / "running.json").read_text())["redis_url"]
    code = "from django.conf import settings; print(settings.REDIS_URL)"
    command = [str(folder / "bin" / "manage"), "shell", "--no-imports", "-c", code]
    ran = subprocess.run(command, env=commands.environment(), capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == known, ran.stderr


@pytest.mark.parametrize("name", ["web", "deadlines", "worker", "beat", "queue"])
def test_a_program_that_dies_is_started_again(started: Start, name: str) -> None:
    before = started.parts()[name]
    before.kill()

    def again() -> bool:
        now = started.parts().get(name)
        return now is not None and now.pid != before.pid

    eventually(again, f"{name} runs again")
    assert f"{name} stopped (exit 137)" in started.said


def test_the_workers_of_a_web_server_that_is_killed_end_and_others_serve(started: Start) -> None:
    web = started.parts()["web"]
    eventually(lambda: len(web.children()) == WORKERS, "its workers run")
    family = web.children(recursive=True)
    web.kill()
    _gone(family)

    def serves() -> bool:
        now, listening = started.parts().get("web"), ports.listeners("127.0.0.1", started.port)
        return now is not None and bool(listening) and listening <= _pids(started.family())

    eventually(serves, "only the new web server listens")


def test_a_guardian_that_is_killed_leaves_nobody(started: Start) -> None:
    worker = started.parts()["worker"]
    eventually(worker.children, "the worker's children run")
    family = [worker, *worker.children(recursive=True)]
    guardian = worker.parent()
    assert guardian
    guardian.kill()
    _gone(family)
    eventually(lambda: "worker" in started.parts(), "another worker runs")


def test_ctrl_c_stops_everything_and_leaves_nothing(started: Start, folder: Path) -> None:
    family = started.family()
    assert started.stop() == 0
    assert _alive(family) == []
    assert not (folder / "var" / "running.json").exists()
    assert commands.git(folder, "status", "--porcelain") == ""
    assert "Traceback" not in started.said


@pytest.fixture(scope="module")
def resumed(started: Start, folder: Path) -> Iterator[Start]:
    """The next start after one that has ended, in which somebody had put something by."""
    assert started.process.poll() is not None
    note(folder).parent.mkdir(exist_ok=True)
    note(folder).write_text(key(folder))
    start = _start(folder, "--no-demo", "--port", "0")
    _ready(start)
    yield start
    if start.process.poll() is None:
        start.stop(signal.SIGTERM)


def note(folder: Path) -> Path:
    return folder / "var" / "private" / "note"


def key(folder: Path) -> str:
    path = folder / "var" / "keys" / "secret-key"
    return path.read_text() if path.exists() else ""


def test_the_next_start_keeps_data_and_keys(resumed: Start, folder: Path) -> None:
    assert resumed.port
    assert note(folder).read_text() == key(folder)


def test_all_that_a_start_has_started_ends_with_it_however_it_ends(resumed: Start, folder: Path) -> None:
    eventually(lambda: len(resumed.parts()) == len(PARTS), "all programs run")
    family = resumed.family()
    resumed.process.kill()
    resumed.process.wait()
    again = _start(folder, "--no-demo", "--port", str(resumed.port))
    _ready(again)
    assert _alive(family) == []
    assert ports.listeners("127.0.0.1", again.port) <= _pids(again.family())
    assert again.stop(signal.SIGHUP) == 0
    assert "see ya" in (folder / "var" / "log" / "web.log").read_text(), "what is said at the end is kept"


def test_a_fresh_start_begins_anew_and_ctrl_c_before_it_is_ready_stops_it_too(resumed: Start, folder: Path) -> None:
    assert resumed.process.poll() is not None
    before = note(folder).read_text()
    fresh = _start(folder, "--no-demo", "--fresh")
    eventually(lambda: key(folder) not in ("", before), "the old data are gone")
    eventually((folder / "var" / "kaohe.sqlite3").exists, "the tables are being made")
    assert fresh.stop() == 0
    assert "Traceback" not in fresh.said
    assert not note(folder).exists()
