"""Forms of the department review."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoring.models import SheetLine
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


class ReviewForm(forms.Form):
    """Points and a reason for each line; with autosave only the changed ones come."""

    def __init__(self, lines: Sequence[SheetLine], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.codes = [line.code for line in lines]
        for code in self.codes:
            label = gettext("%(code)s, reason") % {"code": code}
            self.fields[f"value-{code}"] = points_field(code)
            self.fields[f"note-{code}"] = forms.CharField(label=label, required=False, max_length=2000)
        if data is not None:
            for name in [name for name in self.fields if name not in data]:
                del self.fields[name]

    def given(self) -> dict[str, Given]:
        """What is right of what came: code → `Given`; what did not come, or is wrong, stays as it stands."""
        given = {}
        for code in self.codes:
            value, note = (self.cleaned_data.get(name, Stays.STAYS) for name in (f"value-{code}", f"note-{code}"))
            if value is not Stays.STAYS or note is not Stays.STAYS:
                given[code] = Given(value=value, note=note)
        return given
