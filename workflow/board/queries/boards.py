"""What stands on a board, what does not yet, and why grades are barred."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.models import Role
from scoring.models import Cycle, ScoreSheet, Step, Track
from workflow.board.models import Board, BoardLine
from workflow.flow.queries.process import open_tasks

# The steps from which a unit stands on its track's board: it waits for approval or was approved before.
ON_BOARD = (Step.APPROVAL, Step.PUBLICITY, Step.CIRCULATION, Step.CIRCULATED)
FINISHED_BESIDE = (Step.EXCLUDED, Step.NOT_ASSESSED)


def tracks_standing(cycle: Cycle) -> QuerySet[Track]:
    """The tracks of a cycle, each with how many of its units wait for approval, are approved, on their way, or out."""
    step = "sheets__assessment__step"
    return (
        cycle.tracks.annotate(
            units=Count("sheets"),
            waiting=Count("sheets", filter=Q(**{step: Step.APPROVAL})),
            approved=Count("sheets", filter=Q(**{f"{step}__in": ON_BOARD[1:]})),
            beside=Count("sheets", filter=Q(**{f"{step}__in": FINISHED_BESIDE})),
        )
        .select_related("cycle")
        .order_by("position")
    )


def lines_of_board(board: Board) -> QuerySet[BoardLine]:
    """The lines of a board in the order of rank, each with its unit and whether it still waits for approval."""
    waiting = open_tasks("approval").filter(process__sheet=OuterRef("sheet"))
    return (
        board.lines.select_related("sheet__unit", "sheet__assessment")
        .annotate(waits_for_approval=Exists(waiting))
        .order_by("rank", "sheet__unit__code")
    )


def version_before(board: Board) -> Board | None:
    """The version of the same track's board before this one."""
    return Board.objects.filter(track=board.track, version__lt=board.version).order_by("-version").first()


def on_board(track: Track) -> QuerySet[ScoreSheet]:
    """The sheets that are ranked on the track's board, by total; each knows whether it waits for approval."""
    waiting = open_tasks("approval").filter(process__sheet=OuterRef("pk"))
    return (
        ScoreSheet.objects.filter(track=track, assessment__step__in=ON_BOARD)
        .select_related("unit", "assessment")
        .prefetch_related("incidents")
        .annotate(waits_for_approval=Exists(waiting))
        .order_by("-total", "unit__code")
    )


def not_yet_on_board(track: Track) -> QuerySet[ScoreSheet]:
    """The sheets of the track that are still on their way to the board."""
    return (
        ScoreSheet.objects.filter(track=track)
        .exclude(assessment__step__in=(*ON_BOARD, *FINISHED_BESIDE))
        .select_related("unit", "assessment")
    )


def beside_board(track: Track) -> QuerySet[ScoreSheet]:
    """The sheets of the track that are excluded or not assessed: listed beside, never ranked (6.1)."""
    return ScoreSheet.objects.filter(track=track, assessment__step__in=FINISHED_BESIDE).select_related(
        "unit", "assessment"
    )


def open_board() -> QuerySet[Board]:
    """Boards that can still be changed: neither signed nor superseded."""
    return Board.objects.filter(signed_at=None, superseded_at=None).select_related("track__cycle__scheme")


def has_changed(line: BoardLine) -> bool:
    """Whether the result of a line's unit is another one than when the board was submitted: then it can't be signed."""
    sheet = line.sheet
    return line.total != sheet.total or bool(sheet.not_assessed) or not set(sheet.barred) <= set(line.barred)


def overtaken_boards() -> dict[int, int]:
    """Key of a cycle → how many of its open boards hold a result that has changed since (one query)."""
    lines = BoardLine.objects.filter(board__signed_at=None, board__superseded_at=None).order_by()
    changed = [line for line in lines.select_related("board__track", "sheet") if has_changed(line)]
    cycles = {line.board_id: line.board.track.cycle_id for line in changed}
    return dict(Counter(cycles.values()))


def boards_without_signer() -> QuerySet[Board]:
    """Open boards that the only person who could sign them has submitted: somebody else has to submit them."""
    heads = current_memberships().filter(role=Role.CHIEF, user__is_active=True)
    submitter = OuterRef("submitted_by")
    return open_board().filter(Exists(heads.filter(user=submitter)), ~Exists(heads.exclude(user=submitter)))


def current_boards(track_ids: list[int]) -> QuerySet[Board]:
    """The version of each track's board that is in force or open."""
    return Board.objects.filter(Q(track__in=track_ids), superseded_at=None).select_related(
        "track__cycle__scheme", "submitted_by", "signed_by"
    )


def reasons_for_bars(sheet: ScoreSheet) -> list[str]:
    """Why grades are barred, in words: a deduction (R11), incidents (R10)."""
    reasons = []
    incidents = [one for one in sheet.incidents.all() if one.withdrawn_at is None and one.bars]
    for incident in incidents:
        reasons.append(_("Incident rule: not %(grades)s.") % {"grades": "、".join(incident.bars)})
    by_incident = {grade for incident in incidents for grade in incident.bars}
    by_deduction = [grade for grade in sheet.barred if grade not in by_incident]
    if sheet.deduction and (by_deduction or not incidents) and sheet.barred:
        reasons.append(_("Has deductions: not %(grades)s.") % {"grades": "、".join(by_deduction or sheet.barred)})
    return reasons
