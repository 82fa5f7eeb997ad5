"""Reading the record."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from audit.models import Event


def events_of(*subjects: str) -> QuerySet[Event]:
    """Everything that was done to these subjects, newest first, with who did it."""
    return Event.objects.filter(subject__in=subjects).select_related("actor")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What to look for; empty means everything. `subjects` are names such as `sheet:12`."""

    cycle: str = ""
    verb: str = ""
    person: str = ""
    subjects: frozenset[str] | None = None


def events_like(wanted: Filter) -> QuerySet[Event]:
    """Events by cycle, verb, who did it (part of the name or user name) and subject, newest first."""
    events = Event.objects.select_related("actor")
    if wanted.cycle:
        events = events.filter(cycle=wanted.cycle)
    if wanted.verb:
        events = events.filter(verb=wanted.verb)
    if wanted.person:
        events = events.filter(Q(actor__name__icontains=wanted.person) | Q(actor__username=wanted.person))
    if wanted.subjects is not None:
        events = events.filter(subject__in=wanted.subjects)
    return events


def cycles() -> list[str]:
    """The names of the cycles of which something is recorded, newest first."""
    return list(Event.objects.exclude(cycle="").order_by("-cycle").values_list("cycle", flat=True).distinct())
