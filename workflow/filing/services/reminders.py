"""Reminders before the deadline of the self-evaluation: each exactly once for its cause."""

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as hour_of_day
from math import inf

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse

from accounts.actors import current_memberships
from accounts.models import Membership, Role
from common import clock
from common.narrow import known
from outbox.letters import letter
from outbox.models import Message
from outbox.queries import said
from outbox.services import queue
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import about, open_tasks

# Days before the deadline on which a unit that has not submitted is reminded; 0 is the day itself.
OFFSETS = (30, 15, 7, 3, 1, 0)
HOUR = hour_of_day(9)
CHUNK = 500


def offset_due(due_at: datetime, now: datetime, *, told_on: date | None = None) -> int | None:
    """The reminder that is due at `now` (aware) for a deadline: the nearest offset whose morning has come.

    None for whoever was told of it on that day or later (`told_on`), by whatever was said.
    """
    if now >= due_at:
        return None
    last = clock.last_day(due_at)
    days = {offset: last - timedelta(days=offset) for offset in OFFSETS}
    come = [offset for offset, day in days.items() if datetime.combine(day, HOUR, tzinfo=clock.BEIJING) <= now]
    nearest = min(come) if come else None
    return None if nearest is None or (told_on and told_on >= days[nearest]) else nearest


def remind(*, end: float = inf) -> bool:
    """Write the reminders that are due to the filers of units that have not submitted; returns whether all are written.

    A unit that began after an offset's day gets the nearest one only. Five queries for each chunk of units; at `end`
    (of the monotonic clock) it stops before the next one, and the next call continues: who was told is left alone.
    """
    for chunk in _chunks():
        if time.monotonic() >= end:
            return False
        with transaction.atomic():
            _remind(chunk)
    return True


def _chunks() -> Iterator[list[Task]]:
    tasks, last = _waiting(), 0
    while chunk := list(tasks.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield chunk


def _waiting() -> QuerySet[Task]:
    soon = clock.now() + timedelta(days=max(OFFSETS) + 1)
    return (
        open_tasks(Node.SELF_EVALUATION)
        .filter(due_at__gt=clock.now(), due_at__lte=soon)
        .select_related("process__sheet__cycle")
        .order_by("pk")
    )


def _remind(tasks: list[Task]) -> None:
    now, told = clock.now(), _told_on(tasks)
    filers: defaultdict[int | None, list[Membership]] = defaultdict(list)
    held = current_memberships().filter(role=Role.FILER, user__is_active=True)
    for membership in held.filter(unit_id__in=[task.unit_id for task in tasks]).select_related("user"):
        filers[membership.unit_id].append(membership)
    owed = [(task, membership) for task in tasks for membership in filers[task.unit_id]]
    queue(
        _reminder(task, offset, membership)
        for task, membership in owed
        if (offset := offset_due(known(task.due_at), now, told_on=told.get((about(task), membership.user_id))))
        is not None
    )


def _told_on(tasks: list[Task]) -> dict[tuple[str, int | None], date]:
    """The day on which each person was last told of each task: that it is there, was returned, extended, or is due."""
    of_these = said().filter(about__in=[about(task) for task in tasks]).order_by()
    last = of_these.values_list("about", "to_id").annotate(at=Max("created_at"))
    return {(name, person): at.astimezone(clock.BEIJING).date() for name, person, at in last}


def _reminder(task: Task, offset: int, membership: Membership) -> Message:
    """The letter names the day itself, not how far off it is: that stays true while a mail server is away."""
    due_at = known(task.due_at)
    return letter(
        "reminder",
        cause=f"reminder:{task.pk}:{clock.last_day(due_at).isoformat()}:{offset}:{membership.user_id}",
        to=membership.user,
        path=reverse("task", args=[task.pk]),
        about=about(task),
        due_at=due_at,
        true_until=due_at,
        sheet=task.process.sheet,
    )
