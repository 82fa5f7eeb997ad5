"""Units read and scored at once, as the engine does them one after another."""

from collections.abc import Iterable

from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore, rank, score_unit
from scoring.engine.units import Unit, UnitReader


def parse_units(scheme: SchemeRules, raw: object) -> list[Unit]:
    """Units read by a scheme (contract 2); EngineErrors name each unit, the place and what would be right."""
    reader = UnitReader(scheme)
    units = [reader.read(item) for item in reader.listed(raw)]
    reader.finish()
    return units


def score_units(scheme: SchemeRules, units: Iterable[Unit]) -> list[UnitScore]:
    """Units scored in the order given and ranked within their tracks (R1, R16)."""
    tracks = {track.code: track for track in scheme.tracks}
    return rank(
        [score_unit(tracks[unit.track], unit, grades=scheme.grades, bands=scheme.grade_bands) for unit in units]
    )
