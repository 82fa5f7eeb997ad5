"""Ratings by recipients and leaders, inside their window; the window closes by the sweep (R9)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.models import User
from accounts.rules import is_office, require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.services import hold_until, move_due
from scoring.models import Ballot, Cycle, Rating, RatingKind, ScoreSheet
from workflow.flow.endings import Ending, end, is_open, lock_processes, locked, require_open, subject_of
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.queries.process import about, about_ratings, open_task, open_tasks
from workflow.flow.rules import rates
from workflow.rating.services.ballots import cast

COMPONENT_OF = {"recipient_rating": RatingKind.RECIPIENTS, "leadership_rating": RatingKind.LEADERS}


def require_window(cycle: Cycle, arrived_at: datetime) -> None:
    """Raise DomainError unless a rating that arrived at `arrived_at` (aware) falls into the cycle's window."""
    if cycle.ratings_open_at is None or arrived_at < cycle.ratings_open_at:
        raise DomainError(_("Rating has not begun yet."))
    if cycle.ratings_close_at is None or arrived_at >= cycle.ratings_close_at:
        raise DomainError(_("Rating is over; what arrives now can't be counted any more."))


def cast_ballot(*, ballot: Ballot, value: Decimal, arrived_at: datetime) -> None:
    """Count a recipient's rating (0–100) once, if it arrived inside the window (R8, R9)."""
    sheet = ballot.draw.sheet
    task = open_task(sheet.assessment, "recipient_rating")
    if task is None:
        raise DomainError(_("Rating is over; what arrives now can't be counted any more."))
    with locked(task) as activation:
        require_open(activation)
        require_window(activation.process.sheet.cycle, arrived_at)
        cast(ballot=ballot, value=value)


@transaction.atomic
def save_leader_ratings(*, by: User, values: Mapping[int, Decimal | None], arrived_at: datetime) -> int:
    """Keep a leader's ratings: sheet id → 0–100, or None to take one back; returns how many changed (R9).

    The processes are locked in the order of their keys. Raises DomainError outside the window, for a unit that does
    not wait for leaders, and for the leader's own unit.
    """
    tasks = open_tasks("leadership_rating").filter(process__sheet_id__in=values)
    tasks = tasks.select_related("process__sheet__cycle", "process__sheet__unit").order_by("process_id")
    found = {task.process.sheet_id: task for task in tasks}
    if set(values) - set(found):
        raise DomainError(_("A unit no longer waits for leaders' ratings. Reload the page to see how it stands."))
    actor, changed = actor_of(by), 0
    for sheet_id, task in found.items():
        require(actor, rates, task.process.sheet, field=f"rating-{sheet_id}")
        with locked(task) as activation:
            require_open(activation)
            sheet = activation.process.sheet
            require_window(sheet.cycle, arrived_at)
            changed += _keep(sheet, by, values[sheet_id], arrived_at)
    return changed


def _keep(sheet: ScoreSheet, by: User, value: Decimal | None, at: datetime) -> int:
    before = Rating.objects.filter(sheet=sheet, component=RatingKind.LEADERS, rater=by).first()
    if (before.value if before else None) == value:
        return 0
    if value is None:
        Rating.objects.filter(sheet=sheet, component=RatingKind.LEADERS, rater=by).delete()
    else:
        Rating.objects.update_or_create(
            sheet=sheet, component=RatingKind.LEADERS, rater=by, defaults={"value": value, "given_at": at}
        )
    record(
        Entry(
            verb=Verb.RATED,
            subject=subject_of(sheet),
            by=by,
            cycle_year=sheet.cycle.year,
            came_from=str(before.value) if before else "",
            went_to=str(value) if value is not None else "",
        )
    )
    return 1


def close_ratings(*, task: Task) -> bool:
    """Close a rating task whose window is over; with no rating at all it stays open, never a zero (R9).

    Returns whether it was closed: called by the sweep, idempotent, decided under the lock.
    """
    with locked(task) as activation:
        row = activation.task
        if not is_open(activation) or row.due_at is None or row.due_at > clock.now():
            return False
        component = COMPONENT_OF[row.flow_task.name]
        if not Rating.objects.filter(sheet=activation.process.sheet, component=component).exists():
            return False
        end(activation, Ending(kind=OutcomeKind.RATED, by=None, data={"component": component}))
        return True


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
    row = Cycle.objects.select_for_update().get(pk=cycle.pk)
    came_from = _window(row.ratings_open_at, row.ratings_close_at)
    row.ratings_open_at, row.ratings_close_at = opens_at, closes_at
    row.save(update_fields=["ratings_open_at", "ratings_close_at"])
    tasks = open_tasks(*COMPONENT_OF).filter(process__sheet__cycle=row)
    tasks.update(due_at=closes_at, retry_at=None)
    concerned = [about_ratings(row), *map(about, tasks.only("pk"))]
    hold_until(concerned, closes_at)
    move_due(concerned, closes_at)
    record(
        Entry(
            verb=Verb.RATING_WINDOW_CHANGED,
            subject=f"cycle:{row.year}",
            by=by,
            cycle_year=row.year,
            came_from=came_from,
            went_to=_window(opens_at, closes_at),
        )
    )


def _window(opens_at: datetime | None, closes_at: datetime | None) -> str:
    return f"{opens_at.isoformat()} – {closes_at.isoformat()}" if opens_at and closes_at else ""
