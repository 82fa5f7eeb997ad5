"""The office puts what is consolidated on the board of a track, for the leading group (R12)."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role, User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from outbox.letters import letters
from outbox.services import queue
from scoring.engine.rank import rank_totals
from scoring.models import Track
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import on_board, reasons_for_bars, waiting_for_approval
from workflow.bulk.models import BulkKind
from workflow.bulk.queries import require_worked_off


@transaction.atomic
def submit_board(*, track: Track, by: User) -> Board:
    """Put every ranked unit of the track on a new version of its board; an unsigned one is superseded.

    Grades of the version before are taken over where they are not barred. Where nothing has changed since `by`
    submitted the open version, that one stands. Raises DomainError while nobody is there.
    """
    Track.objects.select_for_update(no_key=True).get(pk=track.pk)
    require(by, is_office)
    require_worked_off(track.cycle, BulkKind.SIGN_OFF, BulkKind.NEW_VERSION)  # who still waits there has been signed
    if not waiting_for_approval(track):
        raise DomainError(_("No unit of this track waits for approval."))
    before = Board.objects.filter(track=track).order_by("-version").first()
    known = {line.sheet_id: line for line in before.lines.all()} if before else {}
    lines = _ranked_lines(track, known)
    if before and before.is_open and before.submitted_by_id == by.pk and _equal(lines, known):
        board = before
    else:
        board = _new_version(track, lines, version=before.version + 1 if before else 1, by=by)
    # To the head of the leading group, but not to whoever submitted it: nobody signs what they submitted. Also when it
    # stands: who has become head since is told of it.
    heads = members_with(role=Role.CHIEF).exclude(pk=board.submitted_by_id)
    path = reverse("board", args=[board.pk])
    queue(letters("board_submitted", heads, cause=f"board:{board.pk}", path=path, board=board))
    return board


def _new_version(track: Track, lines: Sequence[BoardLine], *, version: int, by: User) -> Board:
    now = clock.now()
    Board.objects.filter(track=track, signed_at=None, superseded_at=None).update(superseded_at=now)
    board = Board.objects.create(track=track, version=version, submitted_by=by, submitted_at=now)
    for line in lines:
        line.board = board
    BoardLine.objects.bulk_create(lines)
    log(Verb.BOARD_SUBMITTED, board, by=by, went_to=f"v{version}", data=board.which)
    return board


def _ranked_lines(track: Track, known: Mapping[int, BoardLine]) -> list[BoardLine]:
    """The lines of the units that stand on the board now, by rank, with the grades that they had."""
    sheets = list(on_board(track))
    ranks = rank_totals([(track.code, sheet.total) for sheet in sheets])
    lines = []
    with in_house_language():  # the reasons are kept with the line
        for sheet, rank in zip(sheets, ranks, strict=True):
            grade = known[sheet.pk].grade if sheet.pk in known else ""
            lines.append(
                BoardLine(
                    sheet=sheet,
                    rank=rank,
                    total=sheet.total,
                    components=sheet.components,
                    barred=sheet.barred,
                    bar_reasons=reasons_for_bars(sheet, track.rules),
                    grade="" if grade in sheet.barred else grade,
                )
            )
    return lines


COMPARED = ("rank", "total", "components", "barred", "bar_reasons", "grade")


def _equal(lines: Sequence[BoardLine], known: Mapping[int, BoardLine]) -> bool:
    """Whether the lines say of the same units what those known say."""
    return {line.sheet_id for line in lines} == set(known) and all(
        getattr(line, name) == getattr(known[line.sheet_id], name) for line in lines for name in COMPARED
    )
