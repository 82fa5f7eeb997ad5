"""The tables of the tests: made by the migrations once and kept until one changes, copied to each process of tests."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from bin.runner.world import fingerprint
from tests.support.source import ROOT


@pytest.fixture(scope="session")
def tables(pytestconfig: pytest.Config) -> Path:
    """A SQLite file with all tables and nothing in them; whoever comes second waits for the first."""
    with _alone(pytestconfig, "sqlite") as folder:
        made = folder / f"{fingerprint(ROOT)}.sqlite3"
        if not made.exists():
            _make(made)
    return made


@contextmanager
def _alone(config: pytest.Config, database: str) -> Iterator[Path]:
    """The folder of what is kept from run to run, for one process at a time on each kind of database."""
    folder = config.cache.mkdir("tables")
    with (folder / f"{database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _make(made: Path) -> None:
    for older in made.parent.glob("*.sqlite3"):
        older.unlink()
    draft = made.with_name("draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    _migrate(draft, url="")
    (draft / "kaohe.sqlite3").replace(made)
    shutil.rmtree(draft)


def _migrate(data: Path, url: str) -> None:
    variables = os.environ | {"KAOHE_DATA_DIR": str(data), "DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    variables.pop("DATABASE_URL", None)
    variables |= {"PYTHONPATH": str(ROOT)} | ({"DATABASE_URL": url} if url else {})
    command = [sys.executable, "-P", str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(command, env=variables, check=True)


def _copy_on_postgresql(config: pytest.Config) -> None:
    """The same on a server: a database with all tables is kept, and that of this process is a copy of it."""
    quoted, own = connection.ops.quote_name, connection.creation._get_test_db_name()
    stem = f"{connection.settings_dict['NAME']}_tables_"
    kept, draft = f"{stem}{fingerprint(ROOT)[:16]}", f"{stem}draft"
    with _alone(config, "postgresql") as folder, connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [stem])
        there = {name for (name,) in cursor.fetchall()}
        if kept not in there:
            for older in there:
                cursor.execute(f"DROP DATABASE {quoted(older)}")
            cursor.execute(f"CREATE DATABASE {quoted(draft)}")
            _migrate(folder, url=urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{draft}").geturl())
            cursor.execute(f"ALTER DATABASE {quoted(draft)} RENAME TO {quoted(kept)}")
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(own)}")
        cursor.execute(f"CREATE DATABASE {quoted(own)} TEMPLATE {quoted(kept)}")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The tables stand before pytest-django looks for them."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest, django_db_blocker: Any
) -> None:
    """Each process has tables of its own."""
    if connection.vendor == "sqlite":
        shutil.copy(request.getfixturevalue("tables"), connection.settings_dict["TEST"]["NAME"])
    else:
        with django_db_blocker.unblock():
            _copy_on_postgresql(request.config)
