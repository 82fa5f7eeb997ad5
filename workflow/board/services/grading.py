"""The leading group and its office give grades on an open board (R10–R12)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import grades_boards, require
from audit.services import log
from audit.verbs import Verb
from common.errors import DomainError
from common.saving import Saved
from workflow.board.models import Board, BoardLine
from workflow.board.queries.boards import lines_of_board, waiting_for_approval
from workflow.board.queries.figures import over_quota
from workflow.board.queries.rows import proposed_for
from workflow.board.rules import grades_line
from workflow.board.services.held import hold_open

# In place of a grade: the one that each unit's total makes.
BY_TOTAL = "by-total"


@transaction.atomic
def set_grades(*, board: Board, grades: Mapping[int, str], by: User, rest: str = "") -> Saved[int]:
    """Give grades on an open board: line id → grade, or "" to take one back; each that is right is saved.

    `rest` is given besides to every unit that has none then, is not barred from it and not one's own; `BY_TOTAL` is
    the grade that each one's total makes by the scheme, if it makes one. `saved` are the
    lines whose grade changed. Refused at its line is one's own unit, a grade that is none or barred (by anyone,
    R10–R12), another grade for a unit that was approved before, and every giving that takes a grade over its quota,
    since nobody knows which one was meant. Raises DomainError once the board is signed or superseded.
    """
    held, actor = hold_open(board), actor_of(by)
    require(actor, grades_boards)
    lines = list(lines_of_board(held))
    before = {line.pk: line.grade for line in lines}
    saved = _graded(held, lines, _wanted(held, lines, actor, grades, rest), actor)
    while excess := _changed_over_quota(held, lines, before):
        for line, words in excess.items():
            line.grade = before[line.pk]
            saved.refused[line.pk] = words
    changed = [line for line in lines if line.grade != before[line.pk]]
    saved.saved.update(line.pk for line in changed)
    if changed:
        BoardLine.objects.bulk_update(changed, ["grade"])
        told: dict[str, Any] = {line.sheet.unit_name: [before[line.pk], line.grade] for line in changed}
        log(Verb.GRADES_SET, held, by=by, data=held.which | told)
    return saved


def _wanted(board: Board, lines: list[BoardLine], actor: Actor, grades: Mapping[int, str], rest: str) -> dict[int, str]:
    """Line id → grade for those named, and `rest` for those that have none then and can have it."""
    wanted = {line.pk: grades[line.pk] for line in lines if line.pk in grades}
    if rest:
        for line in lines:
            bare, grade = not wanted.get(line.pk, line.grade), _rest(board, line, rest)
            if bare and grade and grade not in line.barred and grades_line.allows(actor, line):
                wanted[line.pk] = grade
    return wanted


def _rest(board: Board, line: BoardLine, rest: str) -> str:
    if rest != BY_TOTAL:
        return rest
    proposed = proposed_for(board.track.cycle.scheme.rules, line)
    return proposed.grade if proposed else ""


def _graded(board: Board, lines: list[BoardLine], wanted: Mapping[int, str], actor: Actor) -> Saved[int]:
    """Put the grades that can be given on the lines, not yet in the database."""
    saved, waiting = Saved[int](), waiting_for_approval(board.track)
    for line in lines:
        grade = wanted.get(line.pk, line.grade)
        if grade != line.grade:
            with saved.refusing(line.pk):
                require(actor, grades_line, line)
                _require_givable(board, line, grade, waits=line.sheet_id in waiting)
                line.grade = grade
    return saved


def _require_givable(board: Board, line: BoardLine, grade: str, *, waits: bool) -> None:
    unit = line.sheet.unit_name
    if grade and grade not in board.track.cycle.scheme.rules.grades:
        raise DomainError(_("There is no such grade."))
    if grade in line.barred:
        raise DomainError(_("%(unit)s can't be given %(grade)s.") % {"unit": unit, "grade": grade})
    if line.grade and not waits:
        raise DomainError(_("%(unit)s was approved before and keeps its grade.") % {"unit": unit})


def _changed_over_quota(board: Board, lines: list[BoardLine], before: Mapping[int, str]) -> dict[BoardLine, str]:
    """The lines that were just given a grade which is given too often now, each with what is wrong."""
    over = over_quota(board, lines)
    return {line: over[line.grade] for line in lines if line.grade in over and line.grade != before[line.pk]}
