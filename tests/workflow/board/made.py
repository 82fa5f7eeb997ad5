"""Boards to try things on: units that wait for approval, on a submitted list."""

from tests.support.world import World, a_cycle
from workflow.board.models import Board, BoardLine
from workflow.board.services.submitting import submit_board

TRACK = "society"  # its units have no ratings, so it is quick


def a_board(count: int = 2, track: str = TRACK) -> tuple[World, Board]:
    """A world whose units wait for approval on a submitted board."""
    world = a_cycle().with_units(count, track).consolidated()
    return world, bring(world, track)


def bring(world: World, track: str = TRACK) -> Board:
    """The board of the track, as the office submits it now."""
    with world.clock():
        return submit_board(track=world.cycle.tracks.get(code=track), by=world.office)


def lines_of(board: Board) -> list[BoardLine]:
    """Its lines in the order of the units."""
    return list(board.lines.order_by("sheet__unit__pk"))
