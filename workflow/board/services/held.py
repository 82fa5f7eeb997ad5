"""An open board, held for whoever is about to change it."""

from django.utils.translation import gettext as _

from common.errors import DomainError
from workflow.board.models import Board
from workflow.board.queries.boards import open_boards


def hold_open(board: Board) -> Board:
    """The board under its lock, in the caller's transaction. Raises DomainError once it is signed or superseded."""
    held = open_boards().select_for_update(of=("self",), no_key=True).filter(pk=board.pk).first()
    if held is None:
        raise DomainError(_("This version of the board is signed or superseded."))
    return held
