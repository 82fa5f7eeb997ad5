"""Files are written whole or not at all: under a name of their own first, then under the one that is read."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, or leave the one that was there; OSError when it can't be written, as on a full disk."""
    if path.exists() and not path.is_file():  # a pipe or a terminal: there is nothing to replace
        path.write_bytes(content)
        return
    target = path.resolve()
    part = unfinished(target)
    try:
        with part.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def unfinished(path: Path) -> Path:
    """The name of a file of its own, in the same folder, for what is being written to `path`."""
    return path.with_name(f".{secrets.token_hex(8)}.part")
