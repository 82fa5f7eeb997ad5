"""Reminders of recipients who have not rated: once, some days before the close; who holds paper gets none (R8)."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as hour_of_day
from itertools import groupby
from math import inf

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from common import clock
from common.narrow import known
from outbox.models import Message
from outbox.services import queue
from scoring.models import Ballot
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks
from workflow.rating.services.links import reminder_for, reminder_of, with_mail

DAYS = 3  # before the last day on which ratings count
HOUR = hour_of_day(9)
UNITS_AT_ONCE = 50


def remind_recipients(*, end: float = inf) -> bool:
    """Write what is due to people who have not rated; returns whether all is written before `end` (monotonic).

    Each is reminded once for a close; one that moves is another. Who was told of their ballot since that morning is
    not reminded on top of it. A message whose ballot is used meanwhile is withdrawn as it is sent (`mint_link`).
    """
    closing = open_tasks(Node.RECIPIENT_RATING).filter(
        due_at__gt=clock.now(), due_at__lte=clock.now() + timedelta(days=DAYS + 1)
    )
    for closes, group in groupby(closing.order_by("due_at", "pk"), key=lambda task: known(task.due_at)):
        tasks = list(group) if clock.now() >= morning_of(closes) else []
        for start in range(0, len(tasks), UNITS_AT_ONCE):
            if time.monotonic() >= end:
                return False
            _remind(tasks[start : start + UNITS_AT_ONCE], closes)
    return True


def morning_of(closes: datetime) -> datetime:
    """The instant at which reminders for a close (both aware) are due."""
    day = clock.last_day(closes) - timedelta(days=DAYS)
    return datetime.combine(day, HOUR, tzinfo=clock.BEIJING)


@transaction.atomic
def _remind(tasks: Sequence[Task], closes: datetime) -> None:
    of_process = {task.process_id: task for task in tasks}
    silent = list(_silent(list(of_process), closes))
    mailed = with_mail(silent)
    queue(reminder_of(ballot, of_process[ballot.draw.sheet.assessment.pk], mailed) for ballot in silent)


def _silent(assessments: Sequence[int], closes: datetime) -> QuerySet[Ballot]:
    """The ballots of these units that were sent, are not used, and of which nothing was said since the morning."""
    begins = Concat(Value("ballot:"), Cast(OuterRef("pk"), CharField()), Value(":"), output_field=CharField())
    told_lately = Message.objects.filter(cause=Concat(begins, Value("letter")), created_at__gte=morning_of(closes))
    reminded = Message.objects.filter(cause=Concat(begins, Value(reminder_for(closes))))
    return (
        Ballot.objects.filter(draw__sheet__assessment__in=assessments, spent=False, revoked_at=None, on_paper=False)
        .exclude(token_sha256=None)
        .filter(~Exists(told_lately), ~Exists(reminded))
        .select_related("draw__sheet__assessment", "draw__sheet__cycle")
        .order_by("pk")
    )
