"""Free ports on this machine."""

import errno
import socket

from bin.runner.problem import Problem

TRIES = 100


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen here; OSError for an address that this machine has not."""
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
        return True


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
