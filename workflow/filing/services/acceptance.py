"""The receiving desk: complete materials are accepted, others go back with what is to be supplemented, by when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import require
from common import clock
from common.errors import DomainError
from common.many import Dealt, deal_with
from workflow.flow.endings import Ending, end, locked, require_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.rules import accepts


def accept(*, task: Task, by: User) -> None:
    """Accept the materials of a unit: its work is assessed from now on.

    Raises DomainError when somebody else has dealt with it, or `by` files for the unit or is not of the desk.
    """
    with locked(task) as activation:
        require_open(activation)
        _require_at_desk(activation)
        require(by, accepts, activation.task)
        end(activation, Ending(kind=OutcomeKind.ACCEPTED, by=by))


def accept_many(*, tasks: Iterable[Task], by: User) -> Dealt[Task]:
    """Accept several, each by itself: what can't be accepted is refused, the others are (see `accept`)."""
    return deal_with(tasks, lambda task: accept(task=task, by=by))


def return_for_supplement(*, task: Task, by: User, why: str, until: datetime, parts: Sequence[str] = ()) -> None:
    """Send a self-evaluation back: why, which parts (all when none is named), until when (aware).

    Raises DomainError when the reason is missing, the date does not lie ahead, or `by` may not (see `accept`).
    """
    if not why.strip():
        raise DomainError(_("Please say what is to be supplemented."), field="why")
    if until <= clock.now():
        raise DomainError(_("The date for the supplement must lie ahead."), field="until")
    with locked(task) as activation:
        require_open(activation)
        _require_at_desk(activation)
        require(by, accepts, activation.task)
        end(activation, Ending(kind=OutcomeKind.RETURNED, by=by, why=why, until=until, parts=parts))


def _require_at_desk(activation: Any) -> None:
    if activation.task.flow_task.name != Node.ACCEPTANCE:
        raise DomainError(_("This is no task of the receiving desk."))
