"""bin/manage runs in the caller's folder, with the data and keys of bin/start."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import get_commands

from bin.runner import data as kept
from bin.runner import kind, manage, world
from bin.runner.data import DataDir
from bin.runner.kind import Kind
from tests.support import commands
from tests.support.source import ROOT

SHOW = (
    "import json, os; from django.conf import settings; "
    "print(json.dumps({'key': settings.SECRET_KEY, 'redis': settings.REDIS_URL, 'folder': os.getcwd(), "
    "'demo': settings.DEMO, 'database': str(settings.DATABASES['default']['NAME'])}))"
)


def _manage(*arguments: str, folder: Path, data: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(ROOT / "bin" / "manage"), *arguments]
    environment = commands.environment(KAOHE_DATA_DIR=str(data))
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "var"))
    return kept.locate()


@dataclass(frozen=True)
class Begun:
    """An installation that somebody began by its first account, and what they were told."""

    data: DataDir
    told: "subprocess.CompletedProcess[str]"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Begun:
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAOHE_DATA_DIR", str(folder / "var"))
        data = kept.locate()
    shutil.copy(tables, data.database)
    return Begun(data, _manage("add_account", "office1", "--role", "office", folder=folder, data=data.root))


def test_tables_are_made_before_the_first_command_that_needs_them(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def migrate(data: DataDir, _environment: dict[str, str]) -> None:
        done.append("migrate")
        data.database.touch()

    def run(command: str, *_arguments: str, environment: dict[str, str]) -> int:
        done.append(command)
        return 0

    monkeypatch.setattr(world, "migrate", migrate)
    monkeypatch.setattr(world, "manage", run)
    for name in ("office1", "office2"):
        manage.main(["add_account", name, "--role", "office"])
    assert done == ["migrate", "add_account", "add_account"]


def test_the_first_account_makes_the_data_a_real_installation_s(begun: Begun, tmp_path: Path) -> None:
    assert begun.told.returncode == 0, begun.told.stderr
    assert "office1" in begun.told.stdout
    assert kind.remembered(begun.data) == Kind.REAL
    refused = _manage("demo", folder=tmp_path, data=begun.data.root)
    assert refused.returncode == 1 and "DEMO=1" in refused.stderr
    assert kind.remembered(begun.data) == Kind.REAL


def test_the_command_sees_keys_data_and_the_folder_of_the_caller(begun: Begun, tmp_path: Path) -> None:
    ran = _manage("shell", "--no-imports", "-c", SHOW, folder=tmp_path, data=begun.data.root)
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)
    assert seen["key"] == kept.secret(begun.data, "secret-key")
    assert seen["folder"] == str(tmp_path)
    assert seen["database"] == str(begun.data.database)
    assert seen["demo"] is False
    assert seen["redis"] == ""


def test_the_command_uses_the_services_that_run(begun: Begun, tmp_path: Path) -> None:
    lock = kept.take(begun.data)
    assert lock
    kept.announce(begun.data, {"redis_url": "redis://:x@127.0.0.1:1/0", "base_url": "http://127.0.0.1:9"})
    ran = _manage("shell", "--no-imports", "-c", SHOW, folder=tmp_path, data=begun.data.root)
    lock.close()
    assert json.loads(ran.stdout)["redis"] == "redis://:x@127.0.0.1:1/0"


def test_the_exit_code_is_the_commands_own(data: DataDir, tmp_path: Path) -> None:
    assert _manage("no_such_command", folder=tmp_path, data=data.root).returncode != 0


def test_the_commands_that_get_tables_first_are_there() -> None:
    assert set(get_commands()) >= manage.NEED_TABLES


@pytest.mark.parametrize(
    ("arguments", "loads"),
    [
        (["demo"], True),
        (["demo", "--units", "10"], True),
        (["demo", "--report", "--json"], True),
        (["demo", "--accounts"], True),
        (["demo", "--help"], False),
        (["score", "demo"], False),
        ([], False),
    ],
)
def test_loading_the_demo_by_hand_is_remembered(arguments: list[str], loads: bool) -> None:
    assert manage.loads_demo(arguments) is loads
