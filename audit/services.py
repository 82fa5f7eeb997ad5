"""Recording what was done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.contrib.auth.models import AbstractBaseUser

from audit.models import Event
from audit.subjects import Subject
from audit.verbs import Verb
from common import clock


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be recorded: `subject` is `kind:key`, such as `sheet:12`; `by` is None when the system acts."""

    verb: Verb
    subject: str
    by: AbstractBaseUser | None = None
    cycle_year: int | None = None
    came_from: str = ""
    went_to: str = ""
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


class What(TypedDict, total=False):
    """What may be said of an event: who did it, of which year, from what to what, why, details, when (aware)."""

    by: AbstractBaseUser | None
    year: int | None
    came_from: str
    went_to: str
    why: str
    data: Mapping[str, Any] | None
    at: datetime | None


def event(verb: Verb, subject: Subject | str, **what: Unpack[What]) -> Event:
    """An event, not yet written: `by` is left out when the system acts, `at` where it happens now.

    A `subject` that is a model says its name and the year of its cycle, unless another `year` is given.
    """
    by = what.get("by")
    named, year = (subject.recorded_as, subject.recorded_year) if isinstance(subject, Subject) else (subject, None)
    return Event(
        at=what.get("at") or clock.now(),
        actor_id=by.pk if by else None,
        verb=verb,
        subject=named,
        cycle_year=what.get("year", year),
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


def _event(entry: Entry) -> Event:
    return Event(
        at=entry.at or clock.now(),
        actor_id=entry.by.pk if entry.by else None,
        verb=entry.verb,
        subject=entry.subject,
        cycle_year=entry.cycle_year,
        came_from=entry.came_from[:200],
        went_to=entry.went_to[:200],
        why=entry.why,
        data=dict(entry.data),
    )


def record(entry: Entry) -> Event:
    """Record one event in the transaction of its cause."""
    event = _event(entry)
    event.save(force_insert=True)
    return event


def record_all(entries: list[Entry]) -> None:
    """Record many events with one statement."""
    Event.objects.bulk_create([_event(entry) for entry in entries])
