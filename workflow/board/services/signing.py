"""The leading group returns lines of a board to consolidation, or its head signs the board as one (R12)."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import actor_of
from accounts.models import User
from accounts.rules import grades_boards, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, NotAllowed, require_reason
from common.many import Dealt
from scoring.engine.scheme import scheme_sha256
from scoring.rules import none_of_own
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import has_changed, lines_of_board, on_board
from workflow.board.queries.figures import over_quota
from workflow.board.queries.quotas import are_answered, proposed
from workflow.board.queries.sealed import sealed_list
from workflow.board.rules import signs
from workflow.board.services.held import hold_open
from workflow.bulk.models import BulkKind
from workflow.bulk.queries import require_worked_off
from workflow.bulk.services import Asked, Refused, acts_for, note, work_off_few
from workflow.flow.endings import Ending, hold, is_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks

NOT_WAITING = gettext_lazy("Choose units that wait for approval.")


@transaction.atomic
def return_lines(*, board: Board, line_ids: Sequence[int], why: str, by: User) -> Dealt[BoardLine]:
    """Send units back to consolidation with the reason; the office brings a new version of the board afterwards.

    Refused is one's own unit and one that does not wait for approval; the others go back. Raises DomainError without a
    reason, without any line, and once the board is signed or superseded.
    """
    require_reason(why)
    held, actor = hold_open(board), actor_of(by)
    require(actor, grades_boards)
    lines = list(held.lines.filter(pk__in=line_ids).select_related("sheet"))
    if not lines:
        raise DomainError(NOT_WAITING)
    ours = [line for line in lines if none_of_own.allows(actor, line.sheet)]
    ending = Ending(kind=OutcomeKind.RETURNED, by=by, why=why, board_id=held.pk)
    ended = _end_approvals(ours, ending)
    dealt = Dealt[BoardLine]()
    for line in lines:
        if line.sheet_id in ended:
            dealt.done.append(line)
        else:
            words = none_of_own.refusal(actor, line.sheet)
            dealt.refused.append((line, NotAllowed(words) if words else DomainError(NOT_WAITING)))
    if dealt.done:
        held.superseded_at = clock.now()
        held.save(update_fields=["superseded_at"])
        log(Verb.BOARD_RETURNED, held, by=by, why=why, data=held.which | {"units": len(dealt.done)})
    return dealt


def sign_board(*, board: Board, seen: str, by: User) -> Board:
    """Sign the list that was seen: sealed with its SHA-256, and every unit on it that waited is approved: few at once,
    many by the workers.

    Raises DomainError when the list changed since `seen` was shown, when a grade is missing, barred or over its quota,
    when what the notice's quotas come to is not confirmed, or when units of the track are not there yet; for whoever
    submitted it, since nobody signs alone.
    """
    with transaction.atomic():
        held = _sign(hold_open(board), seen, by)
        approvals = open_tasks(Node.APPROVAL).filter(process__sheet__board_lines__board=held).order_by("process_id")
        names = approvals.values_list("pk", "process__sheet__unit_name")
        run = note(BulkKind.SIGN_OFF, names, cycle=held.track.cycle, by=by, words={"board": held.pk})
    work_off_few(run)
    return held


def _sign(held: Board, seen: str, by: User) -> Board:
    require(by, signs, held)
    require_worked_off(held.track.cycle, BulkKind.NEW_VERSION)
    lines = list(lines_of_board(held))
    held.sealed, held.sha256 = sealed_list(held, lines=lines), seen
    if scheme_sha256(held.sealed) != seen:
        raise DomainError(_("The list has changed since you saw it. Please look at it again."))
    _require_signable(held, lines)
    held.signed_by, held.signed_at = by, clock.now()
    held.save(update_fields=["sealed", "sha256", "signed_by", "signed_at"])
    Board.objects.filter(track=held.track, superseded_at=None, version__lt=held.version).update(
        superseded_at=clock.now()
    )
    log(Verb.BOARD_SIGNED, held, by=by, went_to=seen, data=held.which)
    return held


@acts_for(BulkKind.SIGN_OFF)
def _approve(keys: Sequence[int], asked: Asked) -> Refused:
    ending = Ending(kind=OutcomeKind.APPROVED, by=asked.by, board_id=asked.words["board"])
    with hold(Task.objects.filter(pk__in=keys)) as held:
        held.end(dict.fromkeys((task for task in held.tasks if is_open(task)), ending))
    return {}


def _require_signable(board: Board, lines: Sequence[BoardLine]) -> None:
    changed = [line.sheet.unit_name for line in lines if has_changed(line)]
    if changed:
        text = _("Results have changed: %(units)s. The office has to submit the board again.")
        raise DomainError(text % {"units": "、".join(changed)})
    listed = {line.sheet_id for line in lines}
    left_out = [sheet.unit_name for sheet in on_board(board.track) if sheet.pk not in listed]
    if left_out:
        text = _("Not on this board: %(units)s. The office has to submit it again.")
        raise DomainError(text % {"units": "、".join(left_out)})
    ungraded = [line.sheet.unit_name for line in lines if not line.grade]
    if ungraded:
        raise DomainError(_("No grade yet: %(units)s.") % {"units": "、".join(ungraded)})
    if any(line.grade in line.barred for line in lines):
        raise DomainError(_("A barred grade can't be given."))
    for words in over_quota(board, lines).values():
        raise DomainError(words)
    if not are_answered(board.track.cycle, proposed(board.track.cycle)):
        raise DomainError(_("The notice's quotas are not confirmed as they come to now. The office does it first."))


def _end_approvals(lines: Iterable[BoardLine], ending: Ending) -> set[int]:
    """End the approval tasks of these lines' sheets under their locks; the sheets whose task was open."""
    with hold(open_tasks(Node.APPROVAL).filter(process__sheet__in=[line.sheet_id for line in lines])) as held:
        waiting = [task for task in held.tasks if is_open(task)]
        held.end(dict.fromkeys(waiting, ending))
        return {task.process.sheet_id for task in waiting}
