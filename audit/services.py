"""Recording what was done."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.contrib.auth.models import AbstractBaseUser

from audit.models import Event
from audit.subjects import Subject
from audit.verbs import Verb
from common import clock
from common.rows import new


class What(TypedDict, total=False):
    """What may be said of an event: who did it, in which cycle, from what to what, why, details, when (aware)."""

    by: AbstractBaseUser | None
    cycle: str
    came_from: str
    went_to: str
    why: str
    data: Mapping[str, Any] | None
    at: datetime | None


def event(verb: Verb, subject: Subject | str, **what: Unpack[What]) -> Event:
    """An event, not yet written: `by` is left out when the system acts, `at` where it happens now.

    A `subject` that is a model says its name and that of its cycle, unless another `cycle` is given.
    """
    by = what.get("by")
    named, cycle = (subject.recorded_as, subject.recorded_cycle) if isinstance(subject, Subject) else (subject, "")
    return new(
        Event,
        at=what.get("at") or clock.now(),
        actor_id=by.pk if by else None,
        verb=verb,
        subject=named,
        cycle=what.get("cycle", cycle),
        came_from=what.get("came_from", "")[:200],
        went_to=what.get("went_to", "")[:200],
        why=what.get("why", ""),
        data=dict(what.get("data") or {}),
    )


def log(verb: Verb, subject: Subject | str, **what: Unpack[What]) -> Event:
    """Record one event in the transaction of its cause; what is said of it means what it means of `event`."""
    happened = event(verb, subject, **what)
    happened.save(force_insert=True)
    return happened


def log_all(events: Iterable[Event]) -> None:
    """Record many events, in the transaction of their cause, with one statement."""
    Event.objects.bulk_create(events)
