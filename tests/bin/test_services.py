"""Ports, the embedded queue server, the private PostgreSQL and the catalogues."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from bin.runner import catalogues, ports, postgres, queue
from bin.runner.children import Child, stop
from bin.runner.problem import Problem

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Sign in"\nmsgstr "{}"\n'


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        yield server.getsockname()[1]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Child, str]]:
    child, url = queue.embedded(tmp_path, tmp_path / "queue.log")
    child.start()
    queue.wait_ready(child, url)
    yield child, url
    stop([child], grace=5, hurry=lambda: False)


def test_a_taken_port_is_passed_over(taken: int) -> None:
    assert not ports.is_free("127.0.0.1", taken)
    assert ports.choose("127.0.0.1", taken) > taken


def test_a_port_that_leftovers_share_is_passed_over() -> None:
    """A server on all addresses leaves a single one free in some systems' eyes: somebody answers there all the same."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("0.0.0.0", 0))  # noqa: S104  what is to be found
        server.listen(1)
        port = server.getsockname()[1]
        assert not ports.is_free("127.0.0.1", port)
        assert ports.listeners("127.0.0.1", port) == {os.getpid()}
    assert ports.listeners("127.0.0.1", port) == set()


def test_a_server_at_another_address_disturbs_nobody(taken: int) -> None:
    assert ports.listeners("127.0.0.1", taken) == {os.getpid()}
    assert ports.listeners("::1", taken) == set()
    assert ports.listeners("::", taken) == {os.getpid()}


def test_a_free_port_is_taken_as_wished() -> None:
    port = ports.any_free()
    assert ports.choose("127.0.0.1", port) == port


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(Problem, match="No server can listen on"):
        ports.choose("192.0.2.1", 8000)


def test_no_port_is_left_above_the_last() -> None:
    with pytest.raises(Problem, match="--port"):
        ports.choose("127.0.0.1", 65536)


def test_the_queue_asks_for_its_password(server: tuple[Child, str]) -> None:
    _child, url = server
    assert redis.Redis.from_url(url).ping()
    port = url.rsplit(":", 1)[1].split("/")[0]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(host="127.0.0.1", port=int(port)).ping()


def test_the_password_is_not_seen_in_the_list_of_programs(server: tuple[Child, str]) -> None:
    child, url = server
    assert child.guarded
    password = url.split("@")[0].rsplit(":", 1)[1]
    lines = [member.cmdline() for member in child.guarded.family()]
    assert len(lines) == 2 and not [line for line in lines if password in " ".join(line)]


def test_the_queue_keeps_its_data_over_a_restart(server: tuple[Child, str]) -> None:
    child, url = server
    redis.Redis.from_url(url).set("kept", "yes")
    stop([child], grace=10, hurry=lambda: False)
    child.start()
    queue.wait_ready(child, url)
    assert redis.Redis.from_url(url).get("kept") == b"yes"


def test_a_queue_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    child, url = queue.embedded(tmp_path, tmp_path / "queue.log")
    child.standard_input = "no such setting\n"
    child.start()
    with pytest.raises(Problem, match="did not start"):
        queue.wait_ready(child, url)


def test_postgres_comes_and_goes(tmp_path: Path) -> None:
    short = Path(tempfile.mkdtemp(prefix="pg-"))  # the path of a socket is short, and tmp_path is not
    with postgres.private(short) as url:
        folder = url.split("@")[1].split("/")[0].replace("%2F", "/")
        with psycopg.connect(host=folder, user="postgres", dbname="postgres") as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
    assert not short.exists()


def test_a_catalogue_is_compiled_once(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO.format("登录"), encoding="utf-8")
    assert catalogues.compile_all(tmp_path) == 1
    assert "登录".encode() in source.with_suffix(".mo").read_bytes()
    assert catalogues.compile_all(tmp_path) == 0
    source.write_text(PO.format("进入"), encoding="utf-8")
    assert catalogues.compile_all(tmp_path) == 1
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
    assert source.with_suffix(".mo").stat().st_mode == source.stat().st_mode, "a server of another user reads it too"


def test_a_broken_catalogue_is_told_in_one_line(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO.format("登录") + "<<<<<<< a conflict\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"django\.po"):
        catalogues.compile_all(tmp_path)
