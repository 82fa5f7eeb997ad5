"""The form of a fact of the year."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from common.ui.fields import DayField, LinesField
from scoring.models import RecordKind


class RecordForm(forms.Form):
    """A fact about a unit."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    kind = forms.TypedChoiceField(label=_("Kind"), choices=RecordKind.choices, coerce=RecordKind)
    code = forms.CharField(
        label=_("Rule"),
        required=False,
        max_length=20,
        help_text=_("For a bonus or deduction, such as B1.1 or D1.1; for a loss within a part, such as 1.2.1."),
    )
    times = forms.IntegerField(label=_("Times"), min_value=1, max_value=999, initial=1)
    happened_on = DayField(label=_("Day"))
    text = LinesField(label=_("What was noted"), max_length=4000)

    def __init__(self, units: object, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.POST or nothing
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a model choice field
