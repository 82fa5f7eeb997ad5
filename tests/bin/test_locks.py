"""The locks can be installed by the pip that a machine happens to have, whatever was released after them."""

import os
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

from tests.bin.conftest import LOCKS, wheel_of
from tests.support import wheels
from tests.support.source import ROOT

PIPS = pytest.mark.parametrize("pip", LOCKS, ids=["pinned", "debian-12"], indirect=True)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python in which nothing is installed."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, symlinks=True)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def pip(request: pytest.FixtureRequest, pip_wheels: Path, python: Path) -> list[str]:
    """The command of a pip, unpacked: from within its wheel it would be compiled at each call."""
    wheel = wheel_of(request.param)
    unpacked = python.parent / wheel
    if not unpacked.exists():
        shutil.unpack_archive(pip_wheels / wheel, unpacked, format="zip")
    return [str(python), "-I", str(unpacked / "pip")]


def _install(pip: list[str], lock: Path) -> str:
    """Goes through the installation of a lock from the files beside it; returns what pip complains of."""
    options = ["--dry-run", "--quiet", "--no-input", "--disable-pip-version-check", "--no-index", "--require-hashes"]
    command = [*pip, "install", *options, f"--find-links={lock.parent}", f"--requirement={lock}"]
    environment = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return ran.stderr if ran.returncode else ""


@PIPS
@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_can_be_installed_after_newer_releases(name: str, pip: list[str], tmp_path: Path) -> None:
    lock = tmp_path / name
    lock.write_text(wheels.stand_ins((ROOT / name).read_text(), tmp_path))
    assert _install(pip, lock) == ""


@pytest.mark.parametrize("pip", LOCKS[1:], indirect=True)
def test_an_extra_that_the_lock_leaves_out_stops_an_old_pip(pip: list[str], tmp_path: Path) -> None:
    option = wheels.make(tmp_path, "wanted", "1.0", extras=("more",))
    wheels.make(tmp_path, "wanted", wheels.LATER, extras=("more",))
    other = wheels.make(tmp_path, "wanting", "1.0", requires=("wanted[more]",))
    lock = tmp_path / "some.lock"
    lock.write_text(f"wanted==1.0 {option}\nwanting==1.0 {other}\n")
    assert "wanted[more]" in _install(pip, lock)
    lock.write_text(f"wanted[more]==1.0 {option}\nwanting==1.0 {other}\n")
    assert _install(pip, lock) == ""
