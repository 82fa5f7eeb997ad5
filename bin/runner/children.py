"""Child programs: started, watched, started again when they die, and stopped with all that they started."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from bin.runner.problem import say

GUARDIAN = Path(__file__).with_name("guardian.py")
LONGEST_PAUSE = 30.0  # seconds between two tries to start a child
STEADY = 60.0  # seconds after which a child counts as healthy again
TRIES = 3  # to end by force what is left of a program
TAIL = 15  # lines of a log that are shown when a child dies


@dataclass
class Guarded:
    """A program behind its guardian: all that it starts ends with it, and with us (bin/runner/guardian.py)."""

    process: "subprocess.Popen[str]"
    lifeline: IO[bytes] = field(repr=False)

    @property
    def alive(self) -> bool:
        """Whether the program runs."""
        return self.process.poll() is None

    def family(self) -> list[psutil.Process]:
        """Everybody of the program's session: its guardian, itself, and all that they started and left."""
        members = []
        for pid in psutil.pids():
            with contextlib.suppress(OSError, psutil.NoSuchProcess):
                if os.getsid(pid) == self.process.pid:
                    members.append(psutil.Process(pid))
        return members

    def clear(self) -> None:
        """Ends by force whoever is left, and lets the lifeline go."""
        for _try in range(TRIES):  # again, for whoever was being started meanwhile
            members = self.family()
            for member in members:
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()
            if not psutil.wait_procs(members, timeout=1)[1]:
                break
        self.lifeline.close()


def guard(
    command: Sequence[str],
    *,
    environment: dict[str, str],
    folder: Path | None = None,
    log: Path | None = None,
    standard_input: int | None = None,
) -> Guarded:
    """Starts a program behind a guardian, in a session of its own: Ctrl-C of the terminal does not reach it."""
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARDIAN), str(reading), str(log or ""), *command],
            env=environment,
            cwd=folder,
            stdin=standard_input,
            stdout=subprocess.DEVNULL if log else None,
            stderr=subprocess.DEVNULL if log else None,
            text=True,
            pass_fds=(reading,),
            start_new_session=True,
        )
    finally:
        os.close(reading)
    return Guarded(process, open(writing, "wb"))


@dataclass
class Child:
    """One program of the system, with what is needed to start it again."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    folder: Path
    standard_input: str = ""
    last: bool = False  # stopped after the others, who need it
    failures: int = 0
    started: float = 0.0
    due: float = 0.0
    guarded: Guarded | None = field(default=None, repr=False)

    def start(self) -> None:
        """Starts the program; its output goes to its log."""
        self.log.touch()
        self.guarded = guard(
            self.command,
            environment=self.environment,
            folder=self.folder,
            log=self.log,
            standard_input=subprocess.PIPE if self.standard_input else subprocess.DEVNULL,
        )
        if self.guarded.process.stdin:
            self.guarded.process.stdin.write(self.standard_input)
            self.guarded.process.stdin.close()
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether the program runs."""
        return self.guarded is not None and self.guarded.alive

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
            code = self.guarded.process.returncode if self.guarded else None
            self._forget()
            say(f"{self.name} stopped (exit {code}); starting it again in {pause:.0f} s. Its log: {self.log}")
            self.due = now + pause

    def _forget(self) -> None:
        """A guardian that was killed has left its program: nothing of it stays beside the next one."""
        if self.guarded:
            self.guarded.clear()
            self.guarded = None


def stop(children: Sequence[Child], *, grace: float, hurry: Callable[[], bool]) -> None:
    """Asks children to stop, waits `grace` seconds (less if `hurry` says so), kills what is left."""
    running = [child.guarded for child in children if child.guarded]
    families = [member for guarded in running for member in guarded.family()]
    for guarded in running:
        guarded.process.terminate()
    end = time.monotonic() + grace
    while families and time.monotonic() < end and not hurry():
        _gone, families = psutil.wait_procs(families, timeout=0.1)
    if families:
        names = ", ".join(child.name for child in children if child.alive) or "a program"
        say(f"{names} did not stop in time: killed.")
    for guarded in running:
        guarded.clear()
        guarded.process.wait()
