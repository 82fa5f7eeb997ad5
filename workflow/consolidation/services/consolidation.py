"""The office brings the pieces together: the result is confirmed, a review is opened again, or nothing is assessed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import is_office, not_own_unit, require
from common import clock
from common.errors import DomainError, require_reason
from common.many import Dealt
from common.rows import Batch
from scoring.engine.score import UnitScore
from scoring.models import Incident, ScoreSheet, Step
from scoring.queries.counted import counted_of
from scoring.queries.sheets import codes_answered_by, departments_answering
from scoring.services.results import compute_result, keep_results_in, put_result, score_of
from workflow.bulk.models import BulkKind
from workflow.bulk.services import acts_on_tasks
from workflow.consolidation.services.incidents import Decision, note_incident, stored_decision, take_back_incident
from workflow.flow.endings import Ending, Held, hold, require_open
from workflow.flow.models import Assessment, OutcomeKind, Task
from workflow.flow.rules import consolidates, sheet_of
from workflow.review.queries.lines import recorded_times_of, unanswered

# From here on the board holds what was confirmed.
CONFIRMED = (Step.APPROVAL, Step.PUBLICITY, Step.CIRCULATION, Step.CIRCULATED, Step.NOT_ASSESSED)


def consolidate(*, task: Task, by: User) -> ScoreSheet:
    """Compute the result once more under the lock and confirm it: the unit goes to the board (R2, R16).

    Raises DomainError while a rating is missing (R9), while something claimed or recorded has no answer, and when an
    incident says that the unit is not assessed.
    """
    with hold([task]) as held:
        for _task, error in _confirm(held, actor_of(by)).refused:
            raise error
        return sheet_of(held.task)


@acts_on_tasks(BulkKind.CONSOLIDATE)
def consolidate_many(*, tasks: Iterable[Task], by: User) -> Dealt[Task]:
    """Confirm the result of each of these tasks by itself: what can't be confirmed is refused, the rest is."""
    actor = actor_of(by)
    require(actor, is_office)
    with hold(tasks) as held:
        return _confirm(held, actor)


def _confirm(held: Held, actor: Actor) -> Dealt[Task]:
    """Compute the results of held tasks, read together, and confirm those that can be."""
    dealt = Dealt[Task]()
    sheets = [sheet_of(task) for task in held.tasks]
    counted, recorded = counted_of(sheets), recorded_times_of(sheets)
    endings = {}
    for task in held.tasks:
        sheet = sheet_of(task)
        try:
            require_open(task)
            require(actor, consolidates, task)
            score = score_of(sheet, counted[sheet.pk])
            _require_complete(score, unanswered(counted[sheet.pk].lines, recorded[sheet.pk]))
        except DomainError as error:
            dealt.refused.append((task, error))
        else:
            put_result(sheet, score)
            endings[task] = Ending(kind=OutcomeKind.CONSOLIDATED, by=actor.user, data={"total": str(sheet.total)})
    results = Batch()
    keep_results_in(results, [sheet_of(task) for task in endings])
    held.end(endings, besides=results)
    dealt.done += endings
    return dealt


def _require_complete(score: UnitScore, open_lines: Sequence[str]) -> None:
    if score.not_assessed:
        raise DomainError(_("An incident says that this unit is not assessed; decide that instead."))
    if score.total is None:
        raise DomainError(_("The total is open: ratings are missing."))
    if open_lines:  # left empty beside a claim it would count as 0 without a word: it is asked again instead
        text = _("No department has answered for %(codes)s: ask again before the result is confirmed.")
        raise DomainError(text % {"codes": "、".join(open_lines)})


def reopen_review(
    *, task: Task, by: User, departments: Sequence[int], parts: Sequence[str], why: str, until: datetime
) -> None:
    """Ask departments again: who, which parts (all of theirs when none is named), why, until when (aware)."""
    require_reason(why)
    if until <= clock.now():
        raise DomainError(_("The date must lie ahead."), field="until")
    with hold([task]) as held:
        sheet = _open_sheet(held, by)
        _require_answered(sheet, departments, parts)
        asked = sorted(set(departments))
        ending = Ending(kind=OutcomeKind.REOPENED, by=by, why=why, until=until, parts=parts, departments=asked)
        held.end({held.task: ending})


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
        row = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
        if row.step in CONFIRMED:
            raise DomainError(_("The result is confirmed: the leading group has to return it before this can change."))
        require(by, is_office & not_own_unit, row.sheet)
        yield row.sheet


def decide_not_assessed(*, task: Task, by: User) -> None:
    """End the assessment of a unit whose incident says so (R10); its total, if it has one, is kept."""
    with hold([task]) as held:
        sheet = _open_sheet(held, by)
        if not compute_result(sheet).not_assessed:
            raise DomainError(_("No incident says that this unit is not assessed."))
        decisive = sheet.incidents.filter(withdrawn_at=None, not_assessed=True)
        reasons = "；".join(decisive.values_list("reason", flat=True))
        held.end({held.task: Ending(kind=OutcomeKind.NOT_ASSESSED, by=by, why=reasons)})


def _open_sheet(held: Held, by: User) -> ScoreSheet:
    require_open(held.task)
    require(by, consolidates, held.task)
    return sheet_of(held.task)
