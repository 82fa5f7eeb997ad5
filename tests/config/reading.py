"""Reads the settings as a new process does, with an environment of the test's own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.source import ROOT

SHOW = (
    "import json, sys; from config import settings; "
    "print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))"
)
# What a process needs to run at all; nothing else of the caller reaches the settings.
NEEDED = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")


def _run(command: list[str], data: Path, variables: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
    environment |= {"KAOHE_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(command, env=environment, cwd=data.parent, capture_output=True, text=True, check=False)


def settings(data: Path, *names: str, **variables: str) -> dict[str, Any]:
    """These settings, read with these variables; `data` is the data directory."""
    ran = _run([sys.executable, "-P", "-c", SHOW, *names], data, variables)
    assert ran.returncode == 0, ran.stderr
    values: dict[str, Any] = json.loads(ran.stdout)
    return values


def manage(data: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A management command with these variables."""
    return _run([sys.executable, "-P", str(ROOT / "manage.py"), *arguments], data, variables)
