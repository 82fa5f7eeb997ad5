"""One form for every place of a scheme: which values a row of each list has, how each is asked for and written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from common.ui.fields import DayField, HourField, LinesField
from scoring.engine.edit import Place, node_at
from scoring.engine.numbers import plain
from scoring.engine.quota import NEAREST, UP
from scoring.engine.track import BARS, LEADERS, NOT_ASSESSED, RECIPIENTS, TO_ZERO, WORK, Body
from scoring.wording import component_label, say_rounding

LETTER = "letter"
MOST_WORDS = 500  # of a reason
MATERIALS = (("summary", _("Work summary")), ("score_sheet", _("Score sheet (signed copy)")), ("roster", _("Roster")))
EFFECTS = (
    (TO_ZERO, _("The total counts 0")),
    (NOT_ASSESSED, _("Not assessed")),
    (BARS, _("Bars grades")),
)


@dataclass(frozen=True)
class Asked:
    """A value of a row: its name in the body (after a dot, inside another), and how it is asked for."""

    name: str
    label: Any
    field: Callable[[Body], forms.Field]


def _text(name: str, label: Any, *, longest: int = 120) -> Asked:
    return Asked(name, label, lambda _body: forms.CharField(label=label, required=False, max_length=longest))


def _words(name: str, label: Any) -> Asked:
    return Asked(name, label, lambda _body: LinesField(label=label, required=False))


def _points(name: str, label: Any, *, required: bool = False) -> Asked:
    return Asked(
        name,
        label,
        lambda _body: forms.DecimalField(
            label=label, required=required, min_value=Decimal(0), max_digits=12, decimal_places=4
        ),
    )


def _count(name: str, label: Any, *, most: int = 9999, required: bool = False) -> Asked:
    return Asked(
        name, label, lambda _body: forms.IntegerField(label=label, required=required, min_value=1, max_value=most)
    )


def _day(name: str, label: Any) -> Asked:
    return Asked(name, label, lambda _body: DayField(label=label, required=False))


def _hour(name: str, label: Any) -> Asked:
    text = _("Empty: the whole day counts.")
    return Asked(name, label, lambda _body: HourField(label=label, required=False, help_text=text))


def _names(name: str, label: Any) -> Asked:
    return Asked(name, label, lambda _body: NamesField(label=label))


def _flag(name: str, label: Any) -> Asked:
    return Asked(name, label, lambda _body: forms.BooleanField(label=label, required=False))


def _one_of(name: str, label: Any, choices: Callable[[Body], Sequence[Any]], *, required: bool = True) -> Asked:
    return Asked(name, label, lambda body: forms.ChoiceField(label=label, choices=choices(body), required=required))


def _some_of(name: str, label: Any, choices: Callable[[Body], Sequence[Any]]) -> Asked:
    boxes = forms.CheckboxSelectMultiple
    return Asked(
        name,
        label,
        lambda body: forms.MultipleChoiceField(label=label, required=False, choices=choices(body), widget=boxes),
    )


def _grades(body: Body) -> list[tuple[str, str]]:
    return [(grade, grade) for grade in body["grades"]]


def _grades_of_quotas(body: Body) -> list[tuple[str, str]]:
    """The grades; where the scheme has none yet, those that its quotas name."""
    return _grades(body) or [(grade, grade) for grade in dict.fromkeys(row["grade"] for row in body.get("quotas", ()))]


def _roundings(_body: Body) -> list[tuple[str, str]]:
    return [(how, say_rounding(how)) for how in ("", NEAREST, UP)]


def _tracks(body: Body) -> list[tuple[str, Any]]:
    return [
        ("", _("All tracks together")),
        *((track["code"], track["name"] or track["code"]) for track in body["tracks"]),
    ]


def _components(_body: Body) -> list[tuple[str, str]]:
    return [(code, component_label(code)) for code in (WORK, RECIPIENTS, LEADERS)]


class NamesField(forms.CharField):
    """Names in a line, divided by 、."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=500, help_text=_("Divided by 、"))

    def prepare_value(self, value: Any) -> Any:
        """Names as people write them."""
        return "、".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The names, each once."""
        line = super().clean(value)
        for divider in (",", "，", "\n"):
            line = line.replace(divider, "、")
        return list(dict.fromkeys(name for name in (piece.strip() for piece in line.split("、")) if name))


_RULE = (
    _words("text", _("Text")),
    _points("rate", _("Points per item"), required=True),
    _text("per", _("Counted by"), longest=20),
    _points("cap", _("At most")),
    _points("rate_from", _("At discretion, from so many points")),
    _points("factor", _("Factor, such as 2 or 0.5: multiplies what the other rules come to")),
)
ASKED: Mapping[str, tuple[Asked, ...]] = {
    LETTER: (
        _text("title", _("Title"), longest=200),
        _text("number", _("Number")),
        _text("issuer", _("Issuer")),
        _day("issued", _("Date of issue")),
        _day("deadline", _("Deadline (this day counts)")),
        _hour("deadline_time", _("Deadline: before this hour of the day")),
        _count("publicity_working_days", _("Working days of publicity"), most=60, required=True),
        _names("grades", _("Grades")),
    ),
    "grade_bands": (
        _one_of("grade", _("Grade"), _grades),
        _points("least", _("From (included)")),
        _points("below", _("Below")),
    ),
    "quotas": (
        _one_of("grade", _("Grade"), _grades_of_quotas),
        _words("text", _("Text")),
        _one_of("track", _("Track"), _tracks, required=False),
        _count("count", _("So many units at most")),
        _points("share", _("Or so many parts of all units")),
        _count("of", _("Of how many parts; empty: per cent")),
        _points("after", _("Ranks: behind the first so many units or parts")),
        _one_of("rounding", _("A part of a unit"), _roundings, required=False),
    ),
    "tracks": (
        _text("name", _("Name of the track")),
        _count("annex", _("Number of the annex"), most=99, required=True),
        _text("desk", _("Receiving desk")),
        _points("full_marks", _("Full marks"), required=True),
        _points("bonus_cap", _("All bonus together at most")),
        _points("deduction_cap", _("All deductions together at most")),
        _some_of("materials", _("Materials"), lambda _body: MATERIALS),
        _count("recipients.sample", _("Recipients drawn"), most=500),
        _names("recipients.categories", _("Categories of recipients")),
        _some_of("deduction_bars", _("Any deduction bars a unit from"), _grades),
        _flag("incident_rule", _("Incident rule")),
    ),
    "components": (
        _one_of("code", _("Component"), _components),
        _points("weight", _("Weight in percent"), required=True),
        _count("trim", _("So many of the highest and of the lowest are left out"), most=50),
        _points("trim_share", _("This share in percent is left out at each end")),
        _count("least", _("Ratings needed at least"), most=500),
    ),
    "indicators": (_words("text", _("Text")),),
    "parts": (
        _words("text", _("Text")),
        _points("points", _("Points"), required=True),
        _count("at_least", _("At least so many")),
        _points("rate", _("Points per item")),
        _text("per", _("Counted by"), longest=20),
        _text("measure", _("What the bands measure"), longest=20),
    ),
    "levels": (
        _words("text", _("Text")),
        _points("points", _("Points"), required=True),
        _points("least", _("From (included)")),
        _points("below", _("Below")),
    ),
    "losses": _RULE,
    "adjustments": (
        _words("text", _("Text")),
        _points("cap", _("At most")),
        _flag("highest", _("Only the highest level counts")),
    ),
    "rules": _RULE,
    "vetoes": (
        _words("text", _("Text")),
        _one_of("effect", _("What follows"), lambda _body: EFFECTS),
        _some_of("grades", _("Grades that are barred"), _grades),
    ),
}


def kind_of(place: Place) -> str:
    """Which list a place is a row of; the letter for none."""
    return str(place[-2]) if len(place) > 1 else LETTER


class EditorForm(forms.Form):
    """The values of one place; `changed` names those that were typed where only they are sent (autosave)."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, body: Body, place: Place, data: QueryDict | None = None, *, version: str, changed: Sequence[str] = ()
    ) -> None:
        self.node = node_at(body, place)
        self.asked = ASKED[kind_of(place)]
        self.old = {asked.name: _held(self.node, asked.name) for asked in self.asked}
        sent: Any = data
        if data is not None and changed:
            sent = _overlaid(self.old, data, changed)
        super().__init__(sent, initial=self.old | {"version": version})
        for asked in self.asked:
            self.fields[asked.name] = asked.field(body)
        if place:  # whoever has chosen or added a row types at once
            self.fields[self.asked[0].name].widget.attrs["autofocus"] = True

    def is_sent(self) -> bool:
        """Whether the place's values were sent, not only a button of its page."""
        return any(asked.name in self.data for asked in self.asked)

    def values(self) -> dict[str, Any]:
        """What was typed rightly and differs from the body, in the body's own words, by the field's name."""
        typed = {
            asked.name: _written(self.cleaned_data[asked.name])
            for asked in self.asked
            if asked.name in self.cleaned_data
        }
        return {name: value for name, value in typed.items() if (value or None) != (self.old[name] or None)}

    def put(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as they are put at the place: those inside another value as the whole of it."""
        whole: dict[str, Any] = {}
        for name, value in values.items():
            outer, _dot, inner = name.partition(".")
            if not inner:
                whole[name] = value
                continue
            nothing: Body = {"sample": 20, "categories": []}
            whole[outer] = (whole.get(outer) or self.node[outer] or nothing) | {inner: value}
            if whole[outer]["sample"] is None:
                whole[outer] = None
        return whole

    def said(self, values: Mapping[str, Any]) -> str:
        """The labels of values, for the list of steps."""
        return "、".join(str(asked.label) for asked in self.asked if asked.name in values)


class WhyForm(forms.Form):
    """The reason of a sitting at a draft; it is sent with every button of the place's form, and not before."""

    why = LinesField(
        label=_("Reason of this sitting"),
        required=False,
        rows=2,
        max_length=MOST_WORDS,
        help_text=_("Asked once: it stands for the changes made before, and for those until you sign out."),
    )

    def __init__(self, why: str) -> None:
        super().__init__(initial={"why": why})
        self.fields["why"].widget.attrs |= {"form": "place", "data-autosave": "no"}


def _held(node: Body, name: str) -> Any:
    outer, _dot, inner = name.partition(".")
    return (node.get(outer) or {}).get(inner) if inner else node.get(outer)


def _overlaid(old: Mapping[str, Any], data: QueryDict, changed: Sequence[str]) -> MultiValueDict[str, Any]:
    """The values as they stand, over which lies what was changed; as a browser sends them."""
    sent: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in old.items():
        if name in changed:
            sent.setlist(name, data.getlist(name))
        elif isinstance(value, list):
            sent.setlist(name, ["、".join(value)] if name in ("grades", "recipients.categories") else value)
        elif value not in (None, False):
            sent.setlist(name, [value])
    return sent


def _written(value: Any) -> Any:
    match value:
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case "":
            return None
    return value
