"""Reminders before the deadline of the self-evaluation: each exactly once for its cause."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import current_memberships
from accounts.models import Membership, Role
from accounts.wording import spoken_instant
from audit import clock
from audit.narrow import known
from outbox.models import Message
from outbox.services import mail, queue
from workflow.models import Task
from workflow.queries.process import open_tasks

# Days before the deadline on which a unit that has not submitted is reminded; 0 is the day itself.
OFFSETS = (30, 15, 7, 3, 1, 0)
HOUR = time(9)
CHUNK = 500


def last_day(due_at: datetime) -> date:
    """The last day on which a deadline can be met: 24:00 belongs to the day before."""
    return (due_at - timedelta(microseconds=1)).astimezone(clock.BEIJING).date()


def offset_due(due_at: datetime, now: datetime) -> int | None:
    """The reminder that is due at `now` (aware) for a deadline: the nearest offset whose morning has come."""
    if now >= due_at:
        return None
    day = last_day(due_at)
    come = [
        offset
        for offset in OFFSETS
        if datetime.combine(day - timedelta(days=offset), HOUR, tzinfo=clock.BEIJING) <= now
    ]
    return min(come) if come else None


def remind() -> int:
    """Write the reminders that are due to the filers of units that have not submitted; returns how many.

    A unit that began after an offset's day gets the nearest one only. Four queries for each chunk of units.
    """
    tasks = _waiting()
    reminded, last = 0, 0
    while chunk := list(tasks.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        with transaction.atomic():
            reminded += _remind(chunk)
    return reminded


def _waiting() -> QuerySet[Task]:
    soon = clock.now() + timedelta(days=max(OFFSETS) + 1)
    return (
        open_tasks("self_evaluation")
        .filter(due_at__gt=clock.now(), due_at__lte=soon)
        .select_related("process__sheet__cycle")
        .order_by("pk")
    )


def _remind(tasks: list[Task]) -> int:
    now = clock.now()
    due = [(task, offset) for task in tasks if task.due_at and (offset := offset_due(task.due_at, now)) is not None]
    filers: dict[int, list[Membership]] = {}
    held = current_memberships().filter(
        role=Role.FILER, user__is_active=True, unit_id__in=[task.unit_id for task, _offset in due]
    )
    for membership in held.select_related("user"):
        filers.setdefault(membership.unit_id or 0, []).append(membership)
    return queue(
        _reminder(task, offset, membership) for task, offset in due for membership in filers.get(task.unit_id or 0, [])
    )


def _reminder(task: Task, offset: int, membership: Membership) -> Message:
    due_at = known(task.due_at)
    day = last_day(due_at)
    sheet = task.process.sheet
    left = (day - clock.today()).days
    when = ngettext("in %(days)d day", "in %(days)d days", left) % {"days": left} if left else _("today")
    return mail(
        cause=f"reminder:{task.pk}:{day.isoformat()}:{offset}:{membership.user_id}",
        to=membership.user,
        subject=_("Self-evaluation due %(when)s: %(unit)s") % {"when": when, "unit": sheet.unit_name},
        body=_("The self-evaluation for %(cycle)s must be submitted before %(instant)s.")
        % {"cycle": sheet.cycle.title, "instant": spoken_instant(due_at)},
        path="/self-evaluation/",
    )
