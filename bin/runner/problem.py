"""What a person can put right, and how the runner speaks to the terminal."""

import contextlib
import sys


class Problem(Exception):
    """Something that stops the command and is told in one line, without a traceback."""


def say(line: str = "") -> None:
    """Prints a line at once; a terminal that has gone away is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
