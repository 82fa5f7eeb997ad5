"""Forms of the office at consolidation: incidents, reopening; and of the records of the year."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Unit
from common import clock
from common.ui.fields import DayField
from scoring.models import IncidentKind, RecordKind, ScoreSheet
from scoring.queries.sheets import rules_of
from workflow.consolidation.services.incidents import Severity, bars_of


class DayInput(forms.DateInput):
    """A date as the browser picks it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UntilField(DayField):
    """A last day; `clean` gives its end, 24:00 in Beijing, as an instant."""

    widget = DayInput

    def clean(self, value: object) -> datetime | None:
        """The first instant that is too late."""
        day = super().clean(value)
        return clock.end_of(day) if day else None


class ReopenForm(forms.Form):
    """Which departments are asked again, about which parts, why, until when."""

    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"), queryset=Department.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    parts = forms.MultipleChoiceField(
        label=_("Parts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of theirs."),
    )
    why = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    until = UntilField(label=_("Last day"))

    def __init__(self, sheet: ScoreSheet, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.POST or nothing
        departments = Department.objects.filter(responsibilities__track=sheet.track).distinct()
        self.fields["departments"].queryset = departments  # type: ignore[attr-defined]  # a model choice field
        rules = rules_of(sheet)
        told = {part.code: part.text for part in rules.parts()} | {item.code: item.text for item in rules.adjustments}
        codes = sheet.track.responsibilities.order_by("pk").values_list("code", flat=True)
        self.fields["parts"].choices = [(code, f"{code} {told.get(code, '')[:60]}") for code in codes]  # type: ignore[attr-defined]  # a choice field


class IncidentForm(forms.Form):
    """What kind of incident, how heavy, why, and the document that says so."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IncidentKind.choices)
    severity = forms.ChoiceField(label=_("Consequence"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    document = forms.FileField(label=_("Document"))

    def __init__(self, sheet: ScoreSheet, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]  # request.POST, request.FILES or nothing
        barred = [(one, "、".join(bars_of(sheet, one))) for one in (Severity.FIRST, Severity.FIRST_TWO)]
        choices = [(one.value, _("Can't be %(grades)s") % {"grades": grades}) for one, grades in barred]
        self.fields["severity"].choices = [*choices, (Severity.NOT_ASSESSED.value, _("Not assessed"))]  # type: ignore[attr-defined]  # a choice field


class RecordForm(forms.Form):
    """A fact about a unit."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=RecordKind.choices)
    code = forms.CharField(
        label=_("Rule"), required=False, max_length=20, help_text=_("For a bonus or deduction, such as B1.1 or D1.1.")
    )
    times = forms.IntegerField(label=_("Times"), min_value=1, max_value=999, initial=1)
    happened_on = DayField(label=_("Day"), widget=DayInput)
    text = forms.CharField(label=_("What was noted"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)

    def __init__(self, units: object, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.POST or nothing
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a model choice field
