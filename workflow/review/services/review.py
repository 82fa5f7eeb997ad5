"""Department review: the reviewer scores, the head approves; nobody reviews their own unit (design.md section 1)."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.actors import actor_of, members_with
from accounts.models import Role, User
from accounts.rules import require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.many import Dealt, deal_with
from outbox.letters import letter
from outbox.services import queue
from scoring.models import ScoreSheet, SheetLine
from workflow.flow.endings import Ending, end, locked, require_open
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.queries.lines import lines_of
from workflow.flow.rules import approves, has_not_scored, is_alone_there, reviews
from workflow.review.queries.lines import recorded_times, unanswered, unexplained


def propose_review(*, task: Task, by: User) -> None:
    """Hand a finished review to the department head. Raises DomainError naming what has no points yet."""
    with locked(task) as activation:
        held: Task = activation.task
        sheet: ScoreSheet = held.process.sheet
        require_open(activation)
        require(by, reviews, held)
        if held.role == Role.HEAD:
            return
        _require_complete(held)
        # Whoever hands over vouches for every score, whoever typed it first: they are the one who does not approve.
        SheetLine.objects.filter(pk__in=[line.pk for line in lines_of(held)]).update(reviewed_by=by)
        held.role, held.owner, held.handed_over_by, held.status = Role.HEAD, None, by, STATUS.NEW
        held.save(update_fields=["role", "owner", "handed_over_by", "status"])
        log(Verb.REVIEW_PROPOSED, sheet, by=by, data={"department": held.department_id})
        queue(
            letter(
                "reviews_to_approve",
                cause=f"heads:{sheet.cycle_id}:{held.department_id}:{clock.today().isoformat()}:{head.pk}",
                to=head,
                path=f"{reverse('review')}?cycle={sheet.cycle_id}",
                reviewer=by,
                sheet=sheet,
            )
            for head in members_with(role=Role.HEAD, department_id=held.department_id)
        )


def _require_complete(task: Task) -> None:
    lines, recorded = lines_of(task), recorded_times(task.process.sheet)
    unscored = unanswered(lines, recorded)
    if unscored:
        text = _("Nothing is given yet for %(codes)s. Where nothing counts, give 0.")
        raise DomainError(text % {"codes": "、".join(unscored)}, field=f"value-{unscored[0]}")
    silent = unexplained(lines, recorded)
    if silent:
        text = _("Please give the reason where you differ from the unit or from the records of the year: %(codes)s.")
        raise DomainError(text % {"codes": "、".join(silent)}, field=f"note-{silent[0]}")


def approve_review(*, task: Task, by: User) -> None:
    """The head approves the department's step: its part of the assessment is done.

    Whoever scored does not approve, unless the department has nobody else: then the event says so.
    """
    with locked(task) as activation:
        held: Task = activation.task
        require_open(activation)
        actor = actor_of(by)
        require(actor, approves, held)
        _require_handed_over(held)
        require(actor, has_not_scored | is_alone_there, held)
        _require_complete(held)
        told = {"department": held.department_id, "approved_own_scores": not has_not_scored.allows(actor, held)}
        end(activation, Ending(kind=OutcomeKind.REVIEWED, by=by, data=told))


def approve_reviews(*, tasks: Iterable[Task], by: User) -> Dealt[Task]:
    """Approve several, each by itself: what can't be approved is refused, the others are (see `approve_review`)."""
    return deal_with(tasks, lambda task: approve_review(task=task, by=by))


def hand_back_review(*, task: Task, by: User, why: str) -> None:
    """The head gives a review back to whoever handed it over, with the reason."""
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    with locked(task) as activation:
        held: Task = activation.task
        sheet: ScoreSheet = held.process.sheet
        require_open(activation)
        require(by, approves, held)
        _require_handed_over(held)
        reviewer = held.handed_over_by
        held.role, held.owner, held.status = Role.REVIEWER, reviewer, STATUS.ASSIGNED if reviewer else STATUS.NEW
        held.save(update_fields=["role", "owner", "status"])
        event = log(Verb.REVIEW_HANDED_BACK, sheet, by=by, why=why, data={"department": held.department_id})
        queue(
            letter(
                "review_handed_back",
                cause=f"handed-back:{event.pk}:{person.pk}",
                to=person,
                path=reverse("review-unit", args=[held.pk]),
                sheet=sheet,
                why=why,
            )
            for person in [reviewer]
            if person is not None
        )


def _require_handed_over(task: Task) -> None:
    if task.role != Role.HEAD:
        raise DomainError(_("This review has not been handed over yet."))
