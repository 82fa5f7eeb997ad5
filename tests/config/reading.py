"""Reads the settings anew, and runs commands, with an environment of the test's own."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.support.source import ROOT

# What a process needs to run at all; nothing else of the caller reaches the settings.
NEEDED = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")


def _environment(data: Path, variables: dict[str, str]) -> dict[str, str]:
    needed = {name: os.environ[name] for name in NEEDED if name in os.environ}
    return needed | {"KAOHE_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)} | variables


def settings(data: Path, *names: str, **variables: str) -> dict[str, Any]:
    """These settings, read anew with these variables; `data` is the data directory."""
    mask = os.umask(0o022)
    try:
        with patch.dict(os.environ, _environment(data, variables), clear=True):
            read = runpy.run_path(str(ROOT / "config" / "settings.py"))
    finally:
        os.umask(mask)
    values: dict[str, Any] = json.loads(json.dumps({name: read.get(name) for name in names}, default=str))
    return values


def manage(data: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A management command with these variables."""
    command, environment = [sys.executable, "-P", str(ROOT / "manage.py"), *arguments], _environment(data, variables)
    return subprocess.run(command, env=environment, cwd=data.parent, capture_output=True, text=True, check=False)
