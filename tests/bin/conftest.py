"""The pips that people have: Debian 12's, and the pinned one."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bin.installer.pips import LOCK

LOCKS = (LOCK, Path(__file__).with_name("pip-23.0.1.lock"))


def wheel_of(lock: Path) -> str:
    """The name of the file that a lock of pip is about."""
    version = re.findall(r"^pip==(\S+)", lock.read_text(), re.MULTILINE)[0]
    return f"pip-{version}-py3-none-any.whl"


@pytest.fixture(scope="session")
def pip_wheels(pytestconfig: pytest.Config) -> Path:
    """A folder with the wheels of both; kept for later runs, which need no network then."""
    kept = pytestconfig.cache.mkdir("pips")
    for lock in LOCKS:
        if not (kept / wheel_of(lock)).exists():
            _download(lock, kept)
    return kept


def _download(lock: Path, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept) as draft:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", f"--dest={draft}"]
        subprocess.run([*command, f"--requirement={lock}"], check=True)
        for wheel in Path(draft).glob("*.whl"):
            wheel.replace(kept / wheel.name)
