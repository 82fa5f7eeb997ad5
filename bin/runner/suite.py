"""bin/test: the checks of the code, then all tests on PostgreSQL and on SQLite."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bin.runner import catalogues, measured, postgres, queue, system
from bin.runner.children import stop
from bin.runner.data import ROOT
from bin.runner.problem import Problem, say

CHECKS = (
    ("ruff check", ["ruff", "check", "--quiet", "."]),
    ("ruff format --check", ["ruff", "format", "--check", "--quiet", "."]),
    ("mypy --strict", ["mypy"]),
    ("import-linter", ["lint-imports", "--no-logo"]),
)
NOTHING_COLLECTED = 5  # pytest's exit code
FOR_ALL = ["-n", "2", "--dist", "worksteal", "-q"]
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
        "REDIS_URL",
        "SECRET_KEY",
    }
)
NOT_OURS_BY_KIND = ("KAOHE_", "S3_")
OF_THE_TESTS = frozenset({"KAOHE_SHOTS"})  # a folder: the walks through the browser leave their screenshots there


def main(arguments: list[str]) -> int:
    """Without arguments checks, runs and measures everything; with arguments runs what they name, on both databases.

    PostgreSQL comes first and ends the run when it fails, so that the last line is the summary that decides.
    """
    os.chdir(ROOT)
    catalogues.compile_all()
    with tempfile.TemporaryDirectory(prefix="kaohe-test-", ignore_cleanup_errors=True) as folder:
        variables = environment(folder)
        if not arguments:
            check_code(variables)
        variables["CHROMIUM"] = system.chromium()
        with contextlib.ExitStack() as services:
            variables["TEST_REDIS_URL"] = services.enter_context(_queue(Path(folder)))
            url = os.environ.get("TEST_POSTGRES_URL") or services.enter_context(
                postgres.private(Path(folder) / "postgres")
            )
            if arguments:
                return _both(arguments, variables, url)
            measuring = measured.variables(Path(folder))
            code = _both(FOR_ALL, variables, url, also_on_sqlite=measuring)
            if not code:
                measured.require_every_branch(variables | measuring)
            return code


def check_code(variables: dict[str, str]) -> None:
    """Runs the checks that need no test; Problem names the first that fails."""
    for title, command in CHECKS:
        say(f"== {title}")
        if subprocess.run([f"{sys.prefix}/bin/{command[0]}", *command[1:]], env=variables, check=False).returncode:
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


@contextlib.contextmanager
def _queue(folder: Path) -> Iterator[str]:
    child, url = queue.embedded(folder, folder / "queue.log")
    child.start()
    try:
        queue.wait_ready(child, url)
        yield url
    finally:
        stop([child], grace=5.0, hurry=lambda: False)


def _both(
    arguments: list[str], variables: dict[str, str], url: str, *, also_on_sqlite: Mapping[str, str] | None = None
) -> int:
    say("== tests on PostgreSQL")
    code = pytest(arguments, variables | {"KAOHE_TEST_PASS": "postgres", "DATABASE_URL": url})
    if code not in {0, NOTHING_COLLECTED}:
        return code
    say("== tests on SQLite")
    second = pytest(arguments, {**variables, "KAOHE_TEST_PASS": "sqlite", **(also_on_sqlite or {})})
    return code if second == NOTHING_COLLECTED else second


def pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Runs pytest; returns its exit code."""
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env=variables, check=False).returncode
