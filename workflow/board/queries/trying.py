"""The units that stand on boards, with the numbers that they are ranked by, to be tried under other rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.engine.units import Unit
from scoring.models import Cycle, ScoreSheet
from scoring.queries.counted import counted_of
from scoring.services.results import unit_of
from workflow.board.models import BoardLine


@dataclass(frozen=True)
class Ranked:
    """A unit on a board: its name of the year, its track, the grade it was given, its numbers as the engine reads."""

    name: str
    track: str
    grade: str
    unit: Unit


def ranked_units(cycle: Cycle) -> list[Ranked]:
    """The units on the boards in force, or the open ones, by track and rank (two trips, however many).

    Whoever has not come to a board stands on none, so that nobody reads a number here before the leading group does.
    """
    lines = BoardLine.objects.filter(board__track__cycle=cycle, board__superseded_at=None)
    lines = lines.select_related("sheet__unit", "sheet__track").defer("sheet__explain")
    # Of a unit that was signed and stands on a newer, open version as well, that one comes last and counts.
    newest: Mapping[int, BoardLine] = {line.sheet_id: line for line in lines.order_by("board__version")}
    for line in newest.values():  # one for all, so that its scheme is read once
        line.sheet.cycle = cycle
    counted = counted_of([line.sheet for line in newest.values()])
    ordered = sorted(
        newest.values(), key=lambda line: (line.sheet.track.position, line.rank or len(newest), line.sheet.unit.code)
    )
    return [_ranked(line.sheet, line.grade, unit_of(line.sheet, counted[line.sheet_id])) for line in ordered]


def _ranked(sheet: ScoreSheet, grade: str, unit: Unit) -> Ranked:
    return Ranked(sheet.unit_name, sheet.track.name, grade, unit)
