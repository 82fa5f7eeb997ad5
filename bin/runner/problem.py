"""What a person can put right, and how the runner speaks to the terminal."""

import contextlib
import sys
from collections.abc import Callable


class Problem(Exception):
    """Something that stops the command and is told in one line, without a traceback."""


def told(command: Callable[[], int]) -> int:
    """Runs a command and tells a problem in a line or two; its exit code, 130 after Ctrl-C."""
    try:
        return command()
    except Problem as problem:
        sys.stdout.flush()
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def say(line: str = "") -> None:
    """Prints a line at once; a terminal that has gone away is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
