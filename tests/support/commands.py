"""Runs the commands of bin/ as a person does: nothing of the tests' own settings reaches them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.source import NOT_OURS, ROOT

OF_THE_TESTS = {
    "COVERAGE_FILE",
    "COVERAGE_PROCESS_START",
    "DATABASE_URL",
    "DEMO",
    "DJANGO_SETTINGS_MODULE",
    "KAOHE_BASE_URL",
    "KAOHE_DATA_DIR",
    "KAOHE_FIELD_KEYS",
    "LOG_LEVEL",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "REDIS_URL",
    "SECRET_KEY",
}


def environment(**variables: str) -> dict[str, str]:
    """The caller's environment without what the tests set, in the Python environment of the tests."""
    clean = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    return clean | {"KAOHE_VENV": sys.prefix} | variables


def git(folder: Path, *arguments: str) -> str:
    """What git prints in this folder."""
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def checkout(folder: Path) -> Path:
    """A copy of the checkout with everything committed, as a fresh clone has it, but for what Python has compiled."""
    ignored = shutil.ignore_patterns(*NOT_OURS - {"__pycache__"}, "*_cache", "*-pytest-*", "*.mo")
    shutil.copytree(ROOT, folder, ignore=ignored)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return folder
