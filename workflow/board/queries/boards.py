"""What stands on a board, what does not yet, and why grades are barred."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.models import Role
from scoring.engine.track import TrackRules
from scoring.models import Cycle, ScoreSheet, Step, Track
from scoring.wording import say_veto
from workflow.board.models import Board, BoardLine
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks

# The steps from which a unit stands on its track's board: it waits for approval or was approved before.
ON_BOARD = (Step.APPROVAL, Step.PUBLICITY, Step.CIRCULATION, Step.CIRCULATED)
FINISHED_BESIDE = (Step.EXCLUDED, Step.NOT_ASSESSED)


@dataclass(frozen=True)
class TrackStanding:
    """How many units of a track there are, wait for approval, are approved, and are out; and its board, if any."""

    track: Track
    units: int
    waiting: int
    approved: int
    beside: int
    board: Board | None

    @property
    def on_way(self) -> int:
        """How many units have not come to approval yet."""
        return self.units - self.waiting - self.approved - self.beside

    @property
    def arrived(self) -> int:
        """How many units have come to approval or further."""
        return self.waiting + self.approved


def tracks_standing(cycle: Cycle) -> list[TrackStanding]:
    """The tracks of a cycle in their order, each as it stands (two queries)."""
    step = "sheets__assessment__step"
    tracks = (
        cycle.tracks.annotate(
            units=Count("sheets"),
            waiting=Count("sheets", filter=Q(**{step: Step.APPROVAL})),
            approved=Count("sheets", filter=Q(**{f"{step}__in": ON_BOARD[1:]})),
            beside=Count("sheets", filter=Q(**{f"{step}__in": FINISHED_BESIDE})),
        )
        .select_related("cycle")
        .order_by("position")
    )
    latest = {board.track_id: board for board in current_boards(cycle)}
    return [
        TrackStanding(track, track.units, track.waiting, track.approved, track.beside, latest.get(track.pk))
        for track in tracks
    ]


def lines_of_board(board: Board) -> QuerySet[BoardLine]:
    """The lines of a board in the order of rank, each with its unit."""
    return board.lines.select_related("sheet__unit", "sheet__assessment").order_by("rank", "sheet__unit__code")


def waiting_for_approval(track: Track) -> set[int]:
    """The keys of the track's sheets that wait for approval; what else stands on its board was approved before."""
    waiting = open_tasks(Node.APPROVAL).filter(process__sheet__track=track)
    return set(waiting.values_list("process__sheet_id", flat=True))


def version_before(board: Board) -> Board | None:
    """The version of the same track's board before this one."""
    return Board.objects.filter(track=board.track, version__lt=board.version).order_by("-version").first()


def on_board(track: Track) -> QuerySet[ScoreSheet]:
    """The sheets that are ranked on the track's board, by total."""
    return (
        ScoreSheet.objects.filter(track=track, assessment__step__in=ON_BOARD)
        .select_related("unit", "assessment")
        .prefetch_related("incidents")
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
    beside = ScoreSheet.objects.filter(track=track, assessment__step__in=FINISHED_BESIDE)
    return beside.select_related("unit", "assessment").order_by("unit__code")


def open_boards() -> QuerySet[Board]:
    """Boards that can still be changed: neither signed nor superseded."""
    boards = Board.objects.filter(signed_at=None, superseded_at=None).select_related("track__cycle__scheme")
    return boards.defer("track__cycle__scheme__body")


def has_changed(line: BoardLine) -> bool:
    """Whether the result of a line's unit is another one than when the board was submitted: then it can't be signed."""
    sheet = line.sheet
    return line.total != sheet.total or bool(sheet.not_assessed) or not set(sheet.barred) <= set(line.barred)


def overtaken_boards() -> dict[int, int]:
    """Key of a cycle → how many of its open boards hold a result that has changed since (one query)."""
    lines = BoardLine.objects.filter(board__signed_at=None, board__superseded_at=None).order_by()
    other = ~Q(total=F("sheet__total")) | Q(sheet__not_assessed=True) | ~Q(barred=F("sheet__barred"))
    read = lines.filter(other).select_related("board__track", "sheet").defer("sheet__explain")
    changed = [line for line in read if has_changed(line)]
    cycles = {line.board_id: line.board.track.cycle_id for line in changed}
    return dict(Counter(cycles.values()))


def boards_without_signer() -> QuerySet[Board]:
    """Open boards that the only person who could sign them has submitted: somebody else has to submit them."""
    heads = current_memberships().filter(role=Role.CHIEF, user__is_active=True)
    submitter = OuterRef("submitted_by")
    return open_boards().filter(Exists(heads.filter(user=submitter)), ~Exists(heads.exclude(user=submitter)))


def current_boards(cycle: Cycle) -> QuerySet[Board]:
    """The versions of the boards of a cycle that are in force or open, by track; the open one comes last."""
    current = Board.objects.filter(track__cycle=cycle, superseded_at=None)
    boards = current.select_related("track__cycle__scheme", "submitted_by", "signed_by")
    return boards.defer("track__cycle__scheme__body").order_by("track__position", "version")


def reasons_for_bars(sheet: ScoreSheet, rules: TrackRules) -> list[str]:
    """Why grades are barred or the total is none, in words: a deduction (R11), incidents (R10), vetoes."""
    reasons = []
    in_force = [incident for incident in sheet.incidents.all() if incident.withdrawn_at is None]
    for incident in in_force:
        veto = rules.veto(incident.veto)
        if veto is not None:
            reasons.append(say_veto(veto))
        elif incident.bars:
            reasons.append(_("Incident rule: not %(grades)s.") % {"grades": "、".join(incident.bars)})
    incidents = [incident for incident in in_force if incident.bars]
    by_incident = {grade for incident in incidents for grade in incident.bars}
    by_deduction = [grade for grade in sheet.barred if grade not in by_incident]
    if sheet.deduction and (by_deduction or not incidents) and sheet.barred:
        reasons.append(_("Has deductions: not %(grades)s.") % {"grades": "、".join(by_deduction or sheet.barred)})
    return reasons
