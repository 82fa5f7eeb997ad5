"""The entry of the runner: `python -m bin.runner start|manage|test …`, called by the shell commands only."""

import sys

from bin.runner import manage, start, suite
from bin.runner.problem import told

COMMANDS = {"start": start.main, "manage": manage.main, "test": suite.main}


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    sys.exit(told(lambda: COMMANDS[name](arguments)))
