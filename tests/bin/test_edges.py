"""The runner at its edges: odd ports, two commands at once, what is left behind, switches as the settings read them."""

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from marshmallow.fields import Boolean

from bin.runner import data as kept
from bin.runner import environment as surroundings
from bin.runner import ports, queue, start, suite
from bin.runner.children import TAIL, Child, stop
from bin.runner.data import ROOT, DataDir
from bin.runner.problem import Problem, say
from tests.support.waiting import eventually

WRITTEN = sorted({word for word in Boolean.truthy | Boolean.falsy if isinstance(word, str)})


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    for name in ("DATABASE_URL", "REDIS_URL", "DEMO", "SECRET_KEY", "KAOHE_FIELD_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "var"))
    return kept.locate()


# ---- ports ----


@pytest.fixture(params=["127.0.0.1", "::1"])
def taken(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    host = str(request.param)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
        server.bind((host, 0))
        server.listen(1)
        yield host, server.getsockname()[1]


def test_the_next_port_that_is_free_is_taken_on_either_loopback(taken: tuple[str, int]) -> None:
    host, port = taken
    found = ports.choose(host, port)
    assert port < found < port + ports.TRIES
    assert ports.is_free(host, found)


def test_nought_is_any_port_and_another_each_time_it_is_taken() -> None:
    first = ports.choose("127.0.0.1", 0)
    with socket.socket() as server:
        server.bind(("127.0.0.1", first))
        server.listen(1)
        assert ports.choose("127.0.0.1", 0) not in (0, first)


def test_the_last_port_is_a_port() -> None:
    if ports.is_free("127.0.0.1", 65535):
        assert ports.choose("127.0.0.1", 65535) == 65535


def test_a_port_that_was_just_left_is_free_again() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    assert ports.is_free("127.0.0.1", port)


def test_a_name_that_nobody_knows_is_told_in_one_line() -> None:
    with pytest.raises(Problem, match="No server can listen on no") as told:
        ports.choose("no.such.host.invalid", 8000)
    assert "\n" not in str(told.value)


# ---- the data directory ----


def test_an_empty_name_of_the_directory_is_no_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAOHE_DATA_DIR", "")
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    assert kept.locate().root == tmp_path / "var"


def test_a_relative_name_is_made_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAOHE_DATA_DIR", "here/var")
    assert kept.locate().root == tmp_path / "here" / "var"


def test_folders_of_logs_and_queue_are_for_the_owner_alone(data: DataDir) -> None:
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (data.logs, data.queue)} == {0o700}


@pytest.mark.parametrize("text", ["", "{", '{"redis_url": ', "\x00"])
def test_what_a_start_has_half_written_is_as_if_it_had_said_nothing(data: DataDir, text: str) -> None:
    lock = kept.take(data)
    assert lock
    data.services.write_text(text)
    assert kept.running(data) == {}
    lock.close()


def test_the_name_of_a_database_s_mark_tells_nothing_of_its_password(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://kaohe:geheim@db.example.org/kaohe")
    assert not {"geheim", "kaohe:", "example"} & set(data.demo_loaded.name.replace("-", " ").split())
    assert "geheim" not in data.demo_loaded.name


def test_two_commands_at_once_make_one_key(data: DataDir) -> None:
    code = "from bin.runner import data; print(data.secret(data.locate(), 'secret-key'))"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    commands = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {command.communicate()[0].strip() for command in commands}
    assert keys == {kept.secret(data, "secret-key")}
    assert [path.name for path in (data.root / "keys").iterdir()] == ["secret-key"], "no draft is left"


def test_only_what_was_announced_last_is_told(data: DataDir) -> None:
    lock = kept.take(data)
    assert lock
    kept.announce(data, {"base_url": "http://127.0.0.1:8000/a-long-address"})
    kept.announce(data, {"base_url": "http://127.0.0.1:1"})
    assert json.loads(data.services.read_text()) == {"base_url": "http://127.0.0.1:1"}
    lock.close()


# ---- starting ----


def test_a_fresh_start_never_empties_an_outside_database(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example.org/real")
    data.database.write_text("kept")
    with pytest.raises(Problem, match="--fresh empties the embedded database only"):
        start.main(["--fresh"])
    assert data.database.read_text() == "kept"
    again = kept.take(data)
    assert again, "and the directory is free again"
    again.close()


@pytest.mark.parametrize(
    ("said", "told"), [({}, "an address not known yet"), ({"base_url": "http://127.0.0.1:8123"}, "127.0.0.1:8123")]
)
def test_a_second_start_says_where_the_first_one_is(data: DataDir, said: dict[str, str], told: str) -> None:
    lock = kept.take(data)
    assert lock
    kept.announce(data, said)
    with pytest.raises(Problem, match=told) as problem:
        start.main([])
    assert "\n" not in str(problem.value)
    lock.close()


@pytest.mark.parametrize("arguments", [["--port", "many"], ["--prot", "8000"], ["now"]])
def test_wrong_usage_exits_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        start.main(arguments)
    assert ended.value.code == 2
    assert "usage: bin/start" in capsys.readouterr().err


# ---- the environment ----


@pytest.mark.parametrize("written", WRITTEN)
def test_the_demo_s_switch_is_read_as_the_settings_read_it(written: str) -> None:
    assert surroundings.is_on(written) is (written in Boolean.truthy)


def test_a_variable_that_is_set_to_nothing_is_filled_in(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "KAOHE_FIELD_KEYS", "REDIS_URL"):
        monkeypatch.setenv(name, "")
    built = surroundings.build(data, demo=True, redis_url="redis://here")
    assert built["SECRET_KEY"] == kept.secret(data, "secret-key")
    assert built["REDIS_URL"] == "redis://here"


def test_the_programs_find_the_code_from_any_folder(data: DataDir) -> None:
    assert surroundings.build(data, demo=True)["PYTHONPATH"] == str(ROOT)


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "S3_BUCKET", "KAOHE_DATA_DIR", "SECRET_KEY"]
)
def test_the_tests_never_reach_what_the_caller_works_with(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "the caller's own")
    assert name not in suite.environment("/tmp/of-the-tests")  # noqa: S108  a name, never opened


# ---- children and the terminal ----


def test_a_log_is_kept_over_a_restart_and_its_end_is_shown(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.buffer.write(b'\\xff\\n' + b'line\\n' * 30)"
    child = Child("child", [sys.executable, "-c", code], {}, tmp_path / "log", tmp_path)
    for _ in range(2):
        child.start()
        eventually(lambda: not child.alive, "the child ended")
    assert child.log.read_bytes().count(b"line") == 60
    assert child.tail().splitlines() == ["    line"] * TAIL
    stop([child], grace=0, hurry=lambda: True)


def test_a_child_sees_its_own_environment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_CALLER", "secret")
    code = "import os; print(sorted(name for name in os.environ if name != 'LC_CTYPE'))"
    child = Child("child", [sys.executable, "-c", code], {"OF_THE_CHILD": "1"}, tmp_path / "log", tmp_path)
    child.start()
    eventually(lambda: not child.alive, "the child ended")
    assert child.tail().strip() == "['OF_THE_CHILD']"
    stop([child], grace=0, hurry=lambda: True)


def test_the_queue_keeps_its_data_in_a_folder_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "我的 数据"
    folder.mkdir()
    child, url = queue.embedded(folder, tmp_path / "queue.log")
    child.start()
    queue.wait_ready(child, url)
    redis.Redis.from_url(url).set("kept", "yes")
    stop([child], grace=10, hurry=lambda: False)
    assert [path.name for path in folder.iterdir()] == ["dump.rdb"]


def test_a_terminal_that_has_gone_is_no_reason_to_stop() -> None:
    code = "from bin.runner.problem import say; import os; os.close(1); say('anybody there?'); os._exit(0)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_what_is_said_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("一")
    say()
    assert capsys.readouterr().out == "一\n\n"
