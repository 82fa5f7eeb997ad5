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
from scoring.queries.versions import open_proposals
from workflow.flow.endings import Ending, hold, lock_processes
from workflow.flow.models import Node, OutcomeKind
from workflow.flow.queries.process import keeping_open, open_tasks


def still_running(cycle: Cycle) -> int:
    """How many assessments of the cycle keep it from being closed."""
    return keeping_open().filter(cycle=cycle).count()


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> None:
    """Close the cycle; excluded units end as such. Closing again changes nothing.

    The processes are locked before the cycle, as everywhere: under these locks nobody is excluded or reinstated.
    Raises DomainError while an assessment is still running, and while a version of the scheme is proposed.
    """
    lock_processes(cycle)
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    require(by, is_office)
    if cycle.closed_at is not None:
        return
    if running := still_running(cycle):
        raise DomainError(_("%(count)d assessments have not come to their end.") % {"count": running})
    if open_proposals().filter(cycle=cycle).exists():
        raise DomainError(_("A correction of the scheme is proposed: sign it or give it up first."))
    with hold(open_tasks(Node.EXCLUDED).filter(process__sheet__cycle=cycle)) as held:
        held.end({task: Ending(kind=OutcomeKind.CYCLE_CLOSED, by=by) for task in held.tasks})
    cycle.closed_at = clock.now()
    cycle.save(update_fields=["closed_at"])
    log(Verb.CYCLE_CLOSED, cycle, by=by)
