"""What the subjects of events are called: `sheet:12` is a unit in a year, `user:7` a person."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, Unit, User
from audit.models import Event
from common.numbers import key_in
from documents.models import ResultNotice
from scoring.models import LibraryItem, ScoreSheet
from scoring.naming import slug_in
from workflow.board.models import Board
from workflow.flow.queries.words import Told


def told(events: Iterable[Event]) -> list[Told]:
    """The events with the name of what each is about, as `names_of` gives it."""
    listed = list(events)
    names = names_of(event.subject for event in listed)
    return [Told(event, names.get(event.subject, "")) for event in listed]


def names_of(subjects: Iterable[str]) -> dict[str, str]:
    """A name for each subject: at most seven queries for any number of them."""
    keys: dict[str, set[int]] = defaultdict(set)
    named: dict[str, str] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if kind == "cycle" and slug_in(key):
            named[subject] = _("Cycle of %(year)s") % {"year": key}
        elif (number := key_in(key)) is not None:
            keys[kind].add(number)
    for kind, wanted in keys.items():
        named |= {f"{kind}:{key}": name for key, name in _names(kind, wanted)}
    return named


SIMPLE: dict[str, tuple[type[Model], str]] = {
    "notice": (ResultNotice, "number"),
    "user": (User, "name"),
    "unit": (Unit, "name"),
    "department": (Department, "name"),
    "library": (LibraryItem, "came_from"),
}


def _names(kind: str, wanted: set[int]) -> list[tuple[int, str]]:
    if kind == "sheet":
        rows = ScoreSheet.objects.filter(pk__in=wanted).values_list("pk", "unit_name", "cycle__slug")
        return [(key, f"{name} {slug}") for key, name, slug in rows]
    if kind == "board":
        boards = Board.objects.filter(pk__in=wanted).values_list("pk", "track__name", "version")
        return [(key, f"{name} v{version}") for key, name, version in boards]
    if kind not in SIMPLE:
        return []
    model, column = SIMPLE[kind]
    return list(model._default_manager.filter(pk__in=wanted).values_list("pk", column))


def subjects_called(words: str) -> frozenset[str]:
    """The subjects whose name contains `words` (three queries); `words` that are a subject name themselves."""
    called: dict[str, QuerySet[Any]] = {
        "sheet": ScoreSheet.objects.filter(Q(unit_name__icontains=words) | Q(unit__code=words)),
        "unit": Unit.objects.filter(name__icontains=words),
        "user": User.objects.filter(Q(name__icontains=words) | Q(username=words)),
    }
    subjects = {f"{kind}:{key}" for kind, models in called.items() for key in models.values_list("pk", flat=True)}
    return frozenset(subjects | ({words} if ":" in words else set()))
