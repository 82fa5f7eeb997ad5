"""Child programs: started, watched, started again when they die, and stopped with all that they started."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bin.runner.problem import say

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0  # seconds between two tries to start a child
STEADY = 60.0  # seconds after which a child counts as healthy again
TAIL = 15  # lines of a log that are shown when a child dies


def die_with_parent() -> None:
    """On Linux a child is told to stop when the runner itself was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One program of the system, with what is needed to start it again."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    folder: Path
    standard_input: str = ""
    apart: bool = False  # in a session of its own: Ctrl-C of the terminal does not reach it
    failures: int = 0
    started: float = 0.0
    due: float = 0.0
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Starts the program; its output goes to its log."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.PIPE if self.standard_input else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=self.apart,
                preexec_fn=die_with_parent,  # noqa: PLW1509  the runner has no threads
            )
        if self.process.stdin:
            self.process.stdin.write(self.standard_input)
            self.process.stdin.close()
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether the program runs."""
        return self.process is not None and self.process.poll() is None

    def tail(self) -> str:
        """The last lines of the log, indented."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(f"    {line}" for line in lines[-TAIL:])

    def revive(self) -> None:
        """Starts a dead program again, after a pause that doubles with each failure in a row."""
        now = time.monotonic()
        if self.alive:
            if now - self.started > STEADY:
                self.failures = 0
        elif self.due:
            if now >= self.due:
                self.due = 0.0
                self.start()
        else:
            self.failures += 1
            pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE)
            code = self.process.returncode if self.process else None
            say(f"{self.name} stopped (exit {code}); starting it again in {pause:.0f} s. Its log: {self.log}")
            self.due = now + pause


def stop(children: Sequence[Child], *, grace: float, hurry: Callable[[], bool]) -> None:
    """Asks children to stop, waits `grace` seconds (less if `hurry` says so), kills what is left."""
    families = [member for child in children for member in _family(child)]
    for child in children:
        if child.process and child.alive:
            child.process.terminate()
    end = time.monotonic() + grace
    while families and time.monotonic() < end and not hurry():
        _gone, families = psutil.wait_procs(families, timeout=0.1)
    if families:
        names = ", ".join(child.name for child in children if child.alive) or "a program"
        say(f"{names} did not stop in time: killed.")
    for member in families:
        _kill(member)
    psutil.wait_procs(families, timeout=3)
    for child in children:
        if child.process:
            child.process.wait()


def _family(child: Child) -> list[psutil.Process]:
    if not child.process or not child.alive:
        return []
    try:
        root = psutil.Process(child.process.pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _kill(member: psutil.Process) -> None:
    try:
        member.kill()
    except psutil.NoSuchProcess:
        return
