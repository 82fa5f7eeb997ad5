"""Closing a cycle: everything has come to its end, the excluded are let go, nothing changes afterwards."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.models import Cycle
from workflow.flow.endings import Ending, end, is_open, locked
from workflow.flow.models import OutcomeKind
from workflow.flow.queries.process import keeping_open, open_tasks


def still_running(cycle: Cycle) -> int:
    """How many assessments of the cycle keep it from being closed."""
    return keeping_open().filter(sheet__cycle=cycle).count()


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> None:
    """Close the cycle; excluded units end as such. Closing again changes nothing.

    Raises DomainError while an assessment is still running.
    """
    row = Cycle.objects.select_for_update().get(pk=cycle.pk)
    require(by, is_office)
    if row.closed_at is not None:
        return
    running = still_running(row)
    if running:
        raise DomainError(_("%(count)d assessments have not come to their end.") % {"count": running})
    for task in open_tasks("excluded").filter(process__sheet__cycle=row).order_by("process_id"):
        with locked(task) as activation:
            if is_open(activation):
                end(activation, Ending(kind=OutcomeKind.CYCLE_CLOSED, by=by))
    if still_running(row):  # a unit was reinstated between the question and its lock
        raise DomainError(_("%(count)d assessments have not come to their end.") % {"count": still_running(row)})
    row.closed_at = clock.now()
    row.save(update_fields=["closed_at"])
    record(Entry(verb=Verb.CYCLE_CLOSED, subject=f"cycle:{row.year}", by=by, cycle_year=row.year))
