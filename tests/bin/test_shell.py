"""The shell part of the commands: an environment is made once, from a lock, and a missing Python told in one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import ROOT

PREPARE = 'set -eu; root=$1; . "$root/bin/environment.sh"; prepare_environment "$2" "$3"; printf "%s\\n" "$venv"'


def _prepare(folder: Path, lock: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "KAOHE_VENV"} | variables
    command = ["sh", "-c", PREPARE, "sh", str(ROOT), str(folder), str(lock)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock that asks for nothing, so that no network is needed."""
    path = tmp_path / "requirements.lock"
    path.write_text("# nothing\n")
    return path


def test_the_environment_is_made_once_and_again_when_the_lock_changes(tmp_path: Path, lock: Path) -> None:
    folder = tmp_path / "environment"
    first = _prepare(folder, lock)
    assert first.returncode == 0, first.stderr
    assert "Making the environment" in first.stderr
    assert first.stdout.strip() == str(folder)
    assert _prepare(folder, lock).stderr == ""
    lock.write_text("# something else\n")
    assert "up to date" in _prepare(folder, lock).stderr


def test_a_broken_environment_is_made_anew(tmp_path: Path, lock: Path) -> None:
    folder = tmp_path / "environment"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(tmp_path / "gone")
    again = _prepare(folder, lock)
    assert again.returncode == 0, again.stderr
    assert (folder / "bin" / "python").resolve().exists()


def test_a_lock_that_cannot_be_installed_is_told(tmp_path: Path, lock: Path) -> None:
    lock.write_text("no-such-package-of-ours==1.0\n")
    failed = _prepare(tmp_path / "environment", lock, PIP_NO_INDEX="1", UV_OFFLINE="1")
    assert failed.returncode == 1
    assert "requirements.lock could not be installed" in failed.stderr
    assert not (tmp_path / "environment" / ".installed").exists()


def test_a_ready_environment_is_used_as_it_is(tmp_path: Path, lock: Path) -> None:
    used = _prepare(tmp_path / "environment", lock, KAOHE_VENV=sys.prefix)
    assert used.stdout.strip() == sys.prefix
    assert not (tmp_path / "environment").exists()


def test_without_python_one_line_says_what_to_install(tmp_path: Path, lock: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "rm", "cat", "cksum", "basename", "dirname"):
        (tools / name).symlink_to(str(shutil.which(name)))
    failed = _prepare(tmp_path / "environment", lock, PATH=str(tools))
    assert failed.returncode == 1
    last = failed.stderr.strip().splitlines()[-1]
    assert "Python 3.11 or newer" in last
    assert "apt install" in last
    assert "brew install" in last


@pytest.mark.parametrize("name", ["start", "test", "manage", "lock"])
def test_the_commands_are_plain_shell(name: str) -> None:
    checked = subprocess.run(["sh", "-n", str(ROOT / "bin" / name)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
