"""The board of a track: submitted by the office, graded by the leading group, signed as one by its head (R12)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import actor_of, members_with
from accounts.models import Role, User
from accounts.rules import grades_boards, is_office, require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from outbox.services import mail, queue
from scoring.engine.rank import rank_totals
from scoring.engine.scheme import scheme_sha256
from scoring.models import ScoreSheet, Track
from scoring.rules import none_of_own
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import (
    beside_board,
    has_changed,
    lines_of_board,
    on_board,
    open_board,
    reasons_for_bars,
)
from workflow.board.queries.page import quotas_of
from workflow.board.rules import grades_line, signs
from workflow.flow.endings import Ending, end, is_open, locked
from workflow.flow.models import OutcomeKind
from workflow.flow.queries.process import open_tasks


@transaction.atomic
def submit_board(*, track: Track, by: User) -> Board:
    """Put every ranked unit of the track on a new version of its board; an unsigned one is superseded.

    Grades of the version before are taken over where they are not barred. Raises DomainError while nobody is there.
    """
    Track.objects.select_for_update().get(pk=track.pk)
    require(by, is_office)
    sheets = list(on_board(track))
    if not any(sheet.waits_for_approval for sheet in sheets):  # type: ignore[attr-defined]  # annotated
        raise DomainError(_("No unit of this track waits for approval."))
    before = Board.objects.filter(track=track).order_by("-version").first()
    grades = dict(before.lines.values_list("sheet_id", "grade")) if before else {}
    Board.objects.filter(track=track, signed_at=None, superseded_at=None).update(superseded_at=clock.now())
    version = (Board.objects.filter(track=track).aggregate(last=Max("version"))["last"] or 0) + 1
    board = Board.objects.create(track=track, version=version, submitted_by=by, submitted_at=clock.now())
    ranks = rank_totals([(track.code, sheet.total) for sheet in sheets])
    with in_house_language():  # the reasons are kept with the line
        lines = [_line(board, sheet, rank, grades.get(sheet.pk, "")) for sheet, rank in zip(sheets, ranks, strict=True)]
    BoardLine.objects.bulk_create(lines)
    _note(board, Verb.BOARD_SUBMITTED, by, went_to=f"v{version}")
    queue(
        mail(
            cause=f"board:{board.pk}:{chief.pk}", to=chief, subject=_("A board waits for sign-off: %(track)s")
            % {"track": track.name}, body=_("Version %(version)d was submitted.") % {"version": version},
            path=reverse("board", args=[board.pk]),
        )
        for chief in members_with(role=Role.CHIEF).exclude(pk=by.pk)  # nobody signs what they submitted
    )  # fmt: skip
    return board


def _line(board: Board, sheet: ScoreSheet, rank: int | None, grade: str) -> BoardLine:
    return BoardLine(
        board=board, sheet=sheet, rank=rank, total=sheet.total, components=sheet.components, barred=sheet.barred,
        bar_reasons=reasons_for_bars(sheet), grade="" if grade in sheet.barred else grade,
    )  # fmt: skip


@transaction.atomic
def set_grades(*, board: Board, grades: Mapping[int, str], by: User) -> int:
    """Give grades on an unsigned board: line id → grade, or "" to take one back; returns how many changed.

    A barred grade can't be given, by anyone (R10–R12), a quota not exceeded, and a unit that was approved before
    keeps its grade. Raises DomainError at the line's field.
    """
    row, actor = _open(board), actor_of(by)
    require(actor, grades_boards)
    changed = []
    for line in lines_of_board(row).filter(pk__in=grades):
        grade = grades[line.pk]
        if line.grade == grade:
            continue
        require(actor, grades_line, line, field=f"grade-{line.pk}")
        _require_givable(row, line, grade)
        changed.append((line, line.grade, grade))
        line.grade = grade
    BoardLine.objects.bulk_update([line for line, _was, _now in changed], ["grade"])
    if changed:
        _require_quota(row, list(row.lines.all()), field=f"grade-{changed[-1][0].pk}")
        _note(
            row, Verb.GRADES_SET, by,
            data={line.sheet.unit_name: [was, given] for line, was, given in changed},
        )  # fmt: skip
    return len(changed)


def _require_givable(board: Board, line: BoardLine, grade: str) -> None:
    field, unit = f"grade-{line.pk}", line.sheet.unit_name
    if grade and grade not in board.track.cycle.scheme.rules.grades:
        raise DomainError(_("There is no such grade."), field=field)
    if grade in line.barred:
        raise DomainError(_("%(unit)s can't be given %(grade)s.") % {"unit": unit, "grade": grade}, field=field)
    if line.grade and not line.waits_for_approval:  # type: ignore[attr-defined]  # annotated
        raise DomainError(_("%(unit)s was approved before and keeps its grade.") % {"unit": unit}, field=field)


def fill_grades(*, board: Board, grade: str, by: User) -> int:
    """Give `grade` to every unit that has none yet, is not barred from it and not one's own; how many got it."""
    lines, actor = lines_of_board(board).filter(grade=""), actor_of(by)
    free = [line for line in lines if grade not in line.barred and grades_line.allows(actor, line)]
    return set_grades(board=board, grades={line.pk: grade for line in free}, by=by)


@transaction.atomic
def return_lines(*, board: Board, line_ids: Sequence[int], why: str, by: User) -> int:
    """Send units back to consolidation with the reason; the office brings a new version of the board afterwards."""
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    row, actor = _open(board), actor_of(by)
    require(actor, grades_boards)
    lines = list(row.lines.filter(pk__in=line_ids).select_related("sheet"))
    for line in lines:
        require(actor, none_of_own, line.sheet)
    sheets = [line.sheet_id for line in lines]
    ended = _end_approvals(row, sheets, Ending(kind=OutcomeKind.RETURNED, by=by, why=why, board_id=row.pk))
    if not ended:
        raise DomainError(_("Choose units that wait for approval."))
    row.superseded_at = clock.now()
    row.save(update_fields=["superseded_at"])
    _note(row, Verb.BOARD_RETURNED, by, why=why, data={"units": ended})
    return ended


def digest_of(board: Board) -> str:
    """The fingerprint of the list as it stands: what a signature is bound to (lower-case hex SHA-256)."""
    return scheme_sha256(sealed_list(board))


def sealed_list(board: Board) -> dict[str, Any]:
    """The list in its canonical shape."""
    return {
        "cycle": board.track.cycle.year,
        "track": board.track.code,
        "version": board.version,
        "scheme_sha256": board.track.cycle.scheme.sha256,
        "lines": [
            {
                "unit": line.sheet.unit.code,
                "name": line.sheet.unit_name,
                "rank": line.rank,
                "total": str(line.total),
                "components": line.components,
                "barred": line.barred,
                "grade": line.grade,
            }
            for line in board.lines.select_related("sheet__unit")
        ],
        "beside": [
            {"unit": sheet.unit.code, "name": sheet.unit_name, "state": sheet.assessment.step}
            for sheet in beside_board(board.track).order_by("unit__code")
        ],
    }


@transaction.atomic
def sign_board(*, board: Board, seen: str, by: User) -> Board:
    """Sign the list that was seen: sealed with its SHA-256, and every unit on it that waited is approved.

    Raises DomainError when the list changed since `seen` was shown, when a grade is missing, barred or over its
    quota, or when units of the track are not there yet; for whoever submitted it, since nobody signs alone.
    """
    row = _open(board)
    require(by, signs, row)
    if digest_of(row) != seen:
        raise DomainError(_("The list has changed since you saw it. Please look at it again."))
    _require_signable(row)
    row.sealed, row.sha256 = sealed_list(row), seen
    row.signed_by, row.signed_at = by, clock.now()
    row.save(update_fields=["sealed", "sha256", "signed_by", "signed_at"])
    Board.objects.filter(track=row.track, superseded_at=None, version__lt=row.version).update(superseded_at=clock.now())
    _note(row, Verb.BOARD_SIGNED, by, went_to=seen)
    sheets = list(row.lines.values_list("sheet_id", flat=True))
    _end_approvals(row, sheets, Ending(kind=OutcomeKind.APPROVED, by=by, board_id=row.pk))
    return row


def _require_signable(board: Board) -> None:
    lines = list(board.lines.select_related("sheet"))
    changed = [line.sheet.unit_name for line in lines if has_changed(line)]
    if changed:
        raise DomainError(_("Results have changed: %(units)s. The office has to submit the board again.")
                          % {"units": "、".join(changed)})  # fmt: skip
    graded = {line.sheet_id for line in lines}
    left_out = [sheet.unit_name for sheet in on_board(board.track) if sheet.pk not in graded]
    if left_out:
        raise DomainError(_("Not on this board: %(units)s. The office has to submit it again.")
                          % {"units": "、".join(left_out)})  # fmt: skip
    ungraded = [line.sheet.unit_name for line in lines if not line.grade]
    if ungraded:
        raise DomainError(_("No grade yet: %(units)s.") % {"units": "、".join(ungraded)})
    if any(line.grade in line.barred for line in lines):
        raise DomainError(_("A barred grade can't be given."))
    _require_quota(board, lines)


def _require_quota(board: Board, lines: Sequence[BoardLine], field: str | None = None) -> None:
    given = Counter(line.grade for line in lines)
    for grade, most in quotas_of(board).items():
        if given[grade] > most:
            raise DomainError(
                _("%(grade)s was given %(given)d times, the quota is %(most)d.")
                % {"grade": grade, "given": given[grade], "most": most},
                field=field,
            )


def _end_approvals(board: Board, sheet_ids: Sequence[int], ending: Ending) -> int:
    """End the approval tasks of these sheets under their locks, in the order of the processes' keys."""
    tasks = open_tasks("approval").filter(process__sheet_id__in=sheet_ids).order_by("process_id")
    ended = 0
    for task in tasks:
        with locked(task) as activation:
            if is_open(activation):
                end(activation, ending)
                ended += 1
    return ended


def _open(board: Board) -> Board:
    row = open_board().select_for_update(of=("self",)).filter(pk=board.pk).first()
    if row is None:
        raise DomainError(_("This version of the board is signed or superseded."))
    return row


def _note(board: Board, verb: Verb, by: User, *, why: str = "", went_to: str = "", data: Any = None) -> None:
    record(
        Entry(
            verb=verb, subject=f"board:{board.pk}", by=by, cycle_year=board.track.cycle.year, why=why, went_to=went_to,
            data={"track": board.track.code, "version": board.version} | (data or {}),
        )
    )  # fmt: skip
