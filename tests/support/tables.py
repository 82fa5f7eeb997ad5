"""The tables on SQLite: made by the migrations once and kept until one changes, copied to each process of tests."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from bin.runner.world import fingerprint
from tests.support.source import ROOT


@pytest.fixture(scope="session")
def tables(pytestconfig: pytest.Config) -> Path:
    """A SQLite file with all tables and nothing in them; whoever comes second waits for the first."""
    folder = pytestconfig.cache.mkdir("tables")
    made = folder / f"{fingerprint(ROOT)}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(made)
    return made


def _make(made: Path) -> None:
    for older in made.parent.glob("*.sqlite3"):
        older.unlink()
    draft = made.with_name("draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    variables = os.environ | {"KAOHE_DATA_DIR": str(draft), "DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    variables.pop("DATABASE_URL", None)
    command = [sys.executable, "-P", str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(command, env=variables | {"PYTHONPATH": str(ROOT)}, check=True)
    (draft / "kaohe.sqlite3").replace(made)
    shutil.rmtree(draft)


@pytest.fixture(scope="session")
def django_db_keepdb(pytestconfig: pytest.Config) -> bool:
    """On SQLite the tables stand before pytest-django looks for them."""
    return connection.vendor == "sqlite" or bool(pytestconfig.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    """Each process has a file of its own."""
    if connection.vendor == "sqlite":
        shutil.copy(request.getfixturevalue("tables"), connection.settings_dict["TEST"]["NAME"])
