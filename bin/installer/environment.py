"""An environment: made in an empty folder, filled by the pinned pip, and stamped with the lock that it holds."""

import contextlib
import fcntl
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

from bin.installer import pips
from bin.runner.problem import Problem

STAMP = ".installed"
LOG = "install.log"


def prepare(folder: Path, lock: Path, *, stamp: str) -> None:
    """Makes the environment anew unless it bears the stamp; one command does it, the others wait for that one.

    Anew, so that nothing of an older lock is left in it. What is already there of files, pip has in its own cache.
    """
    with _alone(lock):
        mark = folder / STAMP
        if mark.exists() and mark.read_text().strip() == stamp:
            return
        sys.stderr.write(f"Making the environment {folder.name} (once for each lock, a minute or two) …\n")
        _empty(folder, mark)
        python, log = folder / "bin" / "python", folder / LOG
        pips.pinned(python, log)
        pips.install(python, lock, log)
        mark.write_text(f"{stamp}\n")


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two commands that are started at once do not fill one folder; what is locked is the file that both read."""
    with lock.open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _empty(folder: Path, mark: Path) -> None:
    try:
        if mark.exists():
            mark.unlink()  # before anything else goes
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(folder)
    except OSError as error:
        raise Problem(f"The environment {folder} can't be made: {error.strerror or error}.") from error
