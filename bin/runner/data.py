"""The data directory: where this installation keeps its database, files, keys and logs, and who runs on it."""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
from pathlib import Path
from typing import IO

from bin.runner.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
MARK = ".kaohe"
PRIVATE = 0o077  # the umask of all that is kept here: files for the owner alone (0600), folders too (0700)
# What an installation keeps, by name: tightened also in a directory that was not made by bin/start.
KEPT = ("keys", "log", "mail", "private", "queue", "static", "kaohe.sqlite3*", "celerybeat-schedule*", "running.json")


class DataDir:
    """The paths of one installation's data."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "kaohe.sqlite3"  # the embedded one, where DATABASE_URL names no other
        self.logs = root / "log"  # one for each program that runs
        self.queue = root / "queue"  # what the embedded Redis-compatible server keeps
        self.services = root / "running.json"  # addresses of what runs now, for bin/manage; holds a password
        self.tables = root / "tables.done"  # the fingerprint of the migrations that the embedded database has had
        self.demo_begun = root / "demo.begun"  # there while the demo is loaded: found at a start, that died half-way

    @property
    def kind(self) -> Path:
        """Says what the database is, a demo's or a real one; one for each database."""
        return self.root / f"kind-{self._database_name}"

    @property
    def demo_loaded(self) -> Path:
        """There once the demo world is in; one for each database."""
        return self.root / f"demo-{self._database_name}.done"

    @property
    def _database_name(self) -> str:
        address = os.environ.get("DATABASE_URL", "")
        return hashlib.sha256(address.encode()).hexdigest()[:12] if address else "embedded"


def locate() -> DataDir:
    """The data directory of the environment (KAOHE_DATA_DIR, else var/ in the checkout), made if need be."""
    os.umask(PRIVATE)
    data = DataDir(Path(os.environ.get("KAOHE_DATA_DIR") or ROOT / "var").resolve())
    try:
        data.root.mkdir(parents=True, exist_ok=True)
        if not any(data.root.iterdir()) or data.root == ROOT / "var":
            (data.root / MARK).touch()
        for folder in (data.logs, data.queue, data.root / "static"):
            folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Problem(f"The data directory {data.root} can't be written: {error.strerror}.") from error
    return data


def tighten(data: DataDir) -> None:
    """Takes from everybody else what they could read of this installation; follows no link."""
    tops = [data.root] if (data.root / MARK).exists() else [path for name in KEPT for path in data.root.glob(name)]
    for top in tops:
        _make_private(top)
        for folder, folders, files in os.walk(top):
            for name in (*folders, *files):
                _make_private(Path(folder, name))


def _make_private(path: Path) -> None:
    """Leaves to the owner what the owner may."""
    with contextlib.suppress(FileNotFoundError, PermissionError):  # a program's temporary file; somebody else's own
        mode = path.lstat().st_mode
        if mode & PRIVATE and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~PRIVATE)


def take(data: DataDir) -> IO[str] | None:
    """The lock of the data directory, held as long as the file is open; None when another start holds it."""
    handle = (data.root / "start.lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def running(data: DataDir) -> dict[str, str]:
    """The addresses that the running start has written down; empty when none runs."""
    handle = take(data)
    if handle is not None:
        handle.close()
        return {}
    try:
        found: dict[str, str] = json.loads(data.services.read_text())
    except (OSError, ValueError):
        return {}
    return found


def announce(data: DataDir, addresses: dict[str, str]) -> None:
    """Writes down what runs, readable by the owner only."""
    data.services.write_text(json.dumps(addresses))


def wipe(data: DataDir) -> None:
    """Deletes everything that this installation keeps; only in a directory that it made itself."""
    if not (data.root / MARK).exists():
        raise Problem(f"{data.root} was not made by bin/start: empty it by hand, then start again.")
    for entry in data.root.iterdir():
        if entry.name in {MARK, "start.lock"}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    locate()


def forget_world(data: DataDir) -> None:
    """Deletes the embedded database and the files of a demo that was left half-loaded; keys stay."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{data.database}{suffix}").unlink(missing_ok=True)
    for folder in ("private", "mail"):
        shutil.rmtree(data.root / folder, ignore_errors=True)


def secret(data: DataDir, name: str) -> str:
    """The key of this name, made at its first use; 32 random bytes as url-safe base64, readable by the owner only."""
    path = data.root / "keys" / name
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{name}.{os.getpid()}")
        draft.write_text(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whoever comes first decides: two commands at once get the same key
        draft.unlink()
    return path.read_text().strip()
