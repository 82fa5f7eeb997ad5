"""Runs a management command as a shell does: its own parser, real exit codes, streams that must hold UTF-8.

What `manage.py` itself adds is left out: it closes the database behind the test.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class


@dataclass(frozen=True)
class Outcome:
    """What a person at the shell sees."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


def runner(capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `manage.py` with the words given."""

    def run(name: str, *words: object) -> Outcome:
        code: object = 0
        command = load_command_class("scoring", name)
        setattr(command, "_called_from_command_line", True)  # noqa: B010  Django's own name; usage leaves with 2 by it
        try:
            options = vars(command.create_parser("manage.py", name).parse_args([*map(str, words)]))
            command.execute(*options.pop("args", ()), **options)
        except SystemExit as left:
            code = left.code or 0
        out, err = capsys.readouterr()
        assert isinstance(code, int) and "Traceback" not in err
        return Outcome(code, out, err)

    return run


def write(path: Path, body: Any) -> Path:
    """Write bytes or text as they are, anything else as JSON."""
    if isinstance(body, bytes):
        path.write_bytes(body)
    else:
        path.write_text(body if isinstance(body, str) else json.dumps(body, ensure_ascii=False), encoding="utf-8")
    return path
