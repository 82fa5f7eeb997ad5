"""What an earlier start on the same data left running: it has ended before the next one begins."""

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from bin.runner.problem import Problem, say

MARK = "KAOHE_START"  # stands in the environment of all that a start has started, and names its data directory
GRACE = 10.0  # seconds for a clean end
FORCED = 5.0  # seconds until what was killed must be gone


def mark(root: Path) -> dict[str, str]:
    """The variables by which a later start knows what this one has started."""
    return {MARK: str(root)}


def end(root: Path) -> None:
    """Ends what an earlier start on the data directory `root` left; Problem when something can't be ended.

    To be called by whoever holds the directory's lock: then what bears its mark belongs to nobody any more.
    """
    left = find(root)
    if not left:
        return
    say(f"An earlier start was killed: ending what it left ({len(left)} programs) …")
    _tell(left, psutil.Process.terminate)
    _gone, left = psutil.wait_procs(left, timeout=GRACE)
    _tell(left, psutil.Process.kill)
    _gone, left = psutil.wait_procs(left, timeout=FORCED)
    if left:
        numbers = ", ".join(str(process.pid) for process in left)
        raise Problem(f"Programs of an earlier start can't be ended: {numbers}. End them by hand, then start again.")


def find(root: Path) -> list[psutil.Process]:
    """The programs that bear the mark of a start on `root`; not we ourselves, nor whoever started us."""
    us = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [process for process in psutil.process_iter() if process.pid not in us and _bears_mark(process, root)]


def _bears_mark(process: psutil.Process, root: Path) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == str(root)
    return False


def _tell(processes: Iterable[psutil.Process], what: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            what(process)
