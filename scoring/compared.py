"""How what two schemes say differently is said to people: states, and values by their names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.wording import NONE, say_date
from scoring.engine.compare import CHANGED, GONE, MOVED, NEW, Value
from scoring.wording import component_label, say_rounding

# The last word of a value's name → how it is called; before it may stand the piece that it is said of.
NAMES: dict[str, Promise] = {
    "after": gettext_lazy("Ranks: behind the first so many units or parts"),
    "annex": gettext_lazy("Annex"),
    "at_least": gettext_lazy("At least so many"),
    "below": gettext_lazy("Below"),
    "bonus_cap": gettext_lazy("All bonus together at most"),
    "cap": gettext_lazy("At most"),
    "categories": gettext_lazy("Categories"),
    "code": gettext_lazy("Code"),
    "count": gettext_lazy("So many units at most"),
    "deadline": gettext_lazy("Deadline"),
    "deadline_time": gettext_lazy("Deadline: before this hour of the day"),
    "deduction_bars": gettext_lazy("Any deduction bars a unit from"),
    "deduction_cap": gettext_lazy("All deductions together at most"),
    "desk": gettext_lazy("Receiving desk"),
    "effect": gettext_lazy("Effect"),
    "factor": gettext_lazy("Factor"),
    "full_marks": gettext_lazy("Full marks"),
    "grade": gettext_lazy("Grade"),
    "grades": gettext_lazy("Grades"),
    "highest": gettext_lazy("Only the highest level counts"),
    "implied": gettext_lazy("filled up"),
    "incident_rule": gettext_lazy("Incident rule"),
    "issued": gettext_lazy("Issued on"),
    "issuer": gettext_lazy("Issuer"),
    "least": gettext_lazy("At least"),
    "materials": gettext_lazy("Materials"),
    "measure": gettext_lazy("Measured in"),
    "name": gettext_lazy("Name"),
    "number": gettext_lazy("Number"),
    "of": gettext_lazy("Of how many parts; empty: per cent"),
    "per": gettext_lazy("Counted by"),
    "points": gettext_lazy("Points"),
    "publicity_working_days": gettext_lazy("Working days of publicity"),
    "rate": gettext_lazy("Points per item"),
    "rate_from": gettext_lazy("Points at least"),
    "rounding": gettext_lazy("A part of a unit"),
    "sample": gettext_lazy("Recipients drawn"),
    "share": gettext_lazy("Or so many parts of all units"),
    "text": gettext_lazy("Text"),
    "title": gettext_lazy("Title"),
    "track": gettext_lazy("Track"),
    "trim": gettext_lazy("Left out at each end"),
    "trim_share": gettext_lazy("Share left out at each end, in percent"),
    "unlimited": gettext_lazy("Said to have no limit"),
    "weight": gettext_lazy("Weight in percent"),
    "year": gettext_lazy("Year"),
}

DAYS = frozenset({"deadline", "issued"})


@dataclass(frozen=True)
class StateShown:
    """A state as its shape and its word."""

    shape: str
    word: str


@dataclass(frozen=True)
class ValueShown:
    """A value by its name, from what to what."""

    name: str
    before: str
    after: str


def say_state(state: str) -> StateShown:
    """Says whether a row moved, changed, is new or gone, or is the same."""
    words = {NEW: ("done", _("New")), GONE: ("off", _("Gone")), MOVED: ("wait", _("Moved"))}
    return StateShown(*words.get(state, ("wait", _("Changed") if state == CHANGED else _("Same"))))


def say_values(values: Iterable[Value]) -> tuple[ValueShown, ...]:
    """Says what differs, by its name, from what to what."""
    return tuple(
        ValueShown(_name(value.name), *(_said(value.name, side) for side in (value.before, value.after)))
        for value in values
    )


def _name(name: str) -> str:
    *above, last = name.split(".")
    words = str(NAMES[last]) if last in NAMES else last
    if above and above[0] == "components":
        return f"{component_label(above[1])} · {words}"
    piece = ".".join(above[1:])
    return f"{piece} · {words}" if piece else words


def _said(name: str, value: object) -> str:
    match value:
        case str() if name.endswith(".rounding"):
            return say_rounding(value)
        case str() if name in DAYS:
            return say_date(date.fromisoformat(value), today=clock.today(), year=True)
        case None:
            return NONE
        case bool():
            return _("On") if value else _("Off")
        case list():
            return "、".join(str(item) for item in value) or NONE
    return str(value)
