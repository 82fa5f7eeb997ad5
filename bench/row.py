"""A row of the performance table, in the shape of contract 7, and whether its goal is met."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """What a row has to reach: a rate at least, a time or size at most, a ratio to the peer, statements an item."""

    least: float | None = None
    most: float | None = None
    ratio: float | None = None
    statements: float | None = None

    def __str__(self) -> str:
        parts = [
            ("ours >= {:g}", self.least),
            ("ours <= {:g}", self.most),
            ("ratio >= {:g}", self.ratio),
            ("statements <= {:g}", self.statements),
        ]
        return ", ".join(text.format(value) for text, value in parts if value is not None)


@dataclass(frozen=True)
class Named:
    """Somebody else's figure, in the unit of the row."""

    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured of one work: `ours` in `unit`, with the peer and the limit where there is one.

    `unit` ends in `/s` for a rate; anything else (`s`, `ms`, `MB`, `exponent`) is the better the smaller it is.
    """

    work: str
    n: int
    ours: float
    unit: str
    goal: Goal
    statements: float | None = None
    peer: Named | None = None
    limit: Named | None = None

    @property
    def ratio(self) -> float | None:
        """Ours by the peer's, so that more is always better; None without a peer."""
        if self.peer is None:
            return None
        return self.ours / self.peer.value if self.unit.endswith("/s") else self.peer.value / self.ours

    @property
    def met(self) -> bool:
        """Whether every part of the goal is reached."""
        goal = self.goal
        return (
            (goal.least is None or self.ours >= goal.least)
            and (goal.most is None or self.ours <= goal.most)
            and (goal.ratio is None or (self.ratio is not None and self.ratio >= goal.ratio))
            and (goal.statements is None or (self.statements is not None and self.statements <= goal.statements))
        )

    def to_json(self) -> dict[str, Any]:
        """The row as contract 7 writes it."""
        return {
            "work": self.work,
            "n": self.n,
            "ours": _rounded(self.ours),
            "unit": self.unit,
            "statements": None if self.statements is None else _rounded(self.statements),
            "peer": _named(self.peer),
            "limit": _named(self.limit),
            "ratio": None if self.ratio is None else _rounded(self.ratio),
            "goal": str(self.goal),
            "met": self.met,
        }


def _named(figure: Named | None) -> dict[str, Any] | None:
    return None if figure is None else {"name": figure.name, "value": _rounded(figure.value)}


def _rounded(value: float) -> float:
    """Three figures that mean something; a whole number from 100 on."""
    return round(value) if value >= 100 else float(f"{value:.3g}")  # noqa: PLR2004  # three figures
