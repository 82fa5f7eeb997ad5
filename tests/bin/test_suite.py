"""Both passes of bin/test decide: what either says is told, and a failure of either is the end's exit code."""

import sys
from pathlib import Path

import pytest

from bin.runner import suite

# A pytest that says where it runs and fails where it is told to.
PASS = "import os, sys; print('ran on', os.environ['ON'], *sys.argv[1:]); sys.exit(int(os.environ['ENDS']))"


@pytest.fixture(autouse=True)
def _passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "_command", lambda arguments: [sys.executable, "-c", PASS, *arguments])


def side_by_side(postgres: int, sqlite: int, folder: Path) -> int:
    """The exit code of both passes, of which each ends with its own."""
    on_postgres, on_sqlite = ({"ON": name, "ENDS": str(code)} for name, code in (("P", postgres), ("S", sqlite)))
    return suite.side_by_side(["-q"], on_postgres, on_sqlite, folder / "out")


@pytest.mark.parametrize(
    ("postgres", "sqlite", "failed"), [(0, 0, []), (1, 0, ["PostgreSQL"]), (0, 1, ["SQLite"]), (2, 1, ["SQLite"])]
)
def test_a_failure_of_either_pass_fails_the_whole_and_is_named_at_the_end(
    postgres: int, sqlite: int, failed: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert bool(side_by_side(postgres, sqlite, tmp_path)) is bool(failed)
    said = capfd.readouterr().out
    assert "ran on S -q" in said
    assert "ran on P -q" in said, "what the pass beside it says is told too"
    for name in failed:
        assert f"The tests on {name} failed" in said


@pytest.mark.parametrize(
    ("postgres", "sqlite", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (5, 0, 0), (0, 5, 0), (5, 5, 5)]
)
def test_what_is_named_runs_on_one_after_the_other(postgres: int, sqlite: int, code: int) -> None:
    """Nothing found on one of them is no failure; nothing found on either is."""
    on_postgres, on_sqlite = ({"ON": name, "ENDS": str(ends)} for name, ends in (("P", postgres), ("S", sqlite)))
    assert suite.one_after_the_other(["-q"], on_postgres, on_sqlite) == code
