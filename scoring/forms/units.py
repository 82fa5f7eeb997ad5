"""Forms for the units of a cycle."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from common.tables.forms import RowsField, TableForm
from scoring.models import Cycle, Track
from scoring.services.units import HEAD


class UnitForm(forms.Form):
    """One unit, with its filer if there is one."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name of that year"), max_length=120)
    track = forms.ModelChoiceField(Track.objects.none(), label=_("Track"), to_field_name="code")
    username = forms.CharField(label=_("Filer's user name"), max_length=60, required=False)
    filer = forms.CharField(label=_("Filer's name"), max_length=60, required=False)
    mail = forms.EmailField(label=_("Filer's mail address"), required=False)

    def __init__(self, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].queryset = cycle.tracks.all()  # type: ignore[attr-defined]  # a ModelChoiceField

    def row(self) -> list[str]:
        """The unit as a row of an import."""
        data = self.cleaned_data
        return [data["code"], data["name"], data["track"].code, data["username"], data["filer"], data["mail"]]


class ImportForm(TableForm):
    """Many units: pasted rows, or a file."""

    columns = HEAD

    rows = RowsField(
        label=_("Rows"),
        help_text=_("Code, name, track, filer's user name, filer's name, mail address; pasted from a table."),
    )

    def clean(self) -> dict[str, Any]:
        """Something has to be there."""
        cleaned = super().clean()
        if not self.errors and not self.table():
            raise forms.ValidationError(_g("Paste rows, or choose a file."))
        return cleaned


class ChangeUnitForm(forms.Form):
    """A unit's name of that year and its track."""

    name = forms.CharField(label=_("Name of that year"), max_length=120)
    track = forms.ModelChoiceField(Track.objects.none(), label=_("Track"), empty_label=None)

    def __init__(self, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].queryset = cycle.tracks.all()  # type: ignore[attr-defined]  # a ModelChoiceField
