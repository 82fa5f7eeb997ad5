"""The installer: the pinned pip is had on any machine, and what fails is told in two lines with the package's name."""

import hashlib
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bin.installer import environment, explained, fetching, pips
from bin.installer.places import Places, configured
from bin.runner.problem import Problem
from tests.bin.conftest import wheel_of

SETTINGS = ("INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "NO_INDEX", "CERT", "CONFIG_FILE")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration file of pip, which is the only one."""
    for name in SETTINGS:
        monkeypatch.delenv(f"PIP_{name}", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
    file = tmp_path / "pip" / "pip.conf"
    file.parent.mkdir()
    file.write_text("[global]\n")
    return file


# ---- where pip looks ----


def test_the_index_of_the_machine_comes_from_its_file(settings: Path) -> None:
    settings.write_text("[global]\nindex-url = https://one.example/simple\n[install]\nfind-links =\n  /a\n  /b\n")
    places = configured()
    assert places.indexes[0] == "https://one.example/simple"
    assert places.of("pip")[-3:] == ["/a", "/b", "https://one.example/simple/pip/"]


def test_a_variable_comes_before_the_file(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.write_text("[global]\nindex-url = https://one.example/simple\ncert = /c.pem\n")
    monkeypatch.setenv("PIP_INDEX_URL", "https://two.example/simple/")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://three.example/simple")
    assert configured() == Places(("https://two.example/simple/", "https://three.example/simple"), (), "/c.pem")


def test_a_machine_without_an_index_asks_none(settings: Path) -> None:
    settings.write_text("[global]\nno-index = true\nfind-links = file:///wheels\n")
    assert configured().of("pip") == ["/wheels"]


def test_a_file_that_pip_could_not_read_is_left_to_pip(settings: Path) -> None:
    settings.write_text("index-url without a section\n")
    assert configured().links == ()


# ---- fetching without a pip ----


class _Guarded(SimpleHTTPRequestHandler):
    """Hands out files to those who send the name and the password."""

    def do_GET(self) -> None:
        if self.headers["Authorization"] == "Basic bmFtZTpwYXNz":
            super().do_GET()
        else:
            self.send_error(401)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def index(tmp_path: Path, pip_wheels: Path) -> Iterator[str]:
    """The address of an index that has the pinned pip, without the name and password that it asks for."""
    wheel = wheel_of(pips.LOCK)
    page = tmp_path / "index" / "simple" / "pip" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a href="../../{wheel}#sha256=0">{wheel}</a>')
    (tmp_path / "index" / wheel).symlink_to(pip_wheels / wheel)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Guarded, directory=tmp_path / "index")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_pinned_pip_is_fetched_from_the_index_of_the_machine(settings: Path, index: str, tmp_path: Path) -> None:
    settings.write_text(f"[global]\nindex-url = http://name:pass@{index}/simple\n")
    wheel = fetching.fetch(pips.LOCK, tmp_path)
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in pips.LOCK.read_text()


def test_each_place_is_tried_and_told_without_its_password(settings: Path, index: str, tmp_path: Path) -> None:
    settings.write_text(f"[global]\nfind-links = {tmp_path}\nindex-url = http://name:secret@{index}/simple\n")
    with pytest.raises(Problem, match=f"could not be downloaded.*{tmp_path}.*{index}/simple/pip/: .*401") as problem:
        fetching.fetch(pips.LOCK, tmp_path)
    assert "secret" not in str(problem.value)
    assert len(str(problem.value).splitlines()) == 2


def test_another_file_under_its_name_is_not_taken(settings: Path, tmp_path: Path) -> None:
    (tmp_path / wheel_of(pips.LOCK)).write_text("something else")
    settings.write_text(f"[global]\nno-index = yes\nfind-links = {tmp_path}\n")
    with pytest.raises(Problem, match=r"is not the file that pip\.lock holds by its hash"):
        fetching.fetch(pips.LOCK, tmp_path / "pip")


# ---- the pinned pip ----


@pytest.mark.parametrize("bundled", ["ensurepip", "no_such_module"])
def test_the_pinned_pip_is_had_without_a_pip_on_the_machine(
    bundled: str, settings: Path, pip_wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text(f"[global]\nno-index = true\nfind-links = {pip_wheels}\nuser = true\n")
    folder, bare = tmp_path / "environment", tmp_path / "bare"
    for empty in (folder, bare):
        venv.create(empty, symlinks=True)
    monkeypatch.setattr(sys, "executable", str(bare / "bin" / "python"))
    monkeypatch.setattr(pips, "BUNDLED", bundled)
    pips.pinned(folder / "bin" / "python", tmp_path / "log")
    listed = subprocess.run([folder / "bin" / "pip", "freeze", "--all"], capture_output=True, text=True, check=True)
    assert wheel_of(pips.LOCK).startswith(listed.stdout.strip().replace("==", "-"))


# ---- what is said ----


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Collecting amqp==5.4.2 (from -r a)\nCollecting six==1.17.0 (from -r a (line 1))\n"
            "  WARNING: Connection interrupted while downloading.\nerror: incomplete-download\n",
            "six==1.17.0 of a.lock could not be installed: the download broke off.",
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NameResolutionError': /simple/six/\n"
            "ERROR: Could not find a version that satisfies the requirement six==1.17.0 (from versions: none)\n"
            "ERROR: No matching distribution found for six==1.17.0\n",
            "six==1.17.0 of a.lock could not be installed: no package index answered with it.",
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement six==1.17.0 (from versions: 1.16.0)\n"
            "ERROR: No matching distribution found for six==1.17.0\n",
            "six==1.17.0 of a.lock could not be installed: the package index has no such file for Python 3.",
        ),
        (
            "Collecting amqp==5.4.2\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"
            "    six==1.17.0 from file:///f/six-1.17.0-py2.py3-none-any.whl (from -r a (line 1)):\n",
            "six==1.17.0 of a.lock could not be installed: the file that came is not the one",
        ),
        (
            "Collecting six==1.17.0\nERROR: Could not install packages due to an OSError: No space left on device\n",
            "six==1.17.0 of a.lock could not be installed: the disk is full.",
        ),
        ("ERROR: Something new.\n", "a package of a.lock could not be installed: Something new."),
        ("", "a package of a.lock could not be installed: pip stopped without giving a reason."),
    ],
)
def test_a_failure_names_the_package_and_what_to_do(said: str, told: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"\n$ pip list\nCollecting earlier==1.0\nerror: of an earlier command\n\n$ pip install\n{said}")
    lines = explained.failure(log, Path("a.lock")).splitlines()
    assert lines[0].startswith(told)
    assert lines[1].endswith(f"All that pip said: {log}")
    assert len(lines) == 2


def test_an_environment_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "a.lock").write_text("")
    with pytest.raises(Problem, match="can't be made: "):
        environment.prepare(tmp_path / "file" / "environment", tmp_path / "a.lock", stamp="a")
