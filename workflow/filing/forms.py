"""What a unit types into its self-evaluation, hands in and lists as its recipients; and how it is sent back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.tables.forms import RowsField, TableFileField, TableForm
from common.ui.fields import LinesField, UntilField
from documents.models import MaterialKind
from documents.services.materials import accepted_types
from documents.services.roster import COLUMNS, NEEDED
from documents.wording import say_piece
from scoring.engine.track import TrackRules
from workflow.filing.queries.claims import FIELDS, covers
from workflow.filing.services.claims import Claim

LONGEST_LABEL, LONGEST_PIECE = 30, 40
LONGEST_TIME = timedelta(days=365)


def claims_in(data: QueryDict, *, only_changed: bool) -> list[Claim]:
    """The fields of a sheet as typed: those named in `changed` when a page saves by itself, else all."""
    claims = []
    for name in data.getlist("changed") if only_changed else list(data):
        field, _dash, code = name.partition("-")
        if field in FIELDS and code and name in data:
            claims.append(Claim(code=code, field=field, value=str(data[name])))
    return claims


class MaterialForm(forms.Form):
    """One file: what it is, and which part it is evidence for."""

    kind = forms.TypedChoiceField(label=_("What it is"), coerce=MaterialKind)
    code = forms.ChoiceField(label=_("Evidence for"), required=False)
    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": accepted_types()}))

    def __init__(self, *args: Any, rules: TrackRules, scope: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {part.code: f"{part.code} {part.text[:LONGEST_LABEL]}" for part in rules.parts()}
        labels |= {rule.code: f"{rule.code} {rule.text[:LONGEST_LABEL]}" for rule in rules.rules()}
        codes = [(code, label) for code, label in labels.items() if covers(scope, code)]
        kinds = [kind for kind in MaterialKind if kind in rules.materials and covers(scope, kind)]
        if codes:
            kinds.append(MaterialKind.EVIDENCE)
        kinds_shown = [(kind.value, str(kind.label)) for kind in kinds]
        for name, choices in (("kind", kinds_shown), ("code", [("", "—"), *codes])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # choice fields, declared above

    def clean(self) -> dict[str, Any]:
        """Evidence names its part."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == MaterialKind.EVIDENCE and not cleaned.get("code"):
            self.add_error("code", _("Please choose what it is evidence for."))
        return cleaned


class RosterForm(TableForm):
    """A roster as a file, or pasted."""

    columns, counted, spaced = COLUMNS, True, NEEDED

    file = TableFileField(label=_("File (.xlsx or .csv)"))
    rows = RowsField(label=_("Or paste rows: category, name, phone, and a mail address if there is one"))
    field_order = ("file", "rows")


class ReturnForm(forms.Form):
    """What the unit is asked to supplement."""

    why = LinesField(label=_("What is to be supplemented"))
    parts = forms.MultipleChoiceField(
        label=_("Only these may be changed"),
        help_text=_("None ticked: everything may be changed."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    until = UntilField(label=_("Until (24:00 of this day)"), within=LONGEST_TIME)

    def __init__(self, *args: Any, rules: TrackRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = _choices(rules)  # type: ignore[attr-defined]  # a choice field, declared above


def _choices(rules: TrackRules) -> list[tuple[str, str]]:
    materials = [(code, say_piece(code)) for code in rules.materials]
    parts = [(part.code, f"{part.code} {part.text[:LONGEST_PIECE]}") for part in rules.parts()]
    items = [(item.code, f"{item.code} {item.text[:LONGEST_PIECE]}") for item in rules.adjustments]
    return [*materials, *parts, *items]


class WaiverForm(forms.Form):
    """Why a roster may be smaller than the sample (R8)."""

    reason = LinesField(label=_("Reason for allowing a smaller roster"), rows=2)
