"""Closing a cycle: everything has come to its end, the excluded are let go, nothing changes afterwards."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.models import Cycle
from workflow.flow.endings import Ending, end, is_open, locked
from workflow.flow.models import Node, OutcomeKind
from workflow.flow.queries.process import keeping_open, open_tasks


def still_running(cycle: Cycle) -> int:
    """How many assessments of the cycle keep it from being closed."""
    return keeping_open().filter(sheet__cycle=cycle).count()


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> None:
    """Close the cycle; excluded units end as such. Closing again changes nothing.

    Raises DomainError while an assessment is still running.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    require(by, is_office)
    if cycle.closed_at is not None:
        return
    _require_finished(cycle)
    for task in open_tasks(Node.EXCLUDED).filter(process__sheet__cycle=cycle).order_by("process_id"):
        with locked(task) as activation:
            if is_open(activation):
                end(activation, Ending(kind=OutcomeKind.CYCLE_CLOSED, by=by))
    _require_finished(cycle)  # asked again: a unit may have been reinstated between the question and its lock
    cycle.closed_at = clock.now()
    cycle.save(update_fields=["closed_at"])
    log(Verb.CYCLE_CLOSED, cycle, by=by)


def _require_finished(cycle: Cycle) -> None:
    if running := still_running(cycle):
        raise DomainError(_("%(count)d assessments have not come to their end.") % {"count": running})
