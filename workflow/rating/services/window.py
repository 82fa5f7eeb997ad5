"""The window in which ratings count, of recipients and leaders alike (R9)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.services import hold_until, move_due
from scoring.models import Cycle
from workflow.flow.endings import lock_processes
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import about, about_ratings, open_tasks

RATING_NODES = (Node.RECIPIENT_RATING, Node.LEADERSHIP_RATING)
OVER = gettext_lazy("Rating is over; what arrives now can't be counted any more.")


def require_window(cycle: Cycle, arrived_at: datetime) -> None:
    """Raise DomainError unless a rating that arrived at `arrived_at` (aware) falls into the cycle's window."""
    _require_between(cycle.ratings_open_at, cycle.ratings_close_at, arrived_at)


def require_unit_window(task: Task, arrived_at: datetime) -> None:
    """The same for recipients of a unit: its open task may have a closing of its own, by the office's decision."""
    _require_between(task.process.sheet.cycle.ratings_open_at, task.due_at, arrived_at)


def _require_between(opens_at: datetime | None, closes_at: datetime | None, arrived_at: datetime) -> None:
    if opens_at is None or arrived_at < opens_at:
        raise DomainError(_("Rating has not begun yet."))
    if closes_at is None or arrived_at >= closes_at:
        raise DomainError(OVER)


@transaction.atomic
def set_rating_window(*, cycle: Cycle, opens_at: datetime, closes_at: datetime, by: User) -> None:
    """Set when ratings count (aware instants, closing exclusive); open rating tasks follow the new closing.

    The processes are locked in the order of their keys, so that no rating is judged by both windows. Raises
    DomainError for a window that closes before it opens, or in the past: what was counted in time stays counted.
    """
    if closes_at <= opens_at:
        raise DomainError(_("The window must close after it opens."), field="ratings_close_at")
    if closes_at <= clock.now():
        raise DomainError(_("The window must close in the future."), field="ratings_close_at")
    lock_processes(cycle)
    require(by, is_office)
    row = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    came_closes = row.ratings_close_at
    came_from = _window(row.ratings_open_at, came_closes)
    row.ratings_open_at, row.ratings_close_at = opens_at, closes_at
    row.save(update_fields=["ratings_open_at", "ratings_close_at"])
    # A unit that was given more time of its own keeps it where the new closing is not later still.
    own = Q(due_at__gt=closes_at) & ~Q(due_at=came_closes)
    tasks = open_tasks(*RATING_NODES).filter(process__sheet__cycle=row).exclude(own)
    tasks.update(due_at=closes_at, retry_at=None)
    concerned = [about_ratings(row), *map(about, tasks.only("pk"))]
    hold_until(concerned, closes_at)
    move_due(concerned, closes_at)
    log(Verb.RATING_WINDOW_CHANGED, row, by=by, came_from=came_from, went_to=_window(opens_at, closes_at))


def _window(opens_at: datetime | None, closes_at: datetime | None) -> str:
    return f"{opens_at.isoformat()} – {closes_at.isoformat()}" if opens_at and closes_at else ""
