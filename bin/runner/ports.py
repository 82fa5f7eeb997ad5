"""Free ports on this machine, and who listens on them."""

import contextlib
import errno
import socket
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import psutil

from bin.runner.problem import Problem

if TYPE_CHECKING:
    from psutil._ntuples import pconn, sconn

TRIES = 100
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  all addresses, and one by which they are reached from here
CONNECT_WITHIN = 1.0  # seconds


def written(host: str) -> str:
    """The host as it stands in an address for browsers."""
    return f"[{host}]" if ":" in host else host


def reached_at(host: str) -> str:
    """The address at which a server that listens on `host` is reached from this machine."""
    return ANY.get(host, host)


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen here and nobody does; OSError for an address that this machine has not.

    Both are asked: servers that share a port (SO_REUSEPORT) leave it open to a third in some systems' eyes.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return not _answers(host, port)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((reached_at(host), port), timeout=CONNECT_WITHIN).close()
    except OSError:
        return False
    return True


def listeners(host: str, port: int) -> set[int]:
    """The processes that listen where a server on `host` does, as far as this user may see."""
    here = {str(info[4][0]) for info in socket.getaddrinfo(host, port)}
    everywhere = set(ANY)
    return {
        pid
        for pid, (address, number) in _listening()
        if number == port and (address in here | everywhere or here & everywhere)
    }


def _listening() -> Iterator[tuple[int, tuple[str, int]]]:
    """Process, address and port of everybody who listens."""
    for pid, entries in _connections():
        for entry in entries:
            if pid and entry.laddr and entry.status == psutil.CONN_LISTEN:
                yield pid, (entry.laddr.ip, entry.laddr.port)


def _connections() -> "Iterator[tuple[int | None, Sequence[pconn | sconn]]]":
    try:
        yield from ((entry.pid, [entry]) for entry in psutil.net_connections("tcp"))
    except psutil.AccessDenied:  # macOS tells it to root only; of one's own processes each may be asked
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                yield process.pid, process.net_connections("tcp")


def choose(host: str, wanted: int) -> int:
    """The wanted port, or the next free one after it; 0 wants any."""
    if wanted == 0:
        return any_free()
    try:
        for port in range(wanted, min(wanted + TRIES, 65536)):
            if is_free(host, port):
                return port
    except OSError as error:
        raise Problem(f"No server can listen on {host}: {error.strerror}.") from error
    raise Problem(f"No free port from {wanted} on at {host}; choose another with --port.")


def any_free() -> int:
    """Some free port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
