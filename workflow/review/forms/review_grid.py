"""The forms of the review grid: what is shown of it, and one number for each cell that came."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from common.numbers import key_in
from common.ui.asked import MOST_LETTERS
from workflow.flow.models import Task
from workflow.review.forms.review import points_field
from workflow.review.queries.review_grid import Asked, GridCell, Only
from workflow.review.services.points import Given

LETTERS_OF_AN_INDICATOR = 24


class GridFilterForm(forms.Form):
    """Which units of the track are shown, and which of their columns; what is wrong filters nothing."""

    unit = forms.CharField(label=_("Unit"), required=False, max_length=MOST_LETTERS)
    part = forms.CharField(label=_("Indicator"), required=False, max_length=20)
    show = forms.ChoiceField(
        label=_("Which units"),
        required=False,
        choices=[
            (Only.ALL, _("All units")),
            (Only.LEFT, _("Only what is not handed over yet")),
            (Only.MISSING, _("Only what lacks points")),
        ],
    )

    def asked(self, since: str) -> Asked:
        """What is asked for, from the unit of code `since` on."""
        self.is_valid()
        wanted = self.cleaned_data
        only = Only(wanted.get("show", Only.ALL))
        return Asked(since=since, words=wanted.get("unit", ""), group=wanted.get("part", ""), only=only)

    def offer(self, groups: Mapping[str, str]) -> None:
        """Let one choose among these indicators, code → text."""
        named = ((code, f"{code} {Truncator(text).chars(LETTERS_OF_AN_INDICATOR)}") for code, text in groups.items())
        self.fields["part"].widget = forms.Select(choices=[("", _("All indicators")), *named])


def reviews_in(data: QueryDict) -> set[int]:
    """The keys of the reviews whose cells came: `12` of `value-12-1.1`."""
    return {key for key, _code in map(_place, data) if key is not None}


def _place(name: str) -> tuple[int | None, str]:
    """The review and the line of a cell by its name; no review for what is no cell."""
    kind, _dash, place = name.partition("-")
    key, _dash, code = place.partition("-")
    return (key_in(key) if kind == "value" else None), code


class ReviewGridForm(forms.Form):
    """Points and times of these reviews; cells that did not come stay as they stand."""

    def __init__(self, reviews: Iterable[Task], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.places: dict[str, tuple[Task, str]] = {}
        by_key = {task.pk: task for task in reviews}
        for name in data or ():
            key, code = _place(name)
            if key in by_key:
                self.places[name] = by_key[key], code
                self.fields[name] = points_field(f"{by_key[key].process.sheet.unit_name} {code}")

    def given(self, kept: Mapping[str, Decimal | None] | None = None) -> dict[Task, dict[str, Given]]:
        """What is right: code → `Given` of each review; with what is `kept` by cell, only what is new in those."""
        given: defaultdict[Task, dict[str, Given]] = defaultdict(dict)
        for name, (task, code) in self.places.items():
            if name not in self.cleaned_data:
                continue
            value = self.cleaned_data[name]
            if kept is None or (name in kept and kept[name] != value):
                given[task][code] = Given(value=value)
        return given


def kept_in(cells: Iterable[GridCell]) -> dict[str, Decimal | None]:
    """What stands in cells, by the names of their inputs."""
    return {cell.name: cell.line.reviewed for cell in cells}
