"""bin/manage: one management command on the data, keys and services of bin/start."""

import os
import sys

from bin.runner import catalogues, kind, world
from bin.runner import data as kept
from bin.runner import environment as surroundings
from bin.runner.data import ROOT, DataDir
from bin.runner.kind import Kind
from bin.runner.problem import Problem

# Commands that read or write the system's own tables: an installation that was never started gets them first.
NEED_TABLES = {"add_account", "new_password", "demo", "shell", "dumpdata", "loaddata"}


def main(arguments: list[str]) -> int:
    """Hands over to manage.py in the caller's folder; returns only after what decides what the data are.

    Raises Problem for what contradicts what the data are.
    """
    data = kept.locate()
    catalogues.compile_all()
    services = kept.running(data)
    # What nobody has decided yet is a demo's by the command `demo` alone, on the embedded database only.
    demo = arguments[:1] == ["demo"] and not surroundings.external_database()
    what = kind.decide(data, otherwise=Kind.DEMO if demo else Kind.REAL)
    if arguments[:1] == ["demo"] and what == Kind.REAL:  # where the command is not installed
        raise Problem("The demo is loaded only where DEMO=1 is set, into a database that is its own.")
    environment = surroundings.build(data, demo=what == Kind.DEMO, **services)
    needs_tables = bool(NEED_TABLES & set(arguments[:1])) or "--load" in arguments
    if needs_tables and not data.database.exists() and not surroundings.external_database():
        world.migrate(data, environment)
    if arguments[:1] == ["migrate"]:
        data.tables.unlink(missing_ok=True)  # the next start looks again
    if loads_demo(arguments) or arguments[:1] == ["add_account"]:
        return _decide(data, what, arguments, environment)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    os.execve(command[0], command, environment)  # noqa: S606  no shell is meant


def loads_demo(arguments: list[str]) -> bool:
    """Whether the command fills the database with the demo world."""
    return arguments[:1] == ["demo"] and not {"--help", "-h"} & set(arguments)


def _decide(data: DataDir, what: Kind, arguments: list[str], environment: dict[str, str]) -> int:
    """Runs a command that makes accounts; the first of them say for ever what the data are."""
    code = world.manage(*arguments, environment=environment)
    if code == 0:
        kind.remember(data, what)
        if loads_demo(arguments):
            data.demo_loaded.touch()
    return code
