"""The pip that installs: one release, held by its hash, whatever pip the machine has or has not."""

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bin.installer import explained, fetching
from bin.runner.problem import Problem

LOCK = Path(__file__).with_name("pip.lock")
BUNDLED = "ensurepip"
OPTIONS = ("--disable-pip-version-check", "--no-input", "--no-user", "--progress-bar=off", "--require-hashes")


def install(python: Path, lock: Path, log: Path) -> None:
    """Installs all of a lock with the environment's own pip; Problem names the package that could not be had."""
    _install(_module(python, "pip"), lock, log)


def pinned(python: Path, log: Path) -> None:
    """Puts the pinned pip into an environment that has none; Problem when it can't be had.

    Any pip of the machine is asked first: it knows the machine's index, proxy and certificates best. Then the copy that
    Python brings along, which Debian leaves out of its python3; and else the file is fetched without any.
    """
    machines = _module(sys.executable, "pip", f"--python={python}")
    if _succeeds([*machines, "list"], log):
        _install(machines, LOCK, log)
    elif _succeeds(_module(python, BUNDLED, "--default-pip"), log):
        _install(_module(python, "pip"), LOCK, log)
        _succeeds(_module(python, "pip", "uninstall", "--yes", "setuptools"), log)  # comes along with some Pythons only
    else:
        with _fetched() as wheel:
            _install([str(python), "-I", f"{wheel}/pip"], LOCK, log, "--no-index", f"--find-links={wheel.parent}")


@contextmanager
def _fetched() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield fetching.fetch(LOCK, Path(folder))


def _module(python: Path | str, *arguments: str) -> list[str]:
    """A module of this Python, run apart from what the caller has set for other Pythons."""
    return [str(python), "-I", "-m", *arguments]


def _install(pip: list[str], lock: Path, log: Path, *options: str) -> None:
    if not _succeeds([*pip, "install", *OPTIONS, *options, f"--requirement={lock}"], log):
        raise Problem(explained.failure(log, lock))


def _succeeds(command: list[str], log: Path) -> bool:
    """Runs a command whose words go to the log, so that they do not drown ours."""
    with log.open("a", encoding="utf-8") as output:
        output.write(f"\n{explained.COMMAND}{shlex.join(command)}\n")
        output.flush()
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
    return ran.returncode == 0
