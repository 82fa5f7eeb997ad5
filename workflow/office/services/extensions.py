"""The office moves the deadline of a self-evaluation that is still open, for a reason (R6)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role, User
from accounts.rules import is_office, not_own_unit, require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from outbox.models import DUE
from outbox.services import hold_until, mail, move_due, queue, withdraw
from workflow.flow.endings import Ending, end, locked, require_open, subject_of
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.queries.process import about


def extend_deadline(*, task: Task, by: User, until: datetime, why: str) -> None:
    """Let a self-evaluation be handed in until `until` (aware, the first instant that is too late) instead (R6).

    Works while the task is open, even in the seconds between its deadline and the sweep; who is excluded already
    is reinstated instead. An event is written and the unit's filers get a mail. Raises DomainError without a reason,
    for an instant in the past or before the present deadline, and when the task has ended.
    """
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    if until <= clock.now():
        raise DomainError(_("The new deadline must lie ahead."), field="until")
    with locked(task) as activation:
        require_open(activation)
        row: Task = activation.task
        require(by, is_office & not_own_unit, row.process.sheet)
        if row.flow_task.name != "self_evaluation":
            raise DomainError(_("Only the deadline of a self-evaluation can be extended."))
        before = row.due_at
        if before is not None and until <= before:
            raise DomainError(_("The new deadline must be later than the present one."), field="until")
        row.due_at, row.attempts, row.retry_at = until, 0, None
        row.save(update_fields=["due_at", "attempts", "retry_at"])
        record(
            Entry(
                verb=Verb.EXTENDED,
                subject=subject_of(row.process.sheet),
                by=by,
                cycle_year=row.process.sheet.cycle.year,
                came_from=before.isoformat() if before else "",
                went_to=until.isoformat(),
                why=why,
            )
        )
        _tell(row, until=until, why=why)


def _tell(task: Task, *, until: datetime, why: str) -> None:
    sheet = task.process.sheet
    with in_house_language():
        subject = _("Deadline extended: %(unit)s") % {"unit": sheet.unit_name}
        text = _("The self-evaluation of %(unit)s in %(cycle)s is due before %(instant)s. Reason: %(why)s")
        body = text % {
            "unit": sheet.unit_name,
            "cycle": sheet.cycle.title,
            "instant": DUE,
            "why": why,
        }
    withdraw([about(task)], cause="reminder:")  # this letter says it; the others keep what they say besides
    move_due([about(task)], until)
    hold_until([about(task)], until)
    queue(
        mail(
            cause=f"extended:{task.pk}:{until.isoformat()}:{person.pk}",
            to=person,
            subject=subject,
            body=body,
            path=reverse("task", args=[task.pk]),
            about=about(task),
            due_at=until,
            true_until=until,
        )
        for person in members_with(role=Role.FILER, unit_id=task.unit_id)
    )


@transaction.atomic
def reinstate(*, task: Task, by: User, until: datetime, why: str) -> None:
    """Let an excluded unit evaluate itself after all, until `until` (aware), by the office's decision (R6)."""
    if until <= clock.now():
        raise DomainError(_("The new deadline must lie ahead."), field="until")
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    with locked(task) as activation:
        require_open(activation)
        require(by, is_office & not_own_unit, activation.process.sheet)
        if activation.task.flow_task.name != "excluded":
            raise DomainError(_("This unit is not excluded."))
        end(activation, Ending(kind=OutcomeKind.REINSTATED, by=by, why=why, until=until))
