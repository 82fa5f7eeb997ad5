"""The web server as bin/start runs it, before a house of the test's own: stamps, bodies, who sends too much."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from bin.runner import ports
from bin.runner.data import ROOT
from bin.runner.start import WEB
from common.front import AHEAD
from tests.support.held import FILE, MOST
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house") / "door"


@pytest.fixture(scope="module")
def port(door: Path) -> Iterator[int]:
    """A server on a port of its own, with one worker."""
    number = ports.any_free()
    command = [sys.executable, "-P", "-m", *WEB, "--workers", "1", "--host", "127.0.0.1", "--port", str(number)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HELD_DOOR": str(door)}
    with subprocess.Popen([*command, "tests.support.held:application"], env=environment, cwd=ROOT) as server:
        eventually(lambda: not ports.is_free("127.0.0.1", number), "the server listens")
        yield number
        server.terminate()


def ask(port: int, path: str, body: Any = b"", **options: Any) -> dict[str, Any]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", path, body, **options)
        told: dict[str, Any] = json.loads(connection.getresponse().read())
        return told


def in_chunks(length: int) -> dict[str, Any]:
    return {"body": iter([b"x" * 65536] * (length // 65536)), "encode_chunked": True}


def test_requests_are_stamped_as_they_come_while_every_thread_is_held(port: int, door: Path) -> None:
    with ThreadPoolExecutor(6) as people:
        held = [people.submit(ask, port, "/") for _number in range(6)]
        while not all(waiting.running() for waiting in held):
            pass
        for _time in range(20):  # each of these comes and is answered while the others wait for the one thread
            ask(port, "/open/")
        before = time.monotonic()
        door.touch()
    assert all(waiting.result()["arrived"] < before for waiting in held)


SIGNED_IN = {"headers": {"Cookie": "sessionid=x"}}


@pytest.mark.parametrize("length", [65536, AHEAD + 65536, MOST - 65536])
def test_a_body_comes_whole_in_chunks_or_not(port: int, door: Path, length: int) -> None:
    door.touch()
    assert ask(port, "/read/", b"x" * length, **SIGNED_IN)["length"] == length
    assert ask(port, "/read/", **in_chunks(length), **SIGNED_IN)["length"] == length


@pytest.mark.parametrize("path", ["/read/", "/refuse/"])
@pytest.mark.parametrize(("length", "who"), [(2 * MOST, SIGNED_IN), (2 * AHEAD, {})])
def test_who_sends_too_much_reads_the_answer(port: int, door: Path, path: str, length: int, who: Any) -> None:
    door.touch()
    assert ask(port, path, b"x" * length, **who)["length"] == (-1 if path == "/read/" else 0)
    assert ask(port, path, **in_chunks(length), **who)["length"] == (-1 if path == "/read/" else 0)


def test_bodies_that_trickle_and_files_that_are_taken_slowly_hold_no_thread(port: int, door: Path) -> None:
    door.touch()
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _number in range(4)]
        for sender in slow[:2]:
            sender.sendall(b"POST /read/ HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nContent-Length: 3000000\r\n\r\n")
            sender.sendall(b"x" * (AHEAD + 1))
        for taker in slow[2:]:
            taker.sendall(b"GET /file/ HTTP/1.1\r\nHost: x\r\n\r\n")
            assert taker.recv(12) == b"HTTP/1.1 200"
        assert ask(port, "/read/", b"x")["length"] == 1
        taker.settimeout(60)
        received = 12
        while received < FILE:
            received += len(taker.recv(1 << 20))
