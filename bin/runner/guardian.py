"""Stands between the runner and one program: whatever the program starts ends with it, and with the runner.

Run as a script with the standard library alone, in a session of its own: `guardian.py LIFELINE LOG COMMAND…`.
LIFELINE is the number of a pipe that the runner holds open as long as it lives, so that its end is noticed however it
came, by `kill -9` too. The program's output goes into LOG, whose size is bounded; an empty LOG leaves it as it is.
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
GRACE = 10.0  # seconds for a clean end once the runner is gone
LEFT_GRACE = 3.0  # seconds for what a program that died has left behind
LOOK = 0.05  # seconds between two looks at what is left
CHUNK = 65536
LOG_BYTES = 5 * 1024 * 1024  # a log that is larger begins anew …
LOGS_KEPT = 4  # … and so many older ones are kept: FILE.1 is the newest of them
NOT_RUN = 127  # the exit code for a program that can't be started, as shells tell it
BY_SIGNAL = 128  # a program that a signal ended: its number is added, as shells tell it


class Log:
    """A file for the output of a program; it never grows beyond its limit by more than a line."""

    def __init__(self, path: Path, *, limit: int = LOG_BYTES, kept: int = LOGS_KEPT) -> None:
        self.path, self.limit, self.kept = path, limit, kept

    def write(self, chunk: bytes) -> None:
        """Add what came; a full disk costs lines, never the program."""
        with contextlib.suppress(OSError):
            size = self.path.stat().st_size if self.path.exists() else 0
            if size + len(chunk) <= self.limit:
                self._append(chunk)
                return
            line, end, rest = chunk.partition(b"\n")
            self._append(line + end)
            self._rotate()
            if rest:
                self._append(rest)

    def _append(self, chunk: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "wb", buffering=0) as file:
            file.write(chunk)

    def _rotate(self) -> None:
        names = [self.path, *(self.path.with_name(f"{self.path.name}.{n}") for n in range(1, self.kept + 1))]
        for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
            if newer.exists():
                newer.replace(older)


class Guardian:
    """Watches one program, its output, and the runner's lifeline."""

    def __init__(self, lifeline: int, log: Log | None) -> None:
        self.log = log
        self.asked = False  # for the end, by a signal or by the runner's own
        self.kill_at: float | None = None
        self.selector = selectors.DefaultSelector()
        self._watch(lifeline, self._runner_is_gone)
        self._hear_signals()

    def _hear_signals(self) -> None:
        """A signal wakes the loop up; the end of a child does so too."""
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._watch(reading, lambda _chunk: None)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end_asked)

    def _end_asked(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def _runner_is_gone(self, _nothing: bytes) -> None:
        self.asked = True
        self.kill_at = time.monotonic() + GRACE

    def _watch(self, descriptor: int, heard: Callable[[bytes], None]) -> None:
        os.set_blocking(descriptor, False)
        self.selector.register(descriptor, selectors.EVENT_READ, heard)

    def run(self, command: list[str]) -> int:
        """Returns the program's exit code once it, and all that it started, has ended."""
        program = self._start(command)
        told = False
        while program.poll() is None:
            if self.asked and not told:
                program.terminate()
                told = True
            if self.kill_at is not None and time.monotonic() >= self.kill_at:
                _signal_group(program.pid, signal.SIGKILL)
            self._listen(None if self.kill_at is None else LOOK)
        self._end_what_is_left(program.pid)
        self._read_to_the_end()
        code = program.returncode
        return code if code >= 0 else BY_SIGNAL - code

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        program = subprocess.Popen(
            command,
            stdout=subprocess.PIPE if self.log else None,
            stderr=subprocess.STDOUT if self.log else None,
            process_group=0,  # so that it can be killed with all that it starts, and we are not
            preexec_fn=lambda: _prctl(PR_SET_PDEATHSIG, signal.SIGTERM),  # noqa: PLW1509  we have no threads
        )
        if program.stdout and self.log:
            self._watch(program.stdout.fileno(), self.log.write)
        return program

    def _listen(self, timeout: float | None) -> bool:
        """Waits for something to happen and does what follows from it; whether anything was read."""
        ready = self.selector.select(timeout)
        for key, _events in ready:
            chunk = os.read(key.fd, CHUNK)
            if not chunk:
                self.selector.unregister(key.fd)
            key.data(chunk)
        return bool(ready)

    def _end_what_is_left(self, group: int) -> None:
        """Ends what a program that is gone has left in its group: politely, then by force."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            _signal_group(group, number)
            end = time.monotonic() + LEFT_GRACE
            while time.monotonic() < end:
                _reap()
                if not _signal_group(group, 0):
                    return
                self._listen(LOOK)

    def _read_to_the_end(self) -> None:
        """Keeps what still stands in the pipe; what has left the group may hold it open, so not for ever."""
        end = time.monotonic() + LEFT_GRACE
        while time.monotonic() < end and self._listen(0):
            continue


def _signal_group(group: int, number: int) -> bool:
    """Whether anybody was there to hear it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers the second for a group of the dead
        return False
    return True


def _prctl(option: int, value: int) -> None:
    """What Linux offers beside the pipe: for the case that runner and guardian are killed together."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


def _reap() -> None:
    """Takes leave of orphans that came to us."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main(arguments: list[str]) -> int:
    """Guards one program; returns its exit code."""
    lifeline, path, *command = arguments
    log = Log(Path(path)) if path else None
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        return Guardian(int(lifeline), log).run(command)
    except OSError as error:
        message = f"{command[0]} can't be run: {error.strerror}\n"
        log.write(message.encode()) if log else sys.stderr.write(message)
        return NOT_RUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
