"""What a service leaves behind: events, messages, outcomes; and what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from audit.models import Event
from audit.verbs import Verb
from common.errors import DomainError
from outbox.models import Message
from scoring.models import ScoreSheet
from workflow.filing.services.reminders import remind
from workflow.flow.models import Assessment, Outcome


def refused(call: Callable[[], Any], field: str | None = None) -> str:
    """Call what must be refused at `field`, with words and without an event; returns the words."""
    before = Event.objects.count()
    with pytest.raises(DomainError) as raised:
        call()
    assert raised.value.field == field
    assert Event.objects.count() == before
    words = str(raised.value.message)
    assert words.strip()
    return words


def verbs_about(sheet: ScoreSheet) -> list[str]:
    """What was done to a sheet, the oldest first."""
    return list(Event.objects.filter(subject=f"sheet:{sheet.pk}").order_by("pk").values_list("verb", flat=True))


def last_event(verb: Verb) -> Event:
    """The latest event of this verb; there must be one."""
    event = Event.objects.filter(verb=verb).order_by("-pk").first()
    assert event is not None, f"no event {verb}"
    return event


def told(cause: str) -> set[User | None]:
    """Who gets a message whose cause begins so."""
    return {message.to for message in Message.objects.filter(cause__startswith=cause).select_related("to")}


def causes(prefix: str) -> list[str]:
    """The causes of messages that begin so, sorted."""
    return sorted(Message.objects.filter(cause__startswith=prefix).values_list("cause", flat=True))


def reminded() -> int:
    """Let the reminders that are due be written; how many there are more."""
    before = len(causes("reminder:"))
    remind()
    return len(causes("reminder:")) - before


def outcomes_of(assessment: Assessment) -> list[tuple[str, str]]:
    """(node, outcome) of each task that has ended, the oldest first."""
    rows = Outcome.objects.filter(task__process=assessment).select_related("task").order_by("pk")
    return [(row.task.flow_task.name, row.kind) for row in rows]
