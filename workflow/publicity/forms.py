"""Forms of publicity, and of objections: filed by the public, decided by the office."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from common.ui.fields import LinesField
from scoring.models import ScoreSheet
from workflow.publicity.models import ObjectionDecision, ObjectorKind, Publicity

NO, YES = "no", "yes"


class PublishForm(forms.Form):
    """Whether the day of publication counts (R13); the labels say when it then ends."""

    first_day = forms.ChoiceField(label=_("Counting of the working days"), widget=forms.RadioSelect)

    def __init__(
        self, data: QueryDict | None = None, *, ends: Mapping[str, str], initial: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["first_day"].choices = list(ends.items())  # type: ignore[attr-defined]  # a choice field

    @property
    def count_first_day(self) -> bool:
        """Whether the day of publication was chosen to count."""
        return bool(self.cleaned_data["first_day"] == YES)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A unit by its name of that year."""

    def label_from_instance(self, obj: Any) -> str:
        """The name on the list."""
        return str(obj.unit_name)


class ObjectionForm(forms.Form):
    """A signed objection: a person with name, workplace, contact; a unit with its head and contact (R13)."""

    kind = forms.ChoiceField(label=_("Who objects"), choices=ObjectorKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Your real name; for a unit the name of its head.")
    )
    workplace = forms.CharField(
        label=_("Workplace or unit"),
        max_length=120,
        help_text=_("For a unit its full name. Its original with seal is asked for by the office."),
    )
    contact = forms.CharField(label=_("Phone or mail address"), max_length=120)
    sheet = UnitChoice(label=_("Unit objected to"), queryset=ScoreSheet.objects.none(), empty_label="—")
    text = LinesField(label=_("Objection and facts"), max_length=5000, min_length=10, rows=6)
    # Nobody sees this field: whoever fills it is a machine.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, publicity: Publicity, unit: str | None = None) -> None:
        super().__init__(data, initial={"sheet": unit})
        sheets = publicity.sheets.select_related("assessment", "cycle").order_by("unit__code")
        self.fields["sheet"].queryset = sheets  # type: ignore[attr-defined]  # the field is ours

    def clean_website(self) -> str:
        """Refuse what fills the hidden field."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_t("Please leave the hidden field empty."))
        return ""


class DecisionForm(forms.Form):
    """What becomes of an objection, with the answer that the objector reads."""

    decision = forms.TypedChoiceField(
        label=_("Decision"), choices=ObjectionDecision.choices, coerce=ObjectionDecision, widget=forms.RadioSelect
    )
    answer = LinesField(
        label=_("Reason and answer"),
        max_length=5000,
        rows=5,
        help_text=_("The objector reads it under the number of the receipt. Name nobody in it."),
    )
