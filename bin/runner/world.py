"""What the database holds at a start: its tables brought up to date, and the demo loaded once."""

import contextlib
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bin.runner import data as kept
from bin.runner import environment as surroundings
from bin.runner.children import Guarded, guard
from bin.runner.data import ROOT, DataDir
from bin.runner.problem import Problem, say

GRACE = 5.0  # seconds that a command has for a clean end
Asked = Callable[[], bool]


def never() -> bool:
    """Nobody asks to stop."""
    return False


def manage(*arguments: str, environment: dict[str, str], asked: Asked = never) -> int:
    """Runs one management command that prints to the terminal; returns its exit code, or ends it when asked to stop."""
    guarded = guard([sys.executable, str(ROOT / "manage.py"), *arguments], environment=environment)
    try:
        while not asked():
            try:
                return guarded.process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
    finally:
        _end(guarded)
    return guarded.process.returncode


def _end(guarded: Guarded) -> None:
    """Ends a command that is not done, without a traceback at the terminal: it hears no Ctrl-C."""
    guarded.process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        guarded.process.wait(timeout=GRACE)
    guarded.clear()


def clear_half_loaded(data: DataDir) -> None:
    """A demo whose loading died half-way begins anew; only on the embedded database."""
    if data.demo_begun.exists() and not surroundings.external_database():
        say("The demo was left half-loaded: it begins anew.")
        kept.forget_world(data)


def migrate(data: DataDir, environment: dict[str, str], *, asked: Asked = never) -> None:
    """Brings the tables up to date, unless the embedded database has had just these migrations; Problem if it fails."""
    embedded, wanted = not surroundings.external_database(), fingerprint(ROOT)
    if embedded and data.database.exists() and data.tables.exists() and data.tables.read_text() == wanted:
        return
    data.tables.unlink(missing_ok=True)
    code = manage("migrate", "--no-input", "--verbosity", "0", environment=environment, asked=asked)
    if asked():
        return
    if code:
        raise Problem("The database could not be brought up to date: the lines above say why.")
    if embedded:
        data.tables.write_text(wanted)


def fingerprint(root: Path) -> str:
    """Changes with each migration of ours, and with the lock, which brings those of others."""
    digest = hashlib.sha256()
    for path in (*sorted(root.glob("*/migrations/*.py")), root / "requirements.lock"):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def load_demo(data: DataDir, environment: dict[str, str], *, asked: Asked = never) -> None:
    """Loads the demo world, once for each database."""
    if data.demo_loaded.exists():
        return
    say("Loading the demo world (once) …")
    data.demo_begun.touch()
    code = manage("demo", environment=environment, asked=asked)
    if asked():
        return
    if code:
        raise Problem("The demo could not be loaded: the lines above say why. The next start tries again.")
    data.demo_begun.replace(data.demo_loaded)
