"""What a unit's score is made of: exact numbers, before anything is rounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.numbers import EXACT, ZERO
from scoring.engine.track import BONUS, DEDUCTION, WORK, Quotient, TrackRules
from scoring.engine.units import Unit


@dataclass(frozen=True)
class Figures:
    """Exact points: `marks` are the components before weighting, without those that are missing; `total` needs all."""

    base: Decimal
    bonus: Decimal
    deduction: Decimal
    work: Decimal
    marks: Mapping[str, Quotient]
    missing: tuple[str, ...]
    total: Quotient | None


def figures_of(track: TrackRules, unit: Unit) -> Figures:
    """Add up a unit's points within all limits (R3), take the means of its ratings (R9), and weigh them (R2)."""
    base = track.base(unit.parts)
    bonus, deduction = track.adjusted(BONUS, unit.counts), track.adjusted(DEDUCTION, unit.counts)
    work = EXACT.subtract(EXACT.add(base, bonus), deduction)
    marks = {WORK: Quotient(max(work, ZERO))}
    for component in track.components:
        mark = component.mark(unit.ratings(component.code))
        if mark is not None:
            marks[component.code] = mark
    missing = tuple(component.code for component in track.components if component.code not in marks)
    return Figures(base, bonus, deduction, work, marks, missing, None if missing else track.total(marks))
