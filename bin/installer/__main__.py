"""The entry of the installer: `python -m bin.installer FOLDER LOCK STAMP`, called by the shell commands only."""

import sys
from pathlib import Path

from bin.installer import environment
from bin.runner.problem import told


def main() -> int:
    """Makes the environment; returns the exit code."""
    folder, lock, stamp = sys.argv[1:]
    environment.prepare(Path(folder), Path(lock), stamp=stamp)
    return 0


if __name__ == "__main__":
    sys.exit(told(main))
