"""What the subjects of events are called: `sheet:12` is a unit in a year, `user:7` a person."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from accounts.models import Department, Unit, User
from common.numbers import key_in
from common.wording import spoken_instant
from documents.models import Notice
from scoring.models import ScoreSheet, Step
from workflow.board.models import Board

LONGEST_STATE = 32
TO = " – "  # between the two ends of a window


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


def state_in_words(state: str) -> str:
    """What an event went from or to: a step by its name on screen, instants as people say them, a digest shortened."""
    words = {str(value): str(label) for value, label in Step.choices}
    known = words.get(state) or _instants_in_words(state)
    return known or (state if len(state) <= LONGEST_STATE else f"{state[:LONGEST_STATE]}…")


def _instants_in_words(state: str) -> str:
    """An aware instant, or a window of two, with the year, since a record is read much later; empty for all else."""
    texts = state.split(TO)
    instants = [instant for text in texts if (instant := _instant(text))]
    if len(instants) < len(texts):
        return ""
    return TO.join(
        spoken_instant(instant, start=number < len(instants), year=True)
        for number, instant in enumerate(instants, start=1)
    )


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:  # most states are words
        return None
    return instant if instant.tzinfo else None


def subjects_called(words: str) -> frozenset[str]:
    """The subjects whose name contains `words` (three queries); `words` that are a subject name themselves."""
    found = {words} if ":" in words else set()
    sheets = ScoreSheet.objects.filter(Q(unit_name__icontains=words) | Q(unit__code=words))
    found |= {f"sheet:{key}" for key in sheets.values_list("pk", flat=True)}
    found |= {f"unit:{key}" for key in Unit.objects.filter(name__icontains=words).values_list("pk", flat=True)}
    people = User.objects.filter(Q(name__icontains=words) | Q(username=words))
    found |= {f"user:{key}" for key in people.values_list("pk", flat=True)}
    return frozenset(found)
