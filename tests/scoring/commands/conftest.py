"""Fixtures of the commands' tests."""

from pathlib import Path

import pytest

from tests.scoring.commands.running import Run, runner, write
from tests.support.schemes import a_body


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `manage.py` with the words given."""
    return runner(capsys)


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    """A file with a small scheme: a district track with all components, a society track with one."""
    return write(tmp_path / "scheme.json", a_body())
