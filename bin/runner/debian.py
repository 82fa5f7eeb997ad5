"""Debian's packages: installed in one go, with apt-get's words in a log and its refusal in one line."""

import os
import re
import subprocess
import time
from pathlib import Path

WAIT = 600.0  # seconds for another apt-get that runs
PAUSE = 5.0  # between two tries: the option below waits for dpkg's lock alone, not for those of lists and archives
LOCKED = b"Could not get lock"


def install(packages: tuple[str, ...], log: Path) -> str:
    """Installs packages; returns why that was not possible, empty where it was."""
    log.parent.mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "--quiet", "--option", "Dpkg::Use-Pty=0", "--option", f"DPkg::Lock::Timeout={WAIT:.0f}"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    log.write_bytes(b"")
    # Lists that could not all be renewed may do: what is missing then, the second command says.
    _in_turn([*apt, "update"], environment, log)
    failed = _in_turn([*apt, "install", "--yes", "--no-install-recommends", *packages], environment, log)
    return _why(log, packages) if failed else ""


def _in_turn(command: list[str], environment: dict[str, str], log: Path) -> int:
    """Runs a command, and again as long as another apt-get holds a lock that it needs; its exit code."""
    patience = time.monotonic() + WAIT
    while True:
        begins = log.stat().st_size
        with log.open("ab") as output:
            code = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False).returncode
        if not code or LOCKED not in log.read_bytes()[begins:] or time.monotonic() > patience:
            return code
        time.sleep(PAUSE)


def _why(log: Path, packages: tuple[str, ...]) -> str:
    errors = re.findall(r"^E: (.+)", log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    reason = errors[-1].rstrip(".") if errors else "it gave no reason"
    return f"apt-get could not install {' and '.join(packages)}: {reason}. All that it said: {log}"
