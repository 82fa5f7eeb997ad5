"""Sending a self-evaluation back: why, which parts, until when."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from common.ui.fields import LinesField, UntilField
from documents.wording import say_piece
from scoring.engine.track import TrackRules

LONGEST_LABEL = 40
LONGEST_TIME = timedelta(days=365)


class ReturnForm(forms.Form):
    """What the unit is asked to supplement."""

    why = LinesField(label=gettext_lazy("What is to be supplemented"))
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Only these may be changed"),
        help_text=gettext_lazy("None ticked: everything may be changed."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    until = UntilField(label=gettext_lazy("Until (24:00 of this day)"), within=LONGEST_TIME)

    def __init__(self, *args: Any, rules: TrackRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = _choices(rules)  # type: ignore[attr-defined]  # a choice field, declared above


def _choices(rules: TrackRules) -> list[tuple[str, str]]:
    materials = [(code, say_piece(code)) for code in rules.materials]
    parts = [(part.code, f"{part.code} {part.text[:LONGEST_LABEL]}") for part in rules.parts()]
    items = [(item.code, f"{item.code} {item.text[:LONGEST_LABEL]}") for item in rules.adjustments]
    return [*materials, *parts, *items]


class WaiverForm(forms.Form):
    """Why a roster may be smaller than the sample (R8)."""

    reason = LinesField(label=gettext_lazy("Reason for allowing a smaller roster"), rows=2)
