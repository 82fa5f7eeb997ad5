"""The demo of a few units, played once in a process: the next test that asks for it gets its rows copied back."""

from dataclasses import dataclass
from typing import Any

from demo.world.loading import load
from tests.support import snapshots


@dataclass
class Played:
    """A demo as the snapshots keep it."""

    recipe: Any = None
    writes: int = 0


def a_demo_of(units: int) -> None:
    """Fills the empty database of a test with a demo of so many units."""
    snapshots.first(f"a demo of {units}", lambda: _play(units))


def _play(units: int) -> Played:
    load(lambda _text: None, units=units)
    return Played()
