"""Whether data are a demo's or a real installation's is decided once; what is asked for later can't change it."""

from pathlib import Path

import pytest

from bin.runner import data as kept
from bin.runner import kind, start
from bin.runner.data import DataDir
from bin.runner.kind import Kind
from bin.runner.problem import Problem
from tests.support.commands import OF_THE_TESTS


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    for name in OF_THE_TESTS - {"PYTHONPATH"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "var"))
    return kept.locate()


def test_nothing_is_remembered_before_the_first_start(data: DataDir) -> None:
    assert kind.remembered(data) is None
    assert kind.decide(data, otherwise=Kind.DEMO) == Kind.DEMO
    assert kind.decide(data, otherwise=Kind.REAL) == Kind.REAL


@pytest.mark.parametrize("made", list(Kind))
def test_what_was_decided_stays_without_being_said_again(data: DataDir, made: Kind) -> None:
    kind.remember(data, made)
    for usual in Kind:
        assert kind.decide(data, otherwise=usual) == made


def test_no_demo_and_the_variable_decide_before_what_is_usual(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kind.decide(data, otherwise=Kind.DEMO, no_demo=True) == Kind.REAL
    monkeypatch.setenv("DEMO", "off")
    assert kind.decide(data, otherwise=Kind.DEMO) == Kind.REAL
    monkeypatch.setenv("DEMO", "yes")
    assert kind.decide(data, otherwise=Kind.REAL) == Kind.DEMO


@pytest.mark.parametrize(("made", "word"), [(Kind.DEMO, "0"), (Kind.REAL, "1")])
def test_data_of_one_kind_are_never_run_as_the_other(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, made: Kind, word: str
) -> None:
    kind.remember(data, made)
    monkeypatch.setenv("DEMO", word)
    with pytest.raises(Problem, match="--fresh") as told:
        kind.decide(data, otherwise=made)
    assert "\n" not in str(told.value)


def test_a_contradiction_is_told(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "1")
    with pytest.raises(Problem, match="contradict"):
        start.main(["--no-demo"])


def test_each_database_has_its_own(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    kind.remember(data, Kind.DEMO)
    monkeypatch.setenv("DATABASE_URL", "postgres://example.org/real")
    assert kind.remembered(data) is None
    kind.remember(data, Kind.REAL)
    monkeypatch.delenv("DATABASE_URL")
    assert kind.remembered(data) == Kind.DEMO


@pytest.mark.parametrize(("noted", "made"), [("", Kind.DEMO), ("declined\n", Kind.REAL)])
def test_what_earlier_versions_noted_is_understood(data: DataDir, noted: str, made: Kind) -> None:
    data.demo_loaded.write_text(noted)
    assert kind.remembered(data) == made


def test_a_fresh_start_may_decide_anew(data: DataDir) -> None:
    kind.remember(data, Kind.DEMO)
    kept.wipe(data)
    assert kind.decide(data, otherwise=Kind.DEMO, no_demo=True) == Kind.REAL
