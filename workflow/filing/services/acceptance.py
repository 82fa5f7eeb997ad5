"""The receiving desk: complete materials are accepted, others go back with what is to be supplemented, by when."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import require
from common import clock
from common.errors import DomainError
from common.many import Dealt
from documents.services.public_roster import fix_rosters
from workflow.bulk.models import BulkKind
from workflow.bulk.services import acts_on_tasks
from workflow.flow.endings import Ending, hold, require_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.rules import accepts


def accept(*, task: Task, by: User) -> None:
    """Accept the materials of a unit: its work is assessed from now on, its public roster is fixed.

    Raises DomainError when somebody else has dealt with it, or `by` files for the unit or is not of the desk.
    """
    with hold([task]) as held:
        _require_theirs(held.task, by)
        held.end({held.task: Ending(kind=OutcomeKind.ACCEPTED, by=by)})
        fix_rosters([held.process.sheet])


@acts_on_tasks(BulkKind.ACCEPT)
def accept_many(*, tasks: Iterable[Task], by: User) -> Dealt[Task]:
    """Accept several, each by itself: what can't be accepted is refused, the others are (see `accept`)."""
    dealt, actor = Dealt[Task](), actor_of(by)
    with hold(tasks) as held:
        for task in held.tasks:
            with dealt.refusing(task):
                _require_theirs(task, actor)
                dealt.done.append(task)
        held.end({task: Ending(kind=OutcomeKind.ACCEPTED, by=by) for task in dealt.done})
        fix_rosters(task.process.sheet for task in dealt.done)
    return dealt


def return_for_supplement(*, task: Task, by: User, why: str, until: datetime, parts: Sequence[str] = ()) -> None:
    """Send a self-evaluation back: why, which parts (all when none is named), until when (aware).

    Raises DomainError when the reason is missing, the date does not lie ahead, or `by` may not (see `accept`).
    """
    if not why.strip():
        raise DomainError(_("Please say what is to be supplemented."), field="why")
    if until <= clock.now():
        raise DomainError(_("The date for the supplement must lie ahead."), field="until")
    with hold([task]) as held:
        _require_theirs(held.task, by)
        held.end({held.task: Ending(kind=OutcomeKind.RETURNED, by=by, why=why, until=until, parts=parts)})


def _require_theirs(task: Task, by: User | Actor) -> None:
    """Raise DomainError unless the task waits at the receiving desk, and `by` may decide on it."""
    require_open(task)
    if task.flow_task.name != Node.ACCEPTANCE:
        raise DomainError(_("This is no task of the receiving desk."))
    require(by, accepts, task)
