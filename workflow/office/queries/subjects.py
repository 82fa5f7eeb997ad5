"""What the subjects of events are called: `sheet:12` is a unit in a year, `user:7` a person."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from accounts.models import Department, Unit, User
from common.numbers import key_in
from documents.models import Notice
from scoring.models import ScoreSheet
from workflow.board.models import Board


def names_of(subjects: Iterable[str]) -> dict[str, str]:
    """A name for each subject: at most six queries for any number of them."""
    keys: dict[str, set[int]] = defaultdict(set)
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if (number := key_in(key)) is not None:
            keys[kind].add(number)
    named: dict[str, str] = {f"cycle:{year}": _("Cycle of %(year)d") % {"year": year} for year in keys["cycle"]}
    for kind, wanted in keys.items():
        named |= {f"{kind}:{key}": name for key, name in _names(kind, wanted)}
    return named


SIMPLE: dict[str, tuple[type[Model], str]] = {
    "notice": (Notice, "number"),
    "user": (User, "name"),
    "unit": (Unit, "name"),
    "department": (Department, "name"),
}


def _names(kind: str, wanted: set[int]) -> list[tuple[int, str]]:
    if kind == "sheet":
        rows = ScoreSheet.objects.filter(pk__in=wanted).values_list("pk", "unit_name", "cycle__year")
        return [(key, f"{name} {year}") for key, name, year in rows]
    if kind == "board":
        boards = Board.objects.filter(pk__in=wanted).values_list("pk", "track__name", "version")
        return [(key, f"{name} v{version}") for key, name, version in boards]
    if kind not in SIMPLE:
        return []
    model, column = SIMPLE[kind]
    return list(model._default_manager.filter(pk__in=wanted).values_list("pk", column))


def subjects_called(words: str) -> frozenset[str]:
    """The subjects whose name contains `words` (three queries); `words` that are a subject name themselves."""
    found = {words} if ":" in words else set()
    sheets = ScoreSheet.objects.filter(Q(unit_name__icontains=words) | Q(unit__code=words))
    found |= {f"sheet:{key}" for key in sheets.values_list("pk", flat=True)}
    found |= {f"unit:{key}" for key in Unit.objects.filter(name__icontains=words).values_list("pk", flat=True)}
    people = User.objects.filter(Q(name__icontains=words) | Q(username=words))
    found |= {f"user:{key}" for key in people.values_list("pk", flat=True)}
    return frozenset(found)
