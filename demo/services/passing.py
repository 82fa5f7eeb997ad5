"""A demo's time: its office lets a day or a deadline pass, and what is due then is done at once."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Action
from accounts.rules import permitted, require
from common import clock
from common.errors import DomainError
from demo.services.clock import move_clock
from outbox.delivery import send_due
from workflow.flow.models import Task
from workflow.flow.queries.process import open_tasks
from workflow.office.services.sweep import sweep

# What ends one task may make the next one due: so many rounds at most.
ROUNDS = 5


@dataclass(frozen=True)
class Passed:
    """What happened when time passed: tasks ended, by node, and messages sent."""

    now: datetime
    ended: Counter[str]
    sent: int


def next_to_fire() -> Task | None:
    """The open task whose deadline fires next, if there is one; its grace is not over yet."""
    earliest = clock.now() - timedelta(seconds=settings.DEADLINE_GRACE_SECONDS)
    waiting = open_tasks().filter(fires=True, due_at__gt=earliest)
    return waiting.select_related("process__sheet__cycle").order_by("due_at", "pk").first()


def let_time_pass(*, to: datetime, by: User) -> Passed:
    """Move the demo's clock forward to `to` (aware), then do all that is due and send all that is to be said.

    Raises DomainError for an instant that does not lie ahead.
    """
    require(by, permitted(Action.MOVE_CLOCK))
    move_clock(to=to, by=by)
    ended: Counter[str] = Counter()
    for _round in range(ROUNDS):
        done = sweep()
        ended += done
        if not done:
            break
    return Passed(now=clock.now(), ended=ended, sent=send_due())


def let_deadline_pass(*, by: User) -> Passed:
    """Move the demo's clock to just after the next deadline and its grace. Raises DomainError when there is none."""
    task = next_to_fire()
    if task is None or task.due_at is None:
        raise DomainError(_("No deadline lies ahead."))
    return let_time_pass(to=task.due_at + timedelta(seconds=settings.DEADLINE_GRACE_SECONDS + 1), by=by)
