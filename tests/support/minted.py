"""Secrets that messages carry: made for tests, and looked for wherever they must not be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from outbox import minting
from outbox.minting import Maker


@contextmanager
def maker(kind: str, make: Maker) -> Iterator[None]:
    """Let `make` make the secrets of a kind within the block."""
    minting.register(kind, make)
    try:
        yield
    finally:
        del minting._makers[kind]


def kept_anywhere(secret: str) -> list[str]:
    """Where the secret lies: files of the data folder (the embedded database and its log, mails), and tables."""
    files = [path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]
    return [path.name for path in files if secret.encode() in path.read_bytes()] + _in_tables(secret)


def _in_tables(secret: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  a name of the database's own
            if secret in str(cursor.fetchall()):
                found.append(table)
    return found
