"""Keeps what this installation writes from every other user of the machine."""

import contextlib
import os
import stat
from pathlib import Path

OTHERS = 0o077  # the bits of a file's mode that let anybody but its owner in


def keep_private(folder: Path) -> None:
    """Let nothing that this process writes be read by others, and make `folder` theirs to enter no more."""
    os.umask(OTHERS)
    folder.mkdir(parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if mode & OTHERS:
        with contextlib.suppress(PermissionError):  # the folder is another user's: its owner decides
            folder.chmod(stat.S_IMODE(mode) & ~OTHERS)
