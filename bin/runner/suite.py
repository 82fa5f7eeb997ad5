"""bin/test: the checks of the code, then all tests on PostgreSQL and on SQLite."""

import contextlib
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bin.runner import catalogues, measured, postgres, system
from bin.runner.data import ROOT
from bin.runner.problem import Problem, say

CHECKS = (
    ("ruff check", ["ruff", "check", "--quiet", "."]),
    ("ruff format --check", ["ruff", "format", "--check", "--quiet", "."]),
    ("mypy --strict", ["mypy"]),
    ("import-linter", ["lint-imports", "--no-logo"]),
    ("djlint --check", ["djlint", "--check", "templates", "demo/templates"]),
    # What it compiles and keeps, each of the processes that run the tests would compile for itself.
    ("pytest --collect-only", ["pytest", "--collect-only", "-qq"]),
)
NOTHING_COLLECTED = 5  # pytest's exit code
FOR_ALL = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-q"]  # shared out by tests/support/sharing.py
# How many processes "auto" means: one more on SQLite, where browsers and started systems are waited for.
PROCESSES = "PYTEST_XDIST_AUTO_NUM_WORKERS"
# The environment of the caller must not lead the tests to real data or real services, nor change what they expect.
NOT_OURS = frozenset(
    {
        "ALLOWED_HOSTS",
        "BEHIND_TLS",
        "CELERY_TASK_ALWAYS_EAGER",
        "COVERAGE_FILE",
        "COVERAGE_PROCESS_START",
        "DATABASE_URL",
        "DEBUG",
        "EMAIL_URL",
        "LOG_LEVEL",
        "PYTHONDONTWRITEBYTECODE",  # every program that a test starts would compile the whole house again
        "REDIS_URL",
        "SECRET_KEY",
    }
)
NOT_OURS_BY_KIND = ("KAOHE_", "S3_")
OF_THE_TESTS = frozenset({"KAOHE_SHOTS"})  # a folder: the walks through the browser leave their screenshots there


def main(arguments: list[str]) -> int:
    """Without arguments checks, runs and measures everything; with arguments runs what they name, on both databases."""
    os.chdir(ROOT)
    catalogues.compile_all()
    with tempfile.TemporaryDirectory(prefix="kaohe-test-", ignore_cleanup_errors=True) as folder:
        variables = environment(folder)
        if not arguments:
            check_code(variables)
        variables["CHROMIUM"] = system.chromium()
        with contextlib.ExitStack() as services:
            url = os.environ.get("TEST_POSTGRES_URL") or services.enter_context(
                postgres.private(Path(folder) / "postgres")
            )
            on_postgres = variables | {"KAOHE_TEST_PASS": "postgres", "DATABASE_URL": url, PROCESSES: "2"}
            on_sqlite = variables | {"KAOHE_TEST_PASS": "sqlite", PROCESSES: "3"}
            if arguments:
                return one_after_the_other(arguments, on_postgres, on_sqlite)
            measuring = measured.variables(Path(folder))
            code = side_by_side(FOR_ALL, on_postgres, on_sqlite | measuring, Path(folder) / "postgres.out")
            if not code:
                measured.require_every_branch(variables | measuring)
            return code


def check_code(variables: dict[str, str]) -> None:
    """Runs the checks that need no test, side by side; Problem names the first that fails, after all that it said."""

    def run(check: tuple[str, list[str]]) -> "subprocess.CompletedProcess[str]":
        _title, (program, *arguments) = check
        command = [f"{sys.prefix}/bin/{program}", *arguments]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(len(CHECKS)) as pool:
        for (title, _command), ended in zip(CHECKS, pool.map(run, CHECKS), strict=True):
            say(f"== {title}")
            if ended.returncode:
                say(ended.stdout + ended.stderr)
                raise Problem(f"{title} failed.")


def environment(folder: str) -> dict[str, str]:
    """What the tests run in: temporary files in `folder`, and none of the caller's services."""
    clean = {name: value for name, value in os.environ.items() if not _is_the_callers(name)}
    return clean | {
        "TMPDIR": folder,
        "DEMO": "1",
        "KAOHE_VENV": sys.prefix,  # tests that start bin/start use this environment
        "PYTHONPATH": str(ROOT),
    }


def _is_the_callers(name: str) -> bool:
    return name in NOT_OURS or (name.startswith(NOT_OURS_BY_KIND) and name not in OF_THE_TESTS)


def one_after_the_other(arguments: list[str], on_postgres: dict[str, str], on_sqlite: dict[str, str]) -> int:
    """Runs both at the terminal, for whoever looks for a fault; the exit code of the first that fails, or 0.

    PostgreSQL comes first and ends the run when it fails, so that the last line is the summary that decides.
    """
    say("== tests on PostgreSQL")
    code = pytest(arguments, on_postgres)
    if code not in {0, NOTHING_COLLECTED}:
        return code
    say("== tests on SQLite")
    second = pytest(arguments, on_sqlite)
    return code if second == NOTHING_COLLECTED else second


def side_by_side(arguments: list[str], on_postgres: dict[str, str], on_sqlite: dict[str, str], out: Path) -> int:
    """Runs both at once, one working while the other waits; the exit code of the first that fails, or 0.

    SQLite's is at the terminal; what PostgreSQL's says goes to `out` and is told when both have ended.
    """
    say("== tests on SQLite, and at the same time on PostgreSQL")
    with out.open("wb") as told:
        beside = subprocess.Popen(_command(arguments), env=on_postgres, stdout=told, stderr=subprocess.STDOUT)
        with beside:
            code = pytest(arguments, on_sqlite)
    say("== tests on PostgreSQL")
    say(out.read_text(encoding="utf-8", errors="replace"))
    failed = {"SQLite": code, "PostgreSQL": beside.returncode}
    for database in (name for name, ended in failed.items() if ended):
        say(f"The tests on {database} failed: see above.")
    return code or beside.returncode


def pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Runs pytest; returns its exit code."""
    sys.stdout.flush()
    return subprocess.run(_command(arguments), env=variables, check=False).returncode


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]
