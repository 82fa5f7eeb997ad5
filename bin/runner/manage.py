"""bin/manage: one management command on the data, keys and services of bin/start."""

import os
import sys

from bin.runner import catalogues, world
from bin.runner import data as kept
from bin.runner import environment as surroundings
from bin.runner.data import ROOT, DataDir

# Commands that read or write the system's own tables: an installation that was never started gets them first.
NEED_TABLES = {"demo", "export_bundle", "createsuperuser", "changepassword", "shell", "dumpdata", "loaddata"}


def main(arguments: list[str]) -> int:
    """Hands over to manage.py in the caller's folder; returns only for `demo`, which is remembered as loaded."""
    data = kept.locate()
    catalogues.compile_all()
    services = kept.running(data)
    environment = surroundings.build(data, **services)
    if _needs_tables(arguments) and not data.database.exists() and not surroundings.external_database():
        world.migrate(data, environment)
    if arguments[:1] == ["migrate"]:
        data.tables.unlink(missing_ok=True)  # the next start looks again
    if loads_demo(arguments):
        return _load_demo(data, arguments, environment)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    os.execve(command[0], command, environment)  # noqa: S606  no shell is meant


def _needs_tables(arguments: list[str]) -> bool:
    return bool(arguments) and (arguments[0] in NEED_TABLES or "--load" in arguments)


def loads_demo(arguments: list[str]) -> bool:
    """Whether the command fills the database with the demo world."""
    return arguments[:1] == ["demo"] and not {"--report", "--accounts", "--help", "-h"} & set(arguments)


def _load_demo(data: DataDir, arguments: list[str], environment: dict[str, str]) -> int:
    code = world.manage(*arguments, environment=environment)
    if code == 0:
        data.demo_loaded.touch()
    return code
