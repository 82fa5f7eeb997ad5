"""Forms of the department review."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from scoring.models import SheetLine
from workflow.review.services.points import Given

POINTS_ERRORS = {
    "invalid": _("Give a number."),
    "max_decimal_places": _("At most two digits after the point."),
    "max_digits": _("This number is too large."),
    "min_value": _("Points can't be negative."),
}


class ReviewForm(forms.Form):
    """Points and a reason for each line; with autosave only the changed ones come."""

    def __init__(self, lines: Sequence[SheetLine], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.codes = [line.code for line in lines]
        for code in self.codes:
            self.fields[f"value-{code}"] = forms.DecimalField(
                label=code,
                required=False,
                min_value=Decimal(0),
                max_digits=7,
                decimal_places=2,
                error_messages=POINTS_ERRORS,
            )
            self.fields[f"note-{code}"] = forms.CharField(
                label=_t("%(code)s, reason") % {"code": code}, required=False, max_length=2000
            )
        if data is not None:
            for name in [name for name in self.fields if name not in data]:
                del self.fields[name]

    def given(self, lines: Mapping[str, SheetLine]) -> dict[str, Given]:
        """What is right of what came: code → `Given`; what did not come stays as it stands."""
        found = {}
        for code in self.codes:
            value, note = f"value-{code}", f"note-{code}"
            if value in self.errors or not (value in self.fields or note in self.fields):
                continue
            points = self.cleaned_data[value] if value in self.fields else lines[code].reviewed
            found[code] = Given(value=points, note=self.cleaned_data.get(note))
        return found
