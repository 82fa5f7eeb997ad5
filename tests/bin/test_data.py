"""The data directory: its keys, its lock, and what a fresh start deletes."""

import stat
from pathlib import Path

import pytest

from bin.runner import data as kept
from bin.runner.data import DataDir
from bin.runner.problem import Problem


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "var"))
    return kept.locate()


def test_the_default_is_var_in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAOHE_DATA_DIR", raising=False)
    assert (kept.ROOT / "manage.py").exists()
    assert DataDir(kept.ROOT / "var").database == kept.ROOT / "var" / "kaohe.sqlite3"


def test_a_directory_that_cannot_be_made_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "file" / "var"))
    with pytest.raises(Problem, match="can't be written"):
        kept.locate()


def test_a_key_is_made_once_and_private(data: DataDir) -> None:
    key = kept.secret(data, "secret-key")
    assert len(key) == 44
    assert kept.secret(data, "secret-key") == key
    assert kept.secret(data, "field-key") != key
    for path in (data.root / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(path.name for path in (data.root / "keys").iterdir()) == ["field-key", "secret-key"]


def test_only_one_start_holds_the_directory(data: DataDir) -> None:
    lock = kept.take(data)
    assert lock
    assert kept.take(data) is None
    lock.close()
    again = kept.take(data)
    assert again
    again.close()


def test_what_runs_is_known_only_while_it_runs(data: DataDir) -> None:
    lock = kept.take(data)
    assert lock
    kept.announce(data, {"base_url": "http://127.0.0.1:1"})
    assert kept.running(data) == {"base_url": "http://127.0.0.1:1"}
    assert stat.S_IMODE(data.services.stat().st_mode) == 0o600
    lock.close()
    assert kept.running(data) == {}


def test_a_start_that_has_not_said_anything_yet_is_no_error(data: DataDir) -> None:
    with kept.take(data) as lock:  # type: ignore[union-attr]  # nobody else holds it
        assert lock
        assert kept.running(data) == {}


def test_wipe_deletes_everything_but_the_mark(data: DataDir) -> None:
    kept.secret(data, "secret-key")
    data.database.write_text("x")
    (data.root / "private").mkdir()
    (data.root / "private" / "file").write_text("x")
    kept.wipe(data)
    assert not data.database.exists()
    assert not (data.root / "keys").exists()
    assert not (data.root / "private").exists()
    assert data.logs.is_dir()


def test_wipe_leaves_a_directory_that_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    with pytest.raises(Problem, match="was not made by bin/start"):
        kept.wipe(kept.locate())
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_wipe_does_not_follow_links(data: DataDir, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "letter.txt").write_text("mine")
    (data.root / "private").symlink_to(tmp_path / "elsewhere")
    kept.wipe(data)
    assert (tmp_path / "elsewhere" / "letter.txt").exists()


def test_a_half_loaded_world_is_forgotten_but_not_the_keys(data: DataDir) -> None:
    key = kept.secret(data, "secret-key")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{data.database}{suffix}").write_text("x")
    (data.root / "mail").mkdir()
    kept.forget_world(data)
    assert not list(data.root.glob("kaohe.sqlite3*"))
    assert not (data.root / "mail").exists()
    assert kept.secret(data, "secret-key") == key


def test_what_an_earlier_version_let_others_read_is_tightened(data: DataDir, tmp_path: Path) -> None:
    outside = tmp_path / "letter.txt"
    outside.write_text("mine")
    outside.chmod(0o644)
    folder = data.root / "private" / "2026"
    folder.mkdir(parents=True)
    (folder / "roster.xlsx").write_text("x")
    (data.root / "link").symlink_to(outside)
    for path in (data.root, *data.root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o664)
    kept.tighten(data)
    assert _open_to_others(data.root) == []
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644, "no link is followed"


def test_only_what_is_ours_is_tightened_in_a_directory_of_somebody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    (tmp_path / "letter.txt").chmod(0o644)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    data = kept.locate()
    data.database.touch(0o644)
    data.database.chmod(0o644)
    kept.tighten(data)
    assert _open_to_others(data.root) == [tmp_path / "letter.txt"]


def _open_to_others(folder: Path) -> list[Path]:
    return [
        path
        for path in (folder, *folder.rglob("*"))
        if not path.is_symlink() and path.stat().st_mode & kept.PRIVATE and path != folder
    ]


def test_each_database_remembers_its_own_demo(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    embedded = data.demo_loaded
    monkeypatch.setenv("DATABASE_URL", "postgres://example.org/one")
    one = data.demo_loaded
    monkeypatch.setenv("DATABASE_URL", "postgres://example.org/two")
    assert len({embedded, one, data.demo_loaded}) == 3
