"""A leader's sheet."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms

from workflow.rating.forms.rating import RATING
from workflow.rating.queries.leaders import FIELD, RatedUnit


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
