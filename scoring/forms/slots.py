"""The values of a draft that can be corrected on screen: where each stands, its field, and how it is written back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from common.ui.fields import DayField, HourField
from scoring.engine.numbers import plain
from scoring.engine.track import BONUS, WORK, Body
from scoring.services.corrections import Path
from scoring.wording import component_label


@dataclass(frozen=True)
class Slot:
    """One value: the name of its field, its paths in the body (more than one when they go together), its old value."""

    name: str
    paths: tuple[Path, ...]
    label: str
    field: forms.Field
    old: Any
    write: Callable[[Any], Any] = lambda value: value or None
    optional: bool = False  # left out of the body where it has no value


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _points(name: str, path: Path, label: str, holder: Body, *, required: bool = False) -> Slot:
    limit = forms.DecimalField(required=required, min_value=Decimal(0), max_digits=8, decimal_places=2)
    return Slot(name, (path,), label, limit, holder[str(path[-1])], _plain)


def _text(name: str, path: Path, label: str, holder: Body, *, longest: int = 120) -> Slot:
    return Slot(name, (path,), label, forms.CharField(required=False, max_length=longest), holder[str(path[-1])])


def _days(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _hours(value: time | None) -> str | None:
    return f"{value:%H:%M}" if value else None


def _names(value: str) -> list[str]:
    for divider in (",", "，", "\n"):
        value = value.replace(divider, "、")
    return list(dict.fromkeys(name for name in (part.strip() for part in value.split("、")) if name))


def letter_slots(body: Body) -> Iterator[Slot]:
    """What the letter says: title, issuer, deadline (R6), grades (R12), working days of publicity (R13)."""
    yield _text("title", ("title",), _("Title"), body, longest=200)
    yield _text("issuer", ("issuer",), _("Issuer"), body)
    day = DayField(required=False)
    yield Slot("deadline", (("deadline",),), _("Deadline (this day counts)"), day, body["deadline"], _days)
    hour = HourField(required=False, help_text=_("Empty: the whole day counts."))
    old_hour = body.get("deadline_time")
    yield Slot(
        "deadline_time",
        (("deadline_time",),),
        _("Deadline: before this hour of the day"),
        hour,
        old_hour,
        _hours,
        optional=True,
    )
    grades = forms.CharField(required=False, max_length=200, help_text=_("The highest first, divided by 、"))
    yield Slot("grades", (("grades",),), _("Grades"), grades, body["grades"], _names)
    days = forms.IntegerField(min_value=1, max_value=60)
    old = body["publicity_working_days"]
    yield Slot("publicity", (("publicity_working_days",),), _("Working days of publicity"), days, old, int)


def track_slots(body: Body, index: int) -> Iterator[Slot]:
    """A track's limits, weights (R2), desk, sample (R8), and the switches of R10 and R11."""
    track, at = body["tracks"][index], ("tracks", index)
    yield _text("desk", (*at, "desk"), _("Receiving desk"), track)
    yield _points("full_marks", (*at, "full_marks"), _("Full marks"), track, required=True)
    yield _points("bonus_cap", (*at, "bonus_cap"), _("All bonus together at most"), track)
    yield _points("deduction_cap", (*at, "deduction_cap"), _("All deductions together at most"), track)
    for number, component in enumerate(track["components"]):
        label = _("Weight of %(component)s in percent") % {"component": component_label(component["code"])}
        yield _points(f"weight-{number}", (*at, "components", number, "weight"), label, component, required=True)
        if component["code"] != WORK:
            yield from _rating_options(component, number, (*at, "components", number))
    if track["recipients"]:
        sample = forms.IntegerField(min_value=1, max_value=500)
        path = (*at, "recipients", "sample")
        yield Slot("sample", (path,), _("Recipients drawn"), sample, track["recipients"]["sample"], int)
    text = _("By severity a unit is barred from grades, or not assessed.")
    incidents = forms.BooleanField(required=False, help_text=text)
    yield Slot("incidents", ((*at, "incident_rule"),), _("Incident rule"), incidents, track["incident_rule"], bool)
    grades = [(grade, grade) for grade in body["grades"]]
    bars = forms.MultipleChoiceField(required=False, choices=grades, widget=forms.CheckboxSelectMultiple)
    label = _("Any deduction bars a unit from")
    yield Slot("bars", ((*at, "deduction_bars"),), label, bars, track["deduction_bars"], list)


def _rating_options(component: Body, number: int, at: Path) -> Iterator[Slot]:
    """Which ratings of a component are left out, and how many it needs; empty for none, as the notice reads (R9)."""
    name = {"component": component_label(component["code"])}
    trim, least = (forms.IntegerField(required=False, min_value=1, max_value=highest) for highest in (50, 500))
    share = forms.DecimalField(
        required=False, min_value=Decimal("0.01"), max_value=Decimal("49.99"), max_digits=4, decimal_places=2
    )
    trim.help_text = _("Instead of a share. With no more ratings than are left out, the total stays open.")
    share.help_text = _("Instead of a number. Whole ratings, rounded down: 10% of 25 are 2 at each end.")
    least.help_text = _("With fewer, the total stays open.")
    label = _("%(component)s: so many of the highest and of the lowest are left out") % name
    yield Slot(f"trim-{number}", ((*at, "trim"),), label, trim, component.get("trim"), optional=True)
    label = _("%(component)s: this share in percent is left out at each end") % name
    old = component.get("trim_share")
    yield Slot(f"trim_share-{number}", ((*at, "trim_share"),), label, share, old, _plain, optional=True)
    label = _("%(component)s: ratings needed at least") % name
    yield Slot(f"least-{number}", ((*at, "least"),), label, least, component.get("least"), optional=True)


def item_slots(body: Body, index: int, code: str) -> Iterator[Slot]:
    """The points of an indicator and its parts, or the limit and rates of an adjustment; nothing for no such code."""
    track, at = body["tracks"][index], ("tracks", index)
    for number, indicator in enumerate(track["indicators"]):
        if indicator["code"] == code:
            yield from _indicator(indicator, (*at, "indicators", number))
    for number, adjustment in enumerate(track["adjustments"]):
        if adjustment["code"] == code:
            yield from _adjustment(adjustment, (*at, "adjustments", number))


def _indicator(indicator: Body, at: Path) -> Iterator[Slot]:
    parts = indicator["parts"]
    if not parts:
        yield _unpriced(indicator, at)
        return
    points = _points("points", (*at, "points"), _("Points of the indicator"), indicator, required=True)
    paths = points.paths if len(parts) > 1 else (*points.paths, (*at, "parts", 0, "points"))
    yield Slot(points.name, paths, points.label, points.field, points.old, points.write)
    for number, part in enumerate(parts):
        here = (*at, "parts", number)
        name = {"code": part["code"]}
        if len(parts) > 1:
            label = _("Points of %(code)s") % name
            yield _points(f"points-{number}", (*here, "points"), label, part, required=True)
        yield _points(f"rate-{number}", (*here, "rate"), _("%(code)s: points per item") % name, part)
        yield _text(f"per-{number}", (*here, "per"), _("%(code)s: counted by") % name, part, longest=10)
        count = forms.IntegerField(required=False, min_value=1, max_value=9999)
        label = _("%(code)s: at least so many") % name
        yield Slot(f"at_least-{number}", ((*here, "at_least"),), label, count, part["at_least"])


def _unpriced(indicator: Body, at: Path) -> Slot:
    """An indicator without parts gets its points as one part with the whole text."""
    part = {"code": f"{indicator['code']}.1", "text": indicator["text"], "at_least": None, "rate": None, "per": None}
    holder = {"whole": None}
    slot = _points("points", (*at, "whole"), _("Points of the indicator"), holder)

    def write(value: Decimal | None) -> Any:
        if value is None:
            return None
        return indicator | {"points": plain(value), "parts": [part | {"points": plain(value)}]}

    return Slot(slot.name, (at,), slot.label, slot.field, None, write)


def _adjustment(adjustment: Body, at: Path) -> Iterator[Slot]:
    label = _("This bonus item at most") if adjustment["kind"] == BONUS else _("This deduction item at most")
    yield _points("cap", (*at, "cap"), label, adjustment)
    if len(adjustment["rules"]) > 1:
        levels, old = forms.BooleanField(required=False), adjustment.get("highest")
        yield Slot("highest", ((*at, "highest"),), _("Only the highest level counts"), levels, old, optional=True)
    if not adjustment["rules"]:
        code = f"{adjustment['code']}.1"
        rule = {"code": code, "text": adjustment["text"], "per": None, "cap": None}
        slot = _points("rate", (*at, "rate"), _("%(code)s: points") % {"code": code}, {"rate": None})

        def write(value: Decimal | None) -> Any:
            return [] if value is None else [rule | {"rate": plain(value)}]

        yield Slot(slot.name, ((*at, "rules"),), slot.label, slot.field, [], write)
    for number, rule in enumerate(adjustment["rules"]):
        here, name = (*at, "rules", number), {"code": rule["code"]}
        if rule.get("factor") is not None:
            yield _points(f"factor-{number}", (*here, "factor"), _("%(code)s: factor") % name, rule, required=True)
            continue
        yield _points(f"rate-{number}", (*here, "rate"), _("%(code)s: points per item") % name, rule, required=True)
        yield _text(f"per-{number}", (*here, "per"), _("%(code)s: counted by") % name, rule, longest=10)
        yield _points(f"cap-{number}", (*here, "cap"), _("%(code)s: this rule at most") % name, rule)
