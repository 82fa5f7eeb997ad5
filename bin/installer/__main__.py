"""The entry of the installer: `python -m bin.installer FOLDER LOCK STAMP`, called by the shell commands only."""

import sys
from pathlib import Path

from bin.installer import environment
from bin.runner.problem import Problem


def main() -> int:
    """Makes the environment and tells a problem in a line or two; returns the exit code."""
    folder, lock, stamp = sys.argv[1:]
    try:
        environment.prepare(Path(folder), Path(lock), stamp=stamp)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
