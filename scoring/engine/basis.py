"""What the points of a part come from: the level reached, the number measured, how often each loss applies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.numbers import ZERO, plain
from scoring.engine.track import Body, Level, Part, Rule, factors_of

LEVEL, MEASURED, LOSSES = "level", "measured", "losses"


@dataclass(frozen=True)
class Basis:
    """What a unit says of a part beside its points; empty where it says nothing.

    `level` is a level's code, `measured` the number that its bands measure, `losses` how many times each loss applies,
    of one at discretion its points, of a factor 1.
    """

    level: str = ""
    measured: Decimal | None = None
    losses: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def from_json(cls, body: Mapping[str, object]) -> "Basis":
        """Return what `to_json` wrote."""
        measured, losses = body.get(MEASURED), body.get(LOSSES)
        return cls(
            level=str(body.get(LEVEL, "")),
            measured=None if measured is None else Decimal(str(measured)),
            losses={code: Decimal(times) for code, times in losses.items()} if isinstance(losses, dict) else {},
        )

    def to_json(self) -> Body:
        """Return what is said; what is not is left out."""
        body: Body = {LEVEL: self.level} if self.level else {}
        if self.measured is not None:
            body[MEASURED] = plain(self.measured)
        if self.losses:
            body[LOSSES] = {code: plain(times) for code, times in self.losses.items()}
        return body

    def reached(self, part: Part) -> Level | None:
        """The level reached: the one chosen, else the best whose band holds the number measured."""
        if part.level(self.level) is not None or self.measured is None:
            return part.level(self.level)
        held = [level for level in part.levels if level.holds(self.measured)]
        return max(held, key=lambda level: level.points, default=None)

    def lost(self, part: Part) -> list[tuple[Rule, Decimal]]:
        """The losses that apply, each with how many times; no factors."""
        given = ((loss, self.losses.get(loss.code, ZERO)) for loss in part.losses if loss.factor is None)
        return [(loss, times) for loss, times in given if times]

    def factors(self, part: Part) -> list[tuple[str, Decimal]]:
        """The factors that apply, each with the code of its loss."""
        return factors_of(part.losses, self.losses)

    def multiplying(self, part: Part) -> list[Rule]:
        """The losses that multiply what is left."""
        return [loss for loss in part.losses if loss.factor is not None and self.losses.get(loss.code)]

    def left(self, part: Part) -> Decimal:
        """What the losses leave of the level reached, else of the part's points: exact, before factors."""
        return part.left(self.losses, self._reached(part))

    def _reached(self, part: Part) -> Decimal | None:
        level = self.reached(part)
        return None if level is None else level.points

    def worth(self, loss: Rule) -> Decimal:
        """What a loss takes: exact points within its limit."""
        return loss.worth(self.losses.get(loss.code, ZERO))

    def points(self, part: Part) -> Decimal | None:
        """What follows for the part: exact points from 0 to its own; None where nothing follows and a person judges."""
        reached = self._reached(part)
        if reached is None and (part.levels or not self.losses):
            return None
        return part.follows(self.losses, reached)
