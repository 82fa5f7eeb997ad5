"""Tables are brought up to date when migrations changed, and not otherwise; a demo is loaded once."""

from pathlib import Path

import pytest

from bin.runner import data as kept
from bin.runner import environment as surroundings
from bin.runner import world
from bin.runner.data import DataDir
from tests.support.commands import OF_THE_TESTS


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    for name in OF_THE_TESTS - {"PYTHONPATH"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "var"))
    return kept.locate()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with one migration and a lock."""
    folder = tmp_path / "room" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").write_text("first")
    (tmp_path / "requirements.lock").write_text("django==5.2")
    return tmp_path


def test_tables_are_made_where_the_database_is_gone_and_only_once(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[str] = []

    def manage(command: str, *_options: str, **_more: object) -> int:
        commands.append(command)
        data.database.touch()
        return 0

    monkeypatch.setattr(world, "manage", manage)
    data.tables.write_text(world.fingerprint(kept.ROOT))
    for _time in range(2):
        world.migrate(data, {})
    assert commands == ["migrate"]
    assert data.tables.read_text() == world.fingerprint(kept.ROOT)


def test_a_database_that_cannot_be_migrated_is_told(data: DataDir, capfd: pytest.CaptureFixture[str]) -> None:
    data.database.mkdir()
    with pytest.raises(kept.Problem, match="could not be brought up to date"):
        world.migrate(data, surroundings.build(data, demo=True))
    assert not data.tables.exists()
    assert capfd.readouterr().err


def test_a_new_migration_and_a_new_lock_change_the_fingerprint(tree: Path) -> None:
    seen = {world.fingerprint(tree)}
    (tree / "room" / "migrations" / "0002_more.py").write_text("second")
    seen.add(world.fingerprint(tree))
    (tree / "requirements.lock").write_text("django==5.3")
    seen.add(world.fingerprint(tree))
    assert len(seen) == 3


def test_a_half_loaded_demo_begins_anew(data: DataDir, capsys: pytest.CaptureFixture[str]) -> None:
    data.demo_begun.touch()
    data.database.write_text("half")
    world.clear_half_loaded(data)
    assert not data.database.exists()
    assert "begins anew" in capsys.readouterr().out


def test_a_command_ends_when_the_end_is_asked_for(data: DataDir) -> None:
    code = world.manage("shell", "-c", "input()", environment=surroundings.build(data, demo=True), asked=lambda: True)
    assert code != 0
