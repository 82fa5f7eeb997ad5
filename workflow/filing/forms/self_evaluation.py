"""What a unit types into its self-evaluation, hands in as files, and lists as its recipients."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.tables.forms import RowsField, TableFileField, TableForm
from documents.models import MaterialKind
from documents.services.materials import accepted_types
from documents.services.roster import COLUMNS
from scoring.engine.track import TrackRules
from workflow.filing.queries.claims import CLAIMED, TEXT, covers
from workflow.filing.services.claims import Change


def changes_of(data: QueryDict, *, only_changed: bool) -> list[Change]:
    """The fields of a sheet as typed: those named in `changed` when a page saves by itself, else all."""
    names = data.getlist("changed") if only_changed else list(data)
    changes = []
    for name in names:
        field, _dash, code = name.partition("-")
        if field in (CLAIMED, TEXT) and code and name in data:
            changes.append(Change(code=code, field=field, value=str(data[name])))
    return changes


class MaterialForm(forms.Form):
    """One file: what it is, and which part it is evidence for."""

    kind = forms.ChoiceField(label=_("What it is"))
    code = forms.ChoiceField(label=_("Evidence for"), required=False)
    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": accepted_types()}))

    def __init__(self, *args: Any, rules: TrackRules, scope: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in MaterialKind if kind == MaterialKind.EVIDENCE or kind in rules.materials]
        codes = [(one.code, f"{one.code} {one.text[:30]}") for one in rules.parts()]
        codes += [(one.code, f"{one.code} {one.text[:30]}") for one in rules.rules()]
        codes = [(code, label) for code, label in codes if covers(scope, code)]
        kinds_shown = [
            (kind.value, str(kind.label)) for kind in kinds
            if (codes if kind == MaterialKind.EVIDENCE else covers(scope, kind))
        ]  # fmt: skip
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

    columns, counted, spaced = COLUMNS, True, len(COLUMNS)

    file = TableFileField(label=_("File (.xlsx or .csv)"))
    rows = RowsField(label=_("Or paste rows: category, name, phone"))
    field_order = ("file", "rows")
