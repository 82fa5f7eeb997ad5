"""The entry of the runner: `python -m bin.runner start|manage|test …`, called by the shell commands only."""

import sys

from bin.runner import manage, start, suite
from bin.runner.problem import Problem

COMMANDS = {"start": start.main, "manage": manage.main, "test": suite.main}


def main() -> int:
    """Runs one command and tells a problem in one line; returns the exit code."""
    name, *arguments = sys.argv[1:]
    try:
        return COMMANDS[name](arguments)
    except Problem as problem:
        sys.stdout.flush()
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
