"""What an installation is, a demo or real: decided at its first start and remembered beside its data.

The database remembers it too (audit/installation.py): what is kept here says what the programs are started as.
"""

import os
from enum import StrEnum

from bin.runner import environment as surroundings
from bin.runner.data import DataDir
from bin.runner.problem import Problem


class Kind(StrEnum):
    """A demo has made-up people and a clock that moves, and reaches nobody; a real installation has none of it."""

    DEMO = "demo"
    REAL = "real"


NAMES = {Kind.DEMO: "a demo", Kind.REAL: "a real installation"}


def remembered(data: DataDir) -> Kind | None:
    """What this database was made; None while nothing has decided it."""
    if data.kind.exists():
        return Kind(data.kind.read_text().strip())
    if data.demo_loaded.exists():  # says it too, where only this was written
        return Kind.REAL if "declined" in data.demo_loaded.read_text() else Kind.DEMO
    return None


def remember(data: DataDir, kind: Kind) -> None:
    """From now on this database is of this kind."""
    data.kind.write_text(f"{kind}\n")


def decide(data: DataDir, *, otherwise: Kind, no_demo: bool = False) -> Kind:
    """What the programs are started as: what is asked for (`--no-demo`, DEMO), else what was, else `otherwise`.

    Raises Problem when what is asked for contradicts itself or what the data are.
    """
    asked = Kind.REAL if no_demo else _named()
    if no_demo and _named() == Kind.DEMO:
        raise Problem("--no-demo and DEMO=1 contradict each other: leave one of them out.")
    known = remembered(data)
    if asked and known and asked != known:
        raise Problem(
            f"The data of {data.root} are those of {NAMES[known]} and can't become {NAMES[asked]}: name another "
            f"KAOHE_DATA_DIR or DATABASE_URL for it, or begin anew with bin/start --fresh, which deletes them."
        )
    return asked or known or otherwise


def _named() -> Kind | None:
    """What the caller's DEMO says; None when it is not set."""
    word = os.environ.get("DEMO", "")
    return (Kind.DEMO if surroundings.is_on(word) else Kind.REAL) if word else None
