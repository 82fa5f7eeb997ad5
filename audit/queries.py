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

    year: int | None = None
    verb: str = ""
    person: str = ""
    subjects: frozenset[str] | None = None


def events_like(wanted: Filter) -> QuerySet[Event]:
    """Events by year, verb, who did it (part of the name or user name) and subject, newest first."""
    events = Event.objects.select_related("actor")
    if wanted.year is not None:
        events = events.filter(cycle_year=wanted.year)
    if wanted.verb:
        events = events.filter(verb=wanted.verb)
    if wanted.person:
        events = events.filter(Q(actor__name__icontains=wanted.person) | Q(actor__username=wanted.person))
    if wanted.subjects is not None:
        events = events.filter(subject__in=wanted.subjects)
    return events


def years() -> list[int]:
    """The years of which something is recorded, newest first."""
    held = Event.objects.exclude(cycle_year=None).order_by("-cycle_year")
    return [year for year in held.values_list("cycle_year", flat=True).distinct() if year is not None]
