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
    built = surroundings.build(data, redis_url="redis://here", base_url="http://here")
    assert built["SECRET_KEY"] == kept.secret(data, "secret-key")
    assert built["KAOHE_FIELD_KEYS"] == kept.secret(data, "field-key")
    assert built["REDIS_URL"] == "redis://here"
    assert built["KAOHE_BASE_URL"] == "http://here"
    assert built["KAOHE_DATA_DIR"] == str(data.root)


def test_what_is_set_stays(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, f"my-{name}")
    built = surroundings.build(data, redis_url="redis://here", base_url="http://here")
    assert {name: built[name] for name in NAMES} == {name: f"my-{name}" for name in NAMES}


def test_nothing_is_invented_for_what_does_not_run(data: DataDir) -> None:
    assert "REDIS_URL" not in surroundings.build(data)


def test_the_demo_is_on_for_the_embedded_database(data: DataDir) -> None:
    assert surroundings.is_demo(surroundings.build(data))


def test_the_demo_is_off_for_an_outside_database(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://example.org/real")
    assert not surroundings.is_demo(surroundings.build(data))


@pytest.mark.parametrize("value", ["0", "false", "no", "off"])
def test_the_demo_can_be_switched_off(data: DataDir, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEMO", value)
    assert not surroundings.is_demo(surroundings.build(data))
