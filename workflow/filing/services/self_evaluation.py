"""A unit's self-evaluation: submitted in time, or excluded at the deadline; never both, never neither (R6)."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import of_the_unit, require
from common import clock
from common.errors import DomainError
from documents.contents import Contents
from documents.models import Submission
from documents.services.public_roster import public_rows
from documents.services.submissions import missing_for, seal_submission
from workflow.filing.services.filing import require_in_time
from workflow.filing.services.lapsed import let_lapse
from workflow.flow.endings import Ending, end, is_open, locked, require_open
from workflow.flow.models import Outcome, OutcomeKind, Task


def submit_assessment(*, task: Task, by: User, arrived_at: datetime) -> Submission:
    """Seal the sheet as it stands and hand it in; `arrived_at` (aware) decides whether it was in time (R6, R7).

    A repeated click gets the receipt that the first one earned for this task. Raises DomainError when something is
    missing, or when the request arrived at or after the deadline.
    """
    ready = dict(public_rows(task.process.sheet))
    with locked(task) as activation:
        sheet = activation.process.sheet
        require(by, of_the_unit, sheet)
        if not is_open(activation):
            earned = Submission.objects.filter(pk__in=Outcome.objects.filter(task=task).values("submission")).first()
            if earned is not None:
                return earned
        require_in_time(activation.task, arrived_at)
        require_open(activation)
        contents = Contents(sheet)
        missing = missing_for(contents)
        if missing:
            raise DomainError(_("Still missing: %(what)s.") % {"what": "；".join(map(str, missing))})
        submission = seal_submission(contents=contents, by=by, arrived_at=arrived_at, ready=ready)
        end(activation, Ending(kind=OutcomeKind.SUBMITTED, by=by, submission=submission, at=arrived_at))
        return submission


def exclude_overdue(*, task: Task) -> bool:
    """Exclude a unit that handed nothing in by the deadline; one that was returned goes on as it was submitted (R6).

    What it had typed since the return is kept beside the sheet and told.

    Returns whether anything was done: by the sweep, idempotent, decided under the lock.
    """
    with locked(task) as activation:
        due_at = activation.task.due_at
        if not is_open(activation) or due_at is None or due_at > clock.now():
            return False
        handed_in = Submission.objects.filter(sheet=activation.process.sheet).first()
        if handed_in is not None:
            let_lapse(task=activation.task, submission=handed_in)
        end(activation, Ending(kind=OutcomeKind.LAPSED if handed_in else OutcomeKind.EXCLUDED, by=None))
        return True
