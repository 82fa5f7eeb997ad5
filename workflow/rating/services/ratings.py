"""Leaders' ratings, inside their window (R9)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import is_leader, require
from audit.models import Event
from audit.services import event, log_all
from audit.verbs import Verb
from common.errors import DomainError
from common.saving import Saved
from scoring.models import Rating, RatingKind, ScoreSheet
from workflow.flow.models import Assessment, Node
from workflow.flow.queries.process import open_tasks
from workflow.flow.rules import rates
from workflow.rating.services.window import require_window

NO_LONGER_RATED = gettext_lazy("A unit no longer waits for leaders' ratings. Reload the page to see how it stands.")


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
