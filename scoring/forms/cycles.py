"""Forms for the settings of a cycle: dates, options, who answers for what, holiday orders, units."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from common import clock
from common.clock import FIRST, LAST
from common.ui.fields import DayField, InstantField, LinesField
from scoring.engine.quota import Proposal
from scoring.models import Cycle, Step, Track
from scoring.queries.cycles import PLANNED
from scoring.services.schemes import codes_of

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
DATES_A_LINE = (1, 2)
LONGEST_SPAN = 31
MOST_WHY = 500
OPTIONS = ("count_first_day", "contact", "draw_each_category", "quotas_why")


class PlanForm(forms.Form):
    """From and to of each step; the rating window; how publicity counts; quotas by track and grade."""

    ratings_open_at = InstantField(label=_("Rating begins"), required=False)
    ratings_close_at = InstantField(label=_("Rating ends"), required=False)
    count_first_day = forms.BooleanField(
        label=_("The day of publication counts as the first day"),
        required=False,
        help_text=_("By default it does not count: the safe reading. Both end dates are shown before publishing."),
    )

    draw_each_category = forms.BooleanField(
        label=_("At least one recipient of each category is drawn"),
        required=False,
        help_text=_(
            "Then the category of every id of the rosters is published: where a category has few people, others may "
            "guess who was drawn."
        ),
    )
    contact = forms.CharField(
        label=_("Whom units may ask"),
        required=False,
        max_length=200,
        help_text=_("Name and phone; shown to units that take no part any more. Empty: the office's people."),
    )

    quotas_why = LinesField(
        label=_("Why the quotas are others than the notice's"), required=False, rows=2, max_length=MOST_WHY
    )

    def __init__(self, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle, self.tracks = cycle, list(cycle.tracks.all())
        self.fields["draw_each_category"].initial = cycle.draw_each_category
        self.fields["draw_each_category"].disabled = cycle.opened_at is not None
        for step in PLANNED:
            for end, label in (("from", _g("%(step)s from")), ("to", _g("%(step)s to"))):
                text = label % {"step": step.label}
                self.fields[f"{step}_{end}"] = DayField(label=text)
        for name in ("ratings_open_at", "ratings_close_at"):
            self.fields[name].widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        for track in self.tracks:
            for number, grade in enumerate(self.grades):
                label = f"{track.name}：{grade}"
                field = forms.IntegerField(label=label, required=False, min_value=0, max_value=9999)
                field.widget.attrs |= {"class": "pts", "aria-label": label}
                self.fields[f"quota-{track.code}-{number}"] = field

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades of the scheme, the highest first."""
        return self.cycle.scheme.rules.grades

    def clean(self) -> dict[str, Any]:
        """Both ends of the rating window, or none."""
        cleaned = super().clean() or {}
        window = {"ratings_open_at", "ratings_close_at"}
        if not window & set(self.errors) and len([name for name in window if cleaned.get(name)]) == 1:
            self.add_error("ratings_close_at", _g("Give both the beginning and the end, or none."))
        return cleaned

    def plan(self) -> dict[Step, tuple[date, date]]:
        """The dates of each step."""
        return {step: (self.cleaned_data[f"{step}_from"], self.cleaned_data[f"{step}_to"]) for step in PLANNED}

    def quotas(self) -> dict[str, dict[str, int]]:
        """Track → grade → greatest number of units, only where one was given (R12)."""
        return {
            track.code: {
                grade: value
                for number, grade in enumerate(self.grades)
                if (value := self.cleaned_data[f"quota-{track.code}-{number}"]) is not None
            }
            for track in self.tracks
        }

    def window(self) -> tuple[datetime, datetime] | None:
        """The rating window (aware), if one is given."""
        opens, closes = self.cleaned_data["ratings_open_at"], self.cleaned_data["ratings_close_at"]
        return (opens, closes) if opens and closes else None

    def settings(self) -> dict[str, Any]:
        """All that is set, once the form is valid."""
        options = {name: self.cleaned_data[name] for name in OPTIONS}
        return options | {"quotas": self.quotas(), "plan": self.plan(), "window": self.window()}

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each step's name with its two fields, for the page."""
        return [(str(step.label), self[f"{step}_from"], self[f"{step}_to"]) for step in PLANNED]

    def quota_rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """Each track's name with its grades and their fields, for the page."""
        return [
            (track.name, [(grade, self[f"quota-{track.code}-{number}"]) for number, grade in enumerate(self.grades)])
            for track in self.tracks
        ]


def plan_initial(
    cycle: Cycle, default: dict[Step, tuple[date, date]], proposed: Sequence[Proposal] = ()
) -> dict[str, Any]:
    """What the form shows at first: what is kept, else the default dates and what the notice's quotas come to."""
    kept: dict[Any, tuple[date, date]] = dict(default)
    kept |= {Step(row.step): (row.starts_on, row.ends_on) for row in cycle.planned_steps.all()}
    initial: dict[str, Any] = {name: getattr(cycle, name) for name in ("count_first_day", "contact", "quotas_why")}
    for step, (starts, ends) in kept.items():
        initial |= {f"{step}_from": starts, f"{step}_to": ends}
    initial |= _window_initial(cycle, kept)
    return initial | _quotas_initial(cycle, proposed)


def _quotas_initial(cycle: Cycle, proposed: Sequence[Proposal]) -> dict[str, int]:
    """The quotas that are kept; the notice's where the office has not answered it, or confirmed it as it was."""
    quotas = {code: dict(own) for code, own in cycle.quotas.items() if isinstance(own, dict)}
    for proposal in proposed:
        if proposal.track:
            own = quotas.setdefault(proposal.track, {})
            confirmed = cycle.quotas_came_to.get(proposal.track, {}).get(proposal.grade)
            if not cycle.quotas_came_to or own.get(proposal.grade) == confirmed:
                own[proposal.grade] = proposal.most
    numbers = {grade: number for number, grade in enumerate(cycle.scheme.rules.grades)}
    return {
        f"quota-{code}-{numbers[grade]}": most
        for code, own in quotas.items()
        for grade, most in own.items()
        if grade in numbers
    }


def _window_initial(cycle: Cycle, kept: dict[Any, tuple[date, date]]) -> dict[str, datetime]:
    if cycle.ratings_open_at and cycle.ratings_close_at:
        return {"ratings_open_at": cycle.ratings_open_at, "ratings_close_at": cycle.ratings_close_at}
    if Step.DEPARTMENT_REVIEW not in kept:
        return {}
    starts, ends = kept[Step.DEPARTMENT_REVIEW]
    return {"ratings_open_at": clock.midnight(starts), "ratings_close_at": clock.end_of(ends)}


class ResponsibilityForm(forms.Form):
    """The receiving desk of a track, and which department answers for each part and adjustment."""

    desk = forms.ModelChoiceField(Department.objects.all(), label=_("Receiving desk"))

    def __init__(self, track: Track, data: Any = None) -> None:
        rules = track.rules
        held = {row.code: row.department_id for row in track.responsibilities.all()}
        texts = {part.code: part.text for part in rules.parts()} | {a.code: a.text for a in rules.adjustments}
        initial = {"desk": track.desk_id} | {f"answers-{code}": held.get(code) for code in texts}
        super().__init__(data, initial=initial)
        choices = [("", _g("the receiving desk")), *Department.objects.values_list("pk", "name")]
        for code in codes_of(rules):
            label = f"{code} {' '.join(texts[code].split())[:40]}"
            self.fields[f"answers-{code}"] = forms.TypedChoiceField(
                label=label, required=False, choices=choices, coerce=int, empty_value=None
            )

    def answers(self) -> dict[str, Department]:
        """Part or adjustment → department, where one was chosen."""
        known = Department.objects.in_bulk()
        chosen = {
            name.removeprefix("answers-"): value
            for name, value in self.cleaned_data.items()
            if name != "desk" and value
        }
        return {code: known[pk] for code, pk in chosen.items()}


class HolidayForm(forms.Form):
    """A year's holiday order: its number, days off, make-up workdays."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST.year, max_value=LAST.year)
    order = forms.CharField(label=_("Number of the order"), max_length=120)
    off = forms.CharField(
        label=_("Days off"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One date a line, or from to: 2027-02-05 2027-02-11"),
    )
    work = forms.CharField(
        label=_("Make-up workdays"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One date a line"),
    )

    def clean_off(self) -> list[date]:
        """Dates and spans."""
        return _days(self.cleaned_data["off"])

    def clean_work(self) -> list[date]:
        """Dates and spans."""
        return _days(self.cleaned_data["work"])


def _days(text: str) -> list[date]:
    days: list[date] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        try:
            ends = [date(*map(int, match)) for match in DAY.findall(line)]
        except ValueError:
            ends = []
        if len(ends) not in DATES_A_LINE or ends[-1] < ends[0] or (ends[-1] - ends[0]).days > LONGEST_SPAN:
            raise forms.ValidationError(_g("“%(line)s” is no date such as 2027-02-05.") % {"line": line})
        days += [date.fromordinal(number) for number in range(ends[0].toordinal(), ends[-1].toordinal() + 1)]
    return days
