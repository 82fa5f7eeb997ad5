"""A unit's self-evaluation: submitted in time, or excluded at the deadline; never both, never neither (R6)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.models import User
from accounts.rules import of_the_unit, require
from common.errors import DomainError
from documents.contents import Contents
from documents.models import Submission
from documents.services.submissions import missing_for, seal_submission
from workflow.filing.services.filing import require_in_time
from workflow.filing.services.lapsed import let_lapse
from workflow.flow.endings import Ending, hold, is_due, is_open, require_open
from workflow.flow.models import Outcome, OutcomeKind, Task


def submit_assessment(*, task: Task, by: User, arrived_at: datetime) -> Submission:
    """Seal the sheet as it stands and hand it in; `arrived_at` (aware) decides whether it was in time (R6, R7).

    A repeated click gets the receipt that the first one earned for this task. Raises DomainError when something is
    missing, or when the request arrived at or after the deadline.
    """
    with hold([task]) as held:
        sheet = held.process.sheet
        actor = actor_of(by)
        require(actor, of_the_unit, sheet)
        if not is_open(held.task):
            earned = Submission.objects.filter(pk__in=Outcome.objects.filter(task=task).values("submission")).first()
            if earned is not None:
                return earned
        require_in_time(held.task, arrived_at)
        require_open(held.task)
        contents = Contents(sheet)
        missing = missing_for(contents)
        if missing:
            raise DomainError(_("Still missing: %(what)s.") % {"what": "；".join(map(str, missing))})
        submission = seal_submission(contents=contents, by=actor, arrived_at=arrived_at)
        held.end({held.task: Ending(kind=OutcomeKind.SUBMITTED, by=by, submission=submission, at=arrived_at)})
        return submission


def exclude_all_overdue(*, tasks: Iterable[Task]) -> list[Task]:
    """Exclude units that handed nothing in by the deadline; those that were returned go on as they were submitted (R6).

    What they had typed since the return is kept beside the sheet and told.

    Returns the tasks that were ended: by the sweep, idempotent, decided under the locks.
    """
    with hold(tasks) as held:
        late = [task for task in held.tasks if is_due(task)]
        submitted = Submission.objects.filter(sheet__in=[task.process.sheet_id for task in late]).order_by("number")
        last = {submission.sheet_id: submission for submission in submitted}
        for task in late:
            if task.process.sheet_id in last:
                let_lapse(task=task, submission=last[task.process.sheet_id])
        lapsed = {task: OutcomeKind.LAPSED for task in late if task.process.sheet_id in last}
        held.end({task: Ending(kind=lapsed.get(task, OutcomeKind.EXCLUDED), by=None) for task in late})
    return late
