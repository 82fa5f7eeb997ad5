"""The office moves the deadline of a self-evaluation, or lets an excluded unit evaluate itself after all (R6)."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role, User
from accounts.rules import is_office, not_own_unit, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from common.many import Dealt, deal_with
from outbox.letters import letters
from outbox.services import hold_until, move_due, queue, withdraw
from workflow.flow.endings import Ending, hold, require_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import about

# The nodes at which a unit can be given more time.
EXTENDABLE = (Node.SELF_EVALUATION, Node.EXCLUDED)


def extend_many(*, tasks: Iterable[Task], by: User, until: datetime, why: str) -> Dealt[Task]:
    """Give each unit the new deadline by itself, under its process lock; the excluded are reinstated by it.

    One that can't be given it is refused with the reason, the others go on. Raises DomainError without a reason, or
    for an instant in the past.
    """
    require(by, is_office)
    _require_ahead(until, why)
    return deal_with(tasks, lambda task: _extend(task, by, until, why))


def _extend(task: Task, by: User, until: datetime, why: str) -> None:
    if task.flow_task.name == Node.EXCLUDED:
        reinstate(task=task, by=by, until=until, why=why)
    else:
        extend_deadline(task=task, by=by, until=until, why=why)


def extend_deadline(*, task: Task, by: User, until: datetime, why: str) -> None:
    """Let a self-evaluation be handed in until `until` (aware, the first instant that is too late) instead (R6).

    Works while the task is open, even in the seconds between its deadline and the sweep; who is excluded already
    is reinstated instead. An event is written and the unit's filers get a mail. Raises DomainError without a reason,
    for an instant in the past or before the present deadline, and when the task has ended.
    """
    _require_ahead(until, why)
    with hold([task]) as held:
        task, sheet = held.task, held.process.sheet
        require_open(task)
        require(by, is_office & not_own_unit, sheet)
        if task.flow_task.name != Node.SELF_EVALUATION:
            raise DomainError(_("Only the deadline of a self-evaluation can be extended."))
        before = task.due_at
        if before is not None and until <= before:
            raise DomainError(_("The new deadline must be later than the present one."), field="until")
        task.due_at, task.attempts, task.retry_at = until, 0, None
        task.save(update_fields=["due_at", "attempts", "retry_at"])
        came_from = before.isoformat() if before else ""
        log(Verb.EXTENDED, sheet, by=by, came_from=came_from, went_to=until.isoformat(), why=why)
        _tell(task, until=until, why=why)


def _require_ahead(until: datetime, why: str) -> None:
    """Raise DomainError without a reason, or for a deadline that has passed."""
    require_reason(why)
    if until <= clock.now():
        raise DomainError(_("The new deadline must lie ahead."), field="until")


def _tell(task: Task, *, until: datetime, why: str) -> None:
    withdraw([about(task)], cause="reminder:")  # this letter says it; the others keep what they say besides
    move_due([about(task)], until)
    hold_until([about(task)], until)
    told = letters(
        "extended",
        members_with(role=Role.FILER, unit_id=task.unit_id),
        cause=f"extended:{task.pk}:{until.isoformat()}",
        path=reverse("task", args=[task.pk]),
        about=about(task),
        due_at=until,
        true_until=until,
        sheet=task.process.sheet,
        why=why,
    )
    queue(told)


def reinstate(*, task: Task, by: User, until: datetime, why: str) -> None:
    """Let an excluded unit evaluate itself after all, until `until` (aware), by the office's decision (R6).

    Raises DomainError without a reason, for an instant in the past, and when the unit is not excluded.
    """
    _require_ahead(until, why)
    with hold([task]) as held:
        require_open(held.task)
        require(by, is_office & not_own_unit, held.process.sheet)
        if held.task.flow_task.name != Node.EXCLUDED:
            raise DomainError(_("This unit is not excluded."))
        held.end({held.task: Ending(kind=OutcomeKind.REINSTATED, by=by, why=why, until=until)})
