"""Forms for ratings and draws."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from scoring.engine.errors import EngineErrors
from workflow.rating.queries import FIELD, RatedUnit
from workflow.rating.services.draws import seed_of

RATING: dict[str, Any] = {
    "max_digits": 5,
    "decimal_places": 2,
    "min_value": 0,
    "max_value": 100,
    "error_messages": {
        "invalid": _("Give a number from 0 to 100."),
        "min_value": _("Give a number from 0 to 100."),
        "max_value": _("Give a number from 0 to 100."),
        "max_decimal_places": _("At most two digits after the point."),
    },
}


class BallotForm(forms.Form):
    """One question: a rating from 0 to 100."""

    value = forms.DecimalField(
        label=_("Your rating, 0 to 100"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "big"}),
        **RATING,
    )


class GridForm(forms.Form):
    """A leader's sheet: one optional rating for each unit; with autosave only the changed ones come."""

    def __init__(self, rows: Sequence[RatedUnit], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.rows = {row.field: row for row in rows}
        for name in self.rows if data is None else [name for name in self.rows if name in data]:
            self.fields[name] = forms.DecimalField(
                label=self.rows[name].task.process.sheet.unit_name, required=False, **RATING
            )

    @property
    def gone(self) -> dict[str, str]:
        """What was typed for units that no longer stand on the sheet: the name of the field → the text."""
        return {name: text for name, text in self.data.items() if name.startswith(FIELD) and name not in self.rows}

    def changed(self) -> dict[int, Decimal | None]:
        """Sheet id → rating, of the fields that are right and say something new."""
        return {
            self.rows[name].task.process.sheet_id: value
            for name, value in self.cleaned_data.items()
            if value != self.rows[name].value
        }


class DrawForm(forms.Form):
    """The seed of a draw: public lines, or none to let the system draw one."""

    seed_lines = forms.CharField(
        label=_("Seed lines"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Numbers that everybody can look up and nobody could know before, such as those of a public lottery, one a "
            "line. Left empty, the system takes 32 random bytes and records them."
        ),
    )

    def clean_seed_lines(self) -> bytes:
        """The seed that the lines give."""
        try:
            return seed_of(self.cleaned_data["seed_lines"])
        except EngineErrors as errors:
            raise forms.ValidationError([error.text(_t) for error in errors]) from errors
