"""The receiving desk: complete materials are accepted, others go back with what is to be supplemented, by when."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import clock
from audit.errors import DomainError
from workflow.models import OutcomeKind, Task
from workflow.services.transitions import Ending, end, locked, require_open


def accept(*, task: Task, by: User) -> None:
    """Accept the materials of a unit: its work is assessed from now on."""
    with locked(task) as activation:
        require_open(activation)
        end(activation, Ending(kind=OutcomeKind.ACCEPTED, by=by))


def return_for_supplement(*, task: Task, by: User, why: str, until: datetime, parts: Sequence[str] = ()) -> None:
    """Send a self-evaluation back: why, which parts (all when none is named), until when (aware).

    Raises DomainError when the reason is missing or the date does not lie ahead.
    """
    if not why.strip():
        raise DomainError(_("Please say what is to be supplemented."), field="why")
    if until <= clock.now():
        raise DomainError(_("The date for the supplement must lie ahead."), field="until")
    with locked(task) as activation:
        require_open(activation)
        end(activation, Ending(kind=OutcomeKind.RETURNED, by=by, why=why, until=until, parts=parts))
