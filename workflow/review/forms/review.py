"""Forms of the department review."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoring.engine.track import TrackRules
from scoring.models import SheetLine
from workflow.filing.queries.claims import basis_places, mark
from workflow.filing.services.claims import Claim
from workflow.review.queries.review import seen_in
from workflow.review.services.points import Given, Stays

POINTS_ERRORS = {
    "invalid": _("Give a number."),
    "max_decimal_places": _("At most two digits after the point."),
    "max_digits": _("This number is too large."),
    "min_value": _("Points can't be negative."),
}


def points_field(label: str) -> forms.DecimalField:
    """An input of points or times: not below 0, at most two decimals; empty where nothing is given yet."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=7,
        decimal_places=2,
        error_messages=POINTS_ERRORS,
    )


def typed_anew(data: Mapping[str, str], standing: Mapping[str, str]) -> dict[str, str]:
    """What somebody typed of a whole page: what it brings back as it showed it stays as it stands by now.

    A colleague, another tab or the page's own saving may have changed it meanwhile.
    """
    seen = seen_in(data.get("version", ""), standing)
    return {name: value for name, value in data.items() if seen.get(name) != mark(_as_kept(value))}


def _as_kept(value: str) -> str:
    return value.replace("\r\n", "\n").strip()


class ReviewForm(forms.Form):
    """Points, a reason and what points come from for each line; with autosave only the changed ones come."""

    def __init__(self, lines: Sequence[SheetLine], rules: TrackRules, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        parts = {line.code: rules.part(line.code) for line in lines}
        self.codes = list(parts)
        self.places = {code: basis_places(part) if part else [] for code, part in parts.items()}
        for code in self.codes:
            label = gettext("%(code)s, reason") % {"code": code}
            self.fields[f"value-{code}"] = points_field(code)
            self.fields[f"note-{code}"] = forms.CharField(label=label, required=False, max_length=2000)
            for place, field in self.places[code]:
                self.fields[f"{field}-{place}"] = forms.CharField(label=place, required=False, max_length=20)
        if data is not None:
            for name in [name for name in self.fields if name not in data]:
                del self.fields[name]

    def given(self) -> dict[str, Given]:
        """What is right of what came: code → `Given`; what did not come, or is wrong, stays as it stands."""
        given = {}
        for code in self.codes:
            value, note = (self.cleaned_data.get(name, Stays.STAYS) for name in (f"value-{code}", f"note-{code}"))
            basis = self._basis(code)
            if value is not Stays.STAYS or note is not Stays.STAYS or basis:
                given[code] = Given(value=value, note=note, basis=basis)
        return given

    @property
    def tells_basis(self) -> bool:
        """Whether anything came of what points come from."""
        return any(self._basis(code) for code in self.codes)

    def _basis(self, code: str) -> list[Claim]:
        return [
            Claim(code=place, field=field, value=self.cleaned_data[name])
            for place, field in self.places[code]
            if (name := f"{field}-{place}") in self.cleaned_data
        ]
