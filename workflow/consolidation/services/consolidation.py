"""The office brings the pieces together: the result is confirmed, a review is opened again, or nothing is assessed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, not_own_unit, require
from common import clock
from common.errors import DomainError
from common.many import Dealt, deal_with
from scoring.models import Incident, ScoreSheet, Step
from scoring.queries.sheets import codes_answered_by, departments_answering
from scoring.services.results import compute_result
from workflow.consolidation.services.incidents import Decision, note_incident, stored_decision, take_back_incident
from workflow.flow.endings import Ending, end, locked, require_open
from workflow.flow.models import Assessment, OutcomeKind, Task
from workflow.flow.rules import consolidates
from workflow.review.queries.lines import recorded_times, unanswered

# From here on the board holds what was confirmed.
CONFIRMED = (Step.APPROVAL, Step.PUBLICITY, Step.CIRCULATION, Step.CIRCULATED, Step.NOT_ASSESSED)


def consolidate(*, task: Task, by: User) -> ScoreSheet:
    """Compute the result once more under the lock and confirm it: the unit goes to the board (R2, R16).

    Raises DomainError while a rating is missing (R9), while something claimed or recorded has no answer, and when an
    incident says that the unit is not assessed.
    """
    with locked(task) as activation:
        sheet = _open_sheet(activation, by)
        score = compute_result(sheet)
        if score.not_assessed:
            raise DomainError(_("An incident says that this unit is not assessed; decide that instead."))
        if score.total is None:
            raise DomainError(_("The total is open: ratings are missing."))
        _require_answered_claims(sheet)
        end(activation, Ending(kind=OutcomeKind.CONSOLIDATED, by=by, data={"total": str(score.total)}))
        return sheet


def consolidate_many(*, tasks: Iterable[Task], by: User) -> Dealt[Task]:
    """Confirm the result of each of these tasks by itself: what can't be confirmed is refused, the rest is."""
    require(by, is_office)
    return deal_with(tasks, lambda task: consolidate(task=task, by=by))


def _require_answered_claims(sheet: ScoreSheet) -> None:
    """What a department left empty beside a claim would count as 0 without a word: it is asked again instead."""
    open_lines = unanswered(sheet.lines.all(), recorded_times(sheet))
    if open_lines:
        text = _("No department has answered for %(codes)s: ask again before the result is confirmed.")
        raise DomainError(text % {"codes": "、".join(open_lines)})


def reopen_review(
    *, task: Task, by: User, departments: Sequence[int], parts: Sequence[str], why: str, until: datetime
) -> None:
    """Ask departments again: who, which parts (all of theirs when none is named), why, until when (aware)."""
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    if until <= clock.now():
        raise DomainError(_("The date must lie ahead."), field="until")
    with locked(task) as activation:
        sheet = _open_sheet(activation, by)
        _require_answered(sheet, departments, parts)
        end(
            activation,
            Ending(
                kind=OutcomeKind.REOPENED,
                by=by,
                why=why,
                until=until,
                parts=parts,
                departments=sorted(set(departments)),
            ),
        )


def _require_answered(sheet: ScoreSheet, departments: Sequence[int], parts: Sequence[str]) -> None:
    """Every part named belongs to a department named, and every department has something to do."""
    if not departments or set(departments) - set(departments_answering(sheet.track)):
        raise DomainError(_("Choose the departments that are asked again."), field="departments")
    if not parts:
        return
    answered = {pk: set(codes_answered_by(sheet.track, pk)) for pk in departments}
    foreign = [code for code in parts if not any(code in codes for codes in answered.values())]
    if foreign:
        text = _("None of the chosen departments answers for %(codes)s.") % {"codes": "、".join(foreign)}
        raise DomainError(text, field="parts")
    if any(not codes.intersection(parts) for codes in answered.values()):
        raise DomainError(_("Name a part for each chosen department, or none at all."), field="parts")


def decide_incident(*, assessment: Assessment, decision: Decision, by: User) -> Incident:
    """Decide on an incident of a unit (R10), under the process lock, until its result is confirmed.

    Raises DomainError afterwards (the board holds what was confirmed: it has to be returned first), and for a person
    who files for the unit.
    """
    with stored_decision(decision) as incident, _before_confirmation(assessment, by) as sheet:
        return note_incident(incident=incident, sheet=sheet, decision=decision, by=by)


def withdraw_incident(*, incident: Incident, why: str, by: User) -> None:
    """Take a decision on an incident back, with the reason; the same limits as for deciding (R10)."""
    with _before_confirmation(incident.sheet.assessment, by):
        take_back_incident(incident=incident, why=why, by=by)


@contextmanager
def _before_confirmation(assessment: Assessment, by: User) -> Iterator[ScoreSheet]:
    with transaction.atomic():
        row = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if row.step in CONFIRMED:
            raise DomainError(_("The result is confirmed: the leading group has to return it before this can change."))
        require(by, is_office & not_own_unit, row.sheet)
        yield row.sheet


def decide_not_assessed(*, task: Task, by: User) -> None:
    """End the assessment of a unit whose incident says so (R10); its total, if it has one, is kept."""
    with locked(task) as activation:
        sheet = _open_sheet(activation, by)
        if not compute_result(sheet).not_assessed:
            raise DomainError(_("No incident says that this unit is not assessed."))
        decisive = sheet.incidents.filter(withdrawn_at=None, not_assessed=True)
        reasons = "；".join(decisive.values_list("reason", flat=True))
        end(activation, Ending(kind=OutcomeKind.NOT_ASSESSED, by=by, why=reasons))


def _open_sheet(activation: Any, by: User) -> ScoreSheet:
    require_open(activation)
    sheet: ScoreSheet = activation.process.sheet
    require(by, consolidates, activation.task)
    return sheet
