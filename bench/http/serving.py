"""Web servers as `bin/start` runs them: two workers, each program in a session of its own, ended with the bench."""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bin.runner import ports, queue
from bin.runner.children import Child, stop
from bin.runner.data import ROOT
from bin.runner.start import WEB

READY_WITHIN, GRACE = 30.0, 5.0  # seconds
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """A web server: the command up to its address, the application, and what its environment says besides."""

    command: Sequence[str]
    application: str
    environment: Mapping[str, str]


HOUSE = Server(WEB, "config.asgi:application", {"DJANGO_SETTINGS_MODULE": "bench.settings"})


@contextlib.contextmanager
def served(server: Server) -> Iterator[int]:
    """The port of a server that answers, on the bench's database, until the block ends."""
    port = ports.any_free()
    command = [sys.executable, "-P", "-m", *server.command, "--host", HOST, "--port", str(port), server.application]
    environment = dict(os.environ) | {"KAOHE_BASE_URL": f"http://{HOST}:{port}"} | dict(server.environment)
    with (
        TemporaryDirectory() as folder,
        _running(Child("web", command, environment, Path(folder) / "web.log", ROOT)) as web,
    ):
        _wait_ready(web, port)
        try:
            yield port
        except RuntimeError as error:
            error.add_note(web.tail())
            raise


@contextlib.contextmanager
def queued() -> Iterator[str]:
    """The address of a queue, as the house has one beside it."""
    with TemporaryDirectory() as folder:
        child, url = queue.embedded(Path(folder), Path(folder) / "queue.log")
        with _running(child):
            queue.wait_ready(child, url)
            yield url


@contextlib.contextmanager
def _running(child: Child) -> Iterator[Child]:
    child.start()
    try:
        yield child
    finally:
        stop([child], grace=GRACE, hurry=lambda: False)


def _wait_ready(web: Child, port: int) -> None:
    end = time.monotonic() + READY_WITHIN
    while web.alive and time.monotonic() < end:
        with contextlib.suppress(OSError):
            socket.create_connection((HOST, port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"The web server did not start:\n{web.tail()}")
