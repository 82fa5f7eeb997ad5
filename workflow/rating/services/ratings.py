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
from scoring.models import Abstention, Rating, RatingKind, ScoreSheet
from workflow.flow.models import Assessment, Node
from workflow.flow.queries.process import open_tasks
from workflow.flow.rules import rates
from workflow.rating.queries.leaders import ABSTAINED, Given, given_by
from workflow.rating.services.window import require_window

NO_LONGER_RATED = gettext_lazy("A unit no longer waits for leaders' ratings. Reload the page to see how it stands.")


@transaction.atomic
def save_leader_ratings(*, by: User, values: Mapping[int, Given], arrived_at: datetime) -> Saved[int]:
    """Keep what a leader gives: sheet id → 0–100, `ABSTAINED`, or None to take it back; each that is right.

    The processes are locked in the order of their keys. `saved` are the sheets for which it changed. Refused at its
    sheet is what arrived outside the window, for a unit that does not wait for leaders, or for the leader's own (R9).
    The record says that somebody rated, never what: their own number is for nobody else. Raises NotAllowed for whoever
    is no leader.
    """
    actor, saved = actor_of(by), Saved[int]()
    require(actor, is_leader)
    waiting = _waiting_for_leaders(values)
    before = given_by(by, waiting)
    events: list[Event] = []
    for sheet_id, value in values.items():
        with saved.refusing(sheet_id):
            sheet = _ratable(waiting, sheet_id, actor, arrived_at)
            if value != before.get(sheet_id):
                saved.saved.add(sheet_id)
                events.append(event(Verb.RATED, sheet, by=by))
    _put(by, {sheet_id: values[sheet_id] for sheet_id in saved.saved}, arrived_at)
    log_all(events)
    return saved


def _put(leader: User, values: Mapping[int, Given], given_at: datetime) -> None:
    """Write what a leader gives in place of what they gave before; the caller holds the processes."""
    Rating.objects.filter(component=RatingKind.LEADERS, rater=leader, sheet__in=values).delete()
    Abstention.objects.filter(rater=leader, sheet__in=values).delete()
    Rating.objects.bulk_create(
        Rating(sheet_id=sheet_id, component=RatingKind.LEADERS, rater=leader, value=value, given_at=given_at)
        for sheet_id, value in values.items()
        if isinstance(value, Decimal)
    )
    Abstention.objects.bulk_create(
        Abstention(sheet_id=sheet_id, rater=leader, given_at=given_at)
        for sheet_id, value in values.items()
        if value is ABSTAINED
    )


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
