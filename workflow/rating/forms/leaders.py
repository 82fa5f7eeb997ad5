"""A leader's sheet."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from workflow.rating.forms.rating import RATING
from workflow.rating.queries.leaders import ABSTAIN, ABSTAINED, FIELD, Given, RatedUnit


class GridForm(forms.Form):
    """A leader's sheet: a rating or an abstention for each unit; with autosave only what changed comes.

    `changed` holds what is right and new, by the key of the sheet.
    """

    def __init__(
        self, rows: Sequence[RatedUnit], data: Mapping[str, str] | None = None, *, sent: Sequence[str] = ()
    ) -> None:
        """`sent` are the names that autosave says it sends; a box that is not ticked comes only there."""
        super().__init__(data)
        self.rows = {row.sheet.pk: row for row in rows}
        self.changed: dict[int, Given] = {}
        for row in rows:
            if data is None or row.field in data:
                self.fields[row.field] = forms.DecimalField(label=row.sheet.unit_name, required=False, **RATING)
            if data is None or row.abstain in {*data, *sent} or (row.field in data and not sent):
                label = _("Abstain from rating %(unit)s") % {"unit": row.sheet.unit_name}
                self.fields[row.abstain] = forms.BooleanField(label=label, required=False)

    def clean(self) -> dict[str, object]:
        """Settle for each unit whether it is rated, abstained from, or neither."""
        cleaned: dict[str, object] = super().clean() or {}
        for key, row in self.rows.items():
            if row.field in self.errors:
                continue
            given = self._given(row)
            if given != row.given:
                self.changed[key] = given
        return cleaned

    def _given(self, row: RatedUnit) -> Given:
        """What the row says: of a number and an abstention that stand side by side, the one that is new.

        Where both are new nobody can tell which is meant.
        """
        number: Decimal | None = self.cleaned_data.get(row.field, row.value)
        is_new = number is not None and number != row.value
        abstains = self.cleaned_data.get(row.abstain, row.abstains and not is_new)
        if number is not None and abstains:
            if is_new and not row.abstains:
                self.add_error(row.field, _("Give a number or abstain, not both."))
                return row.given
            return number if is_new else ABSTAINED
        return ABSTAINED if abstains else number

    @property
    def gone(self) -> dict[str, str]:
        """What was typed for units that no longer stand on the sheet: the name of the field → the text."""
        known = {name for row in self.rows.values() for name in (row.field, row.abstain)}
        return {
            name: text for name, text in self.data.items() if name.startswith((FIELD, ABSTAIN)) and name not in known
        }
