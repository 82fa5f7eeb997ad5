"""Compiles the message catalogues (.po) into the files that gettext reads (.mo), where they are older."""

import os
import stat
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bin.runner.data import ROOT
from bin.runner.problem import Problem


def compile_all(root: Path = ROOT) -> int:
    """Compiles what changed; returns how many catalogues that was."""
    return sum(_compile(source) for source in root.glob("locale/*/LC_MESSAGES/*.po"))


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    changed = source.stat().st_mtime_ns
    if target.exists() and target.stat().st_mtime_ns == changed:
        return False
    try:
        with source.open("rb") as handle:
            catalogue = read_po(handle, locale=source.parents[1].name, abort_invalid=True)
    except PoFileError as error:
        raise Problem(f"{source} can't be read: {error}") from error
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as handle:
        write_mo(handle, catalogue)
    draft.chmod(stat.S_IMODE(source.stat().st_mode))  # whoever may read the source may read it, whatever our umask
    os.utime(draft, ns=(changed, changed))  # the stamp: equal times mean up to date, whatever git did to the source
    draft.replace(target)
    return True
