"""Which branches the tests take: the rules of the house (engine and services) have none that no test takes."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bin.runner.data import ROOT
from bin.runner.problem import Problem, say

HELD = (
    "scoring/engine/*",
    "*/services/*",
    "*/services.py",
    "workflow/flow/endings.py",
    "workflow/filing/queries/claims.py",
    "workflow/review/queries/lines.py",
)


def variables(folder: Path) -> dict[str, str]:
    """What makes every Python process measure itself from its start (coverage's own hook), and keep it in `folder`."""
    return {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml"), "COVERAGE_FILE": str(folder / "branches")}


def require_every_branch(environment: Mapping[str, str]) -> None:
    """Name the lines and branches of engine and services that no test took; Problem if there are any."""
    say("== branches of engine and services")
    _coverage(["combine", "--quiet"], environment)
    if _coverage(["report", f"--include={','.join(HELD)}", "--fail-under=100", "--precision=2"], environment):
        raise Problem(
            "Some branches of the engine or of a service are taken by no test: the list above names them. "
            "(A page's test counts where it is marked `both`.)"
        )


def _coverage(arguments: list[str], environment: Mapping[str, str]) -> int:
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], env=dict(environment), check=False).returncode
