"""Forms of the office at consolidation: incidents, reopening; and of the records of the year."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from common.ui.fields import LinesField, UntilField
from scoring.models import IncidentKind, ScoreSheet
from scoring.wording import say_veto
from workflow.consolidation.services.incidents import Consequence, Decision, bars_of


class ReopenForm(forms.Form):
    """Which departments are asked again, about which parts, why, until when."""

    departments = forms.TypedMultipleChoiceField(
        label=_("Departments"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    parts = forms.MultipleChoiceField(
        label=_("Parts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of theirs."),
    )
    why = LinesField(label=_("Reason"))
    until = UntilField(label=_("Last day"))

    def __init__(self, sheet: ScoreSheet, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # request.POST or nothing
        departments = Department.objects.filter(responsibilities__track=sheet.track).distinct()
        self.fields["departments"].choices = list(departments.values_list("pk", "name"))  # type: ignore[attr-defined]  # a choice field
        rules = sheet.rules
        told = {part.code: part.text for part in rules.parts()} | {item.code: item.text for item in rules.adjustments}
        codes = sheet.track.responsibilities.order_by("pk").values_list("code", flat=True)
        self.fields["parts"].choices = [(code, f"{code} {told.get(code, '')[:60]}") for code in codes]  # type: ignore[attr-defined]  # a choice field


class IncidentForm(forms.Form):
    """What kind of incident, how heavy, why, and the document that says so."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IncidentKind.choices)
    severity = forms.ChoiceField(label=_("Consequence"))
    reason = LinesField(label=_("Reason"))
    document = forms.FileField(label=_("Document"))

    def __init__(self, sheet: ScoreSheet, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]  # request.POST, request.FILES or nothing
        text = _("Can't be %(grades)s")
        general = [
            (Consequence.FIRST, text % {"grades": "、".join(bars_of(sheet, Consequence.FIRST))}),
            (Consequence.FIRST_TWO, text % {"grades": "、".join(bars_of(sheet, Consequence.FIRST_TWO))}),
            (Consequence.NOT_ASSESSED, _("Not assessed")),
        ]
        vetoes = [(veto.code, say_veto(veto)) for veto in sheet.rules.vetoes]
        self.fields["severity"].choices = vetoes + (general if sheet.rules.incident_rule else [])  # type: ignore[attr-defined]  # a choice field

    @property
    def decision(self) -> Decision:
        """What was decided, once the form is valid."""
        chosen = self.cleaned_data["severity"]
        general = chosen in list(Consequence)
        return Decision(
            kind=IncidentKind(self.cleaned_data["kind"]),
            consequence=Consequence(chosen) if general else None,
            veto="" if general else chosen,
            reason=self.cleaned_data["reason"],
            document=self.cleaned_data["document"],
        )
