"""What the programs of the system are started with."""

from pathlib import Path

import pytest

from bin.runner import data as kept
from bin.runner import environment as surroundings
from bin.runner.data import DataDir

NAMES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "KAOHE_FIELD_KEYS", "KAOHE_BASE_URL", "DEMO")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "var"))
    return kept.locate()


def test_keys_and_addresses_are_filled_in(data: DataDir) -> None:
    built = surroundings.build(data, demo=True, redis_url="redis://here", base_url="http://here")
    assert built["SECRET_KEY"] == kept.secret(data, "secret-key")
    assert built["KAOHE_FIELD_KEYS"] == kept.secret(data, "field-key")
    assert built["REDIS_URL"] == "redis://here"
    assert built["KAOHE_BASE_URL"] == "http://here"
    assert built["KAOHE_DATA_DIR"] == str(data.root)


def test_what_is_set_stays(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, f"my-{name}")
    built = surroundings.build(data, demo=True, redis_url="redis://here", base_url="http://here")
    assert {name: built[name] for name in NAMES} == {name: f"my-{name}" for name in NAMES} | {"DEMO": "1"}


def test_nothing_is_invented_for_what_does_not_run(data: DataDir) -> None:
    assert "REDIS_URL" not in surroundings.build(data, demo=True)


def test_every_program_is_told_whether_it_is_a_demo_s(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "yes")
    assert surroundings.build(data, demo=False)["DEMO"] == "0"
    assert surroundings.build(data, demo=True)["DEMO"] == "1"
