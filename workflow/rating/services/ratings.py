"""Ratings by recipients and leaders, inside their window; the window closes by the sweep (R9)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import is_leader, is_office, require
from audit.models import Event
from audit.services import event, log, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.saving import Saved
from outbox.services import hold_until, move_due
from scoring.models import Ballot, Cycle, Rating, RatingKind, ScoreSheet
from workflow.flow.endings import Ending, hold, is_due, lock_processes, require_open
from workflow.flow.models import Assessment, Node, OutcomeKind, Task
from workflow.flow.queries.process import about, about_ratings, open_task, open_tasks
from workflow.flow.rules import rates
from workflow.rating.services.ballots import cast

COMPONENT_OF = {Node.RECIPIENT_RATING: RatingKind.RECIPIENTS, Node.LEADERSHIP_RATING: RatingKind.LEADERS}
NO_LONGER_RATED = gettext_lazy("A unit no longer waits for leaders' ratings. Reload the page to see how it stands.")


def require_window(cycle: Cycle, arrived_at: datetime) -> None:
    """Raise DomainError unless a rating that arrived at `arrived_at` (aware) falls into the cycle's window."""
    if cycle.ratings_open_at is None or arrived_at < cycle.ratings_open_at:
        raise DomainError(_("Rating has not begun yet."))
    if cycle.ratings_close_at is None or arrived_at >= cycle.ratings_close_at:
        raise DomainError(_("Rating is over; what arrives now can't be counted any more."))


def cast_ballot(*, ballot: Ballot, value: Decimal, arrived_at: datetime) -> None:
    """Count a recipient's rating (0–100) once, if it arrived inside the window (R8, R9)."""
    sheet = ballot.draw.sheet
    task = open_task(sheet.assessment, Node.RECIPIENT_RATING)
    if task is None:
        raise DomainError(_("Rating is over; what arrives now can't be counted any more."))
    with hold([task]) as held:
        require_open(held.task)
        require_window(held.process.sheet.cycle, arrived_at)
        cast(ballot=ballot, value=value)


@transaction.atomic
def save_leader_ratings(*, by: User, values: Mapping[int, Decimal | None], arrived_at: datetime) -> Saved[int]:
    """Keep a leader's ratings: sheet id → 0–100, or None to take one back; each that is right, whatever the others are.

    The processes are locked in the order of their keys. `saved` are the sheets whose rating changed. Refused at its
    sheet is what arrived outside the window, for a unit that does not wait for leaders, or for the leader's own (R9).
    Raises NotAllowed for whoever is no leader.
    """
    actor, saved = actor_of(by), Saved[int]()
    require(actor, is_leader)
    waiting = _waiting_for_leaders(values)
    given = Rating.objects.filter(component=RatingKind.LEADERS, rater=by)
    before = {rating.sheet_id: rating for rating in given.filter(sheet__in=waiting)}
    events: list[Event] = []
    for sheet_id, value in values.items():
        with saved.refusing(sheet_id):
            sheet = _ratable(waiting, sheet_id, actor, arrived_at)
            was = before[sheet_id].value if sheet_id in before else None
            if value != was:
                saved.saved.add(sheet_id)
                events.append(event(Verb.RATED, sheet, by=by, came_from=_in_words(was), went_to=_in_words(value)))
    given.filter(sheet__in=saved.saved).delete()
    Rating.objects.bulk_create(
        Rating(sheet_id=sheet_id, component=RatingKind.LEADERS, rater=by, value=value, given_at=arrived_at)
        for sheet_id in saved.saved
        if (value := values[sheet_id]) is not None
    )
    log_all(events)
    return saved


def _waiting_for_leaders(sheet_ids: Iterable[int]) -> dict[int, ScoreSheet]:
    """The sheets among these that wait for leaders, read once their processes are locked in the order of their keys."""
    processes = Assessment.objects.select_for_update(no_key=True).filter(sheet__in=sheet_ids).order_by("pk")
    held = list(processes.values_list("pk", flat=True))
    tasks = open_tasks(Node.LEADERSHIP_RATING).filter(process__in=held)
    return {task.process.sheet_id: task.process.sheet for task in tasks.select_related("process__sheet__cycle")}


def _ratable(waiting: Mapping[int, ScoreSheet], sheet_id: int, actor: Actor, arrived_at: datetime) -> ScoreSheet:
    if sheet_id not in waiting:
        raise DomainError(NO_LONGER_RATED)
    sheet = waiting[sheet_id]
    require(actor, rates, sheet)
    require_window(sheet.cycle, arrived_at)
    return sheet


def _in_words(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def close_all_ratings(*, tasks: Iterable[Task]) -> list[Task]:
    """Close rating tasks whose window is over; with no rating at all one stays open, never a zero (R9).

    Returns the tasks that were closed: by the sweep, idempotent, decided under the locks.
    """
    with hold(tasks) as held:
        over = [task for task in held.tasks if is_due(task)]
        ratings = Rating.objects.filter(sheet__in=[task.process.sheet_id for task in over])
        rated = set(ratings.values_list("sheet_id", "component").distinct())
        component = {task: COMPONENT_OF[task.node] for task in over}
        closed = [task for task in over if (task.process.sheet_id, component[task]) in rated]
        held.end(
            {task: Ending(kind=OutcomeKind.RATED, by=None, data={"component": component[task]}) for task in closed}
        )
    return closed


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
    came_from = _window(row.ratings_open_at, row.ratings_close_at)
    row.ratings_open_at, row.ratings_close_at = opens_at, closes_at
    row.save(update_fields=["ratings_open_at", "ratings_close_at"])
    tasks = open_tasks(*COMPONENT_OF).filter(process__sheet__cycle=row)
    tasks.update(due_at=closes_at, retry_at=None)
    concerned = [about_ratings(row), *map(about, tasks.only("pk"))]
    hold_until(concerned, closes_at)
    move_due(concerned, closes_at)
    log(Verb.RATING_WINDOW_CHANGED, row, by=by, came_from=came_from, went_to=_window(opens_at, closes_at))


def _window(opens_at: datetime | None, closes_at: datetime | None) -> str:
    return f"{opens_at.isoformat()} – {closes_at.isoformat()}" if opens_at and closes_at else ""
