"""Debian's packages: installed in one go, with apt-get's words in a log and its refusal in one line."""

import os
import re
import subprocess
from pathlib import Path

WAIT = 600  # seconds for another apt-get that runs; the option covers its lists, its archives and dpkg


def install(packages: tuple[str, ...], log: Path) -> str:
    """Installs packages; returns why that was not possible, empty where it was."""
    log.parent.mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "--quiet", "--option", "Dpkg::Use-Pty=0", "--option", f"DPkg::Lock::Timeout={WAIT}"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    with log.open("wb") as output:
        # Lists that could not all be renewed may do: what is missing then, the second command says.
        subprocess.run([*apt, "update"], env=environment, stdout=output, stderr=output, check=False)
        command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
        failed = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False).returncode
    return _why(log, packages) if failed else ""


def _why(log: Path, packages: tuple[str, ...]) -> str:
    errors = re.findall(r"^E: (.+)", log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    reason = errors[-1].rstrip(".") if errors else "it gave no reason"
    return f"apt-get could not install {' and '.join(packages)}: {reason}. All that it said: {log}"
