"""Waits for what another program does."""

import time
from collections.abc import Callable

PATIENCE = 60.0  # seconds; a slow machine needs them, a quick one does not notice


def eventually(condition: Callable[[], object], what: str) -> None:
    """Returns once the condition holds; fails with `what` when it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.05)
