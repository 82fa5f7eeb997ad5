"""Department review: the reviewer scores, the head approves; nobody reviews their own unit (design.md section 1)."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import actor_of, members_with
from accounts.models import Role, User
from accounts.rules import require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.services import mail, queue
from scoring.models import SheetLine
from workflow.flow.endings import Ending, end, locked, require_open, subject_of
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.queries.lines import lines_of
from workflow.flow.rules import approves, has_not_scored, is_alone_there, reviews
from workflow.review.queries.lines import recorded_times, unanswered, unexplained
from workflow.review.services.points import Given, save_reviews


def save_review(*, task: Task, given: Mapping[str, Given], by: User) -> int:
    """Keep points and reasons as the reviewer types them; the first to type claims the task."""
    with locked(task) as activation:
        row: Task = activation.task
        require_open(activation)
        require(by, reviews, row)
        if row.role != Role.REVIEWER:
            raise DomainError(_("This review is with the department head. Ask for it back to change it."))
        changed = save_reviews(
            sheet=activation.process.sheet, given=given, allowed=[line.code for line in lines_of(row)], by=by
        )
        if changed and row.owner_id is None:
            activation.assign(by)
            row.assigned = clock.now()
            row.save(update_fields=["assigned"])
        return changed


def propose_review(*, task: Task, by: User) -> None:
    """Hand a finished review to the department head. Raises DomainError naming what has no points yet."""
    with locked(task) as activation:
        row: Task = activation.task
        require_open(activation)
        require(by, reviews, row)
        if row.role == Role.HEAD:
            return
        _require_complete(row)
        # Whoever hands over vouches for every score, whoever typed it first: they are the one who does not approve.
        SheetLine.objects.filter(pk__in=[line.pk for line in lines_of(row)]).update(reviewed_by=by)
        row.role, row.owner, row.handed_over_by = Role.HEAD, None, by
        row.status = "NEW"
        row.save(update_fields=["role", "owner", "handed_over_by", "status"])
        _note(row, Verb.REVIEW_PROPOSED, by)
        queue(
            mail(
                cause=f"heads:{row.process.sheet.cycle_id}:{row.department_id}:{clock.today().isoformat()}:{head.pk}",
                to=head,
                subject=_("Reviews wait for your approval"),
                body=_("%(who)s handed over the first review of today: %(unit)s.")
                % {"who": by.name, "unit": row.process.sheet.unit_name},
                path=f"{reverse('review')}?cycle={row.process.sheet.cycle_id}",
            )
            for head in members_with(role=Role.HEAD, department_id=row.department_id)
        )


def _require_complete(task: Task) -> None:
    lines, recorded = lines_of(task), recorded_times(task.process.sheet)
    unscored = unanswered(lines, recorded)
    if unscored:
        text = _("Nothing is given yet for %(codes)s. Where nothing counts, give 0.")
        raise DomainError(text % {"codes": "、".join(unscored)}, field=unscored[0])
    silent = unexplained(lines, recorded)
    if silent:
        text = _("Please give the reason where you differ from the unit or from the records of the year: %(codes)s.")
        raise DomainError(text % {"codes": "、".join(silent)}, field=f"note-{silent[0]}")


def approve_review(*, task: Task, by: User) -> None:
    """The head approves the department's step: its part of the assessment is done.

    Whoever scored does not approve, unless the department has nobody else: then the event says so.
    """
    with locked(task) as activation:
        row: Task = activation.task
        require_open(activation)
        actor = actor_of(by)
        require(actor, approves, row)
        _require_handed_over(row)
        require(actor, has_not_scored | is_alone_there, row)
        _require_complete(row)
        said = {"department": row.department_id, "approved_own_scores": not has_not_scored.allows(actor, row)}
        end(activation, Ending(kind=OutcomeKind.REVIEWED, by=by, data=said))


def hand_back_review(*, task: Task, by: User, why: str) -> None:
    """The head gives a review back to whoever handed it over, with the reason."""
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    with locked(task) as activation:
        row: Task = activation.task
        require_open(activation)
        require(by, approves, row)
        _require_handed_over(row)
        back_to = row.handed_over_by
        row.role, row.owner, row.status = Role.REVIEWER, back_to, "ASSIGNED" if back_to else "NEW"
        row.save(update_fields=["role", "owner", "status"])
        event = _note(row, Verb.REVIEW_HANDED_BACK, by, why)
        if back_to is not None:
            unit = row.process.sheet.unit_name
            letter = mail(
                cause=f"handed-back:{event}:{back_to.pk}",
                to=back_to,
                subject=_("Review handed back: %(unit)s") % {"unit": unit},
                body=why,
                path=reverse("review-unit", args=[row.pk]),
            )
            queue([letter])


def _require_handed_over(task: Task) -> None:
    if task.role != Role.HEAD:
        raise DomainError(_("This review has not been handed over yet."))


def _note(task: Task, verb: Verb, by: User, why: str = "") -> int:
    sheet = task.process.sheet
    event = record(
        Entry(
            verb=verb, subject=subject_of(sheet), by=by, cycle_year=sheet.cycle.year, why=why,
            data={"department": task.department_id},
        )
    )  # fmt: skip
    return event.pk
