"""Forms of the office's pages of a cycle: filters, nudges, extensions."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from common.ui.fields import LinesField, UntilField
from scoring.models import Step, Track
from workflow.office.queries.dashboard import Narrowed


class FilterForm(forms.Form):
    """What of a cycle's units is shown."""

    track = forms.ChoiceField(label=_("Track"), required=False)
    step = forms.ChoiceField(label=_("Step"), required=False, choices=[("", _("All steps")), *Step.choices])
    late = forms.BooleanField(label=_("Only late ones"), required=False)
    search = forms.CharField(label=_("Unit"), required=False, max_length=60)

    def __init__(self, tracks: Iterable[Track], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All tracks")), *((track.code, track.name) for track in tracks)]
        self.fields["track"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> Narrowed:
        """The filters that are valid; a wrong one filters nothing."""
        self.is_valid()
        return cast("Narrowed", self.cleaned_data)


class NudgeForm(forms.Form):
    """A line of the office's own in the reminder."""

    note = LinesField(label=_("A line of your own"), required=False, max_length=500, rows=2)


class ExtensionForm(forms.Form):
    """The new last day, which counts, and the reason (R6)."""

    day = UntilField(label=_("New last day (counts until 24:00)"))
    why = LinesField(label=_("Reason"))
