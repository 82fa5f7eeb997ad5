"""The environment of the commands is made once for each lock, by one of them; what is missing is told in few words."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import wheels
from tests.support.source import ROOT

PREPARE = 'set -eu; root=$1; . "$root/bin/environment.sh"; prepare_environment "$2" "$3"; printf "%s\\n" "$venv"'


def _begin(folder: Path, lock: Path, **variables: str) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if name != "KAOHE_VENV"} | variables
    command = ["sh", "-c", PREPARE, "sh", str(ROOT), str(folder), str(lock)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _prepare(folder: Path, lock: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    begun = _begin(folder, lock, **variables)
    said, told = begun.communicate()
    return subprocess.CompletedProcess(begun.args, begun.returncode, said, told)


@pytest.fixture
def lock(tmp_path: Path, pip_wheels: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock that asks for nothing, so that no network is needed."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", f"{pip_wheels} {tmp_path}")
    path = tmp_path / "requirements.lock"
    path.write_text("# nothing\n")
    return path


@pytest.fixture
def uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is there once the machine's uv was asked for anything."""
    asked, program = tmp_path / "asked", tmp_path / "tools" / "uv"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {asked}\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return asked


def test_two_commands_at_once_make_the_environment_once(tmp_path: Path, lock: Path, uv: Path) -> None:
    folder = tmp_path / "environment"
    told = [begun.communicate() for begun in [_begin(folder, lock), _begin(folder, lock)]]
    assert [said.strip() for said, _ in told] == [str(folder), str(folder)]
    assert sorted(bool(made) for _, made in told) == [False, True], told
    assert _prepare(folder, lock).stderr == ""
    assert not uv.exists(), "what else installs packages on this machine, in any release, was not asked"


def test_a_changed_lock_makes_the_environment_anew(tmp_path: Path, lock: Path) -> None:
    folder = tmp_path / "environment"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(tmp_path / "gone")
    (folder / "bin" / "old").write_text("of an older lock")
    (folder / ".installed").write_text("requirements.lock 1 2\n")
    lock.write_text(f"made-up==1.0 {wheels.make(tmp_path, 'made-up', '1.0')}\n")
    again = _prepare(folder, lock)
    assert again.returncode == 0, again.stderr
    assert again.stderr.startswith("Making the environment")
    assert list(folder.glob("lib/python*/site-packages/made_up-1.0.dist-info"))
    assert not (folder / "bin" / "old").exists()


def test_a_lock_that_cannot_be_installed_is_told_in_two_lines(tmp_path: Path, lock: Path) -> None:
    folder = tmp_path / "environment"
    lock.write_text(f"no-such-package-of-ours==1.0 --hash=sha256:{'0' * 64}\n")
    failed = _prepare(folder, lock, PIP_EXTRA_INDEX_URL="file:///not/there")
    assert failed.returncode == 1
    _making, *told = failed.stderr.splitlines()
    assert told[0].startswith(
        "no-such-package-of-ours==1.0 of requirements.lock could not be installed: no package index"
    )
    assert told[1].endswith(str(folder / "install.log"))
    assert len(told) == 2
    assert not (folder / ".installed").exists()


def test_a_named_python_that_does_not_fit_is_told(tmp_path: Path, lock: Path) -> None:
    failed = _prepare(tmp_path / "environment", lock, PYTHON="/bin/true --no")
    assert failed.returncode == 1
    assert failed.stderr.startswith("PYTHON=/bin/true --no does not fit: Python 3.")


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
    assert len(failed.stderr.strip().splitlines()) == 1
    for words in ("Python 3.11 to 3.", "apt install", "brew install"):
        assert words in failed.stderr


@pytest.mark.parametrize("name", ["start", "test", "manage", "lock"])
def test_the_commands_are_plain_shell(name: str) -> None:
    checked = subprocess.run(["sh", "-n", str(ROOT / "bin" / name)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
