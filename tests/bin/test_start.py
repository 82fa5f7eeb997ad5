"""bin/start as a person sees it: started in a fresh checkout, used, disturbed and stopped with Ctrl-C."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.support import commands
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow
PARTS = {"granian": "web", "worker": "worker", "beat": "beat", "valkey-server": "queue"}


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
        """The system's programs by name: those that bin/start started itself."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            line = "" if child.status() == psutil.STATUS_ZOMBIE else " ".join(child.cmdline())
            found |= {name: child for word, name in PARTS.items() if f" {word}" in line or f"/{word}" in line}
        return found

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ctrl-C: the signal goes to the whole group; returns the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=60)


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
    connection = http.client.HTTPConnection("127.0.0.1", started.port, timeout=60)
    connection.request("GET", "/")
    assert connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    connection.close()


def test_web_worker_and_beat_are_one_process_group(started: Start) -> None:
    parts = started.parts()
    assert set(parts) == {"web", "worker", "beat", "queue"}
    groups = {os.getpgid(parts[name].pid) for name in ("web", "worker", "beat")}
    assert groups == {started.process.pid}


def test_keys_are_private(started: Start, folder: Path) -> None:
    assert started.port
    private = [*(folder / "var" / "keys").iterdir(), folder / "var" / "running.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


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


@pytest.mark.parametrize("name", ["web", "worker", "beat", "queue"])
def test_a_program_that_dies_is_started_again(started: Start, name: str) -> None:
    before = started.parts()[name]
    before.kill()

    def again() -> bool:
        now = started.parts().get(name)
        return now is not None and now.pid != before.pid

    eventually(again, f"{name} runs again")
    assert f"{name} stopped (exit -9)" in started.said


def test_ctrl_c_stops_everything_and_leaves_nothing(started: Start, folder: Path) -> None:
    family = psutil.Process(started.process.pid).children(recursive=True)
    assert started.stop() == 0
    assert not [member for member in family if member.is_running() and member.status() != psutil.STATUS_ZOMBIE]
    assert not (folder / "var" / "running.json").exists()
    assert commands.git(folder, "status", "--porcelain") == ""
    assert "Traceback" not in started.said


def test_the_next_start_keeps_data_and_keys_and_a_fresh_one_does_not(folder: Path) -> None:
    key = (folder / "var" / "keys" / "secret-key").read_text()
    note = folder / "var" / "private" / "note"
    note.parent.mkdir(exist_ok=True)
    note.write_text("kept")
    again = _start(folder, "--no-demo", "--port", "0")
    _ready(again)
    assert again.stop(signal.SIGTERM) == 0
    assert note.exists()
    assert (folder / "var" / "keys" / "secret-key").read_text() == key
    fresh = _start(folder, "--no-demo", "--fresh")
    _ready(fresh)
    assert fresh.stop(signal.SIGHUP) == 0
    assert not note.exists()
    assert (folder / "var" / "keys" / "secret-key").read_text() != key


def test_ctrl_c_before_it_is_ready_stops_it_too(folder: Path) -> None:
    shutil.rmtree(folder / "var")
    start = _start(folder, "--no-demo")
    eventually((folder / "var" / "kaohe.sqlite3").exists, "the tables are being made")
    assert start.stop() == 0
    assert "Traceback" not in start.said
