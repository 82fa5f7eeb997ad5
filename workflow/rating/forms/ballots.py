"""A recipient's ballot, and the code that opens it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from workflow.rating.envelope import LONGEST_COMMENT
from workflow.rating.forms.rating import RATING

# The named steps, each a number that may still be changed.
STEPS = (
    (95, _("Very satisfied")),
    (85, _("Satisfied")),
    (75, _("Mostly satisfied")),
    (65, _("So-so")),
    (50, _("Not satisfied")),
)
NOTHING_GIVEN = _("Please choose how satisfied you are, or type a number from 0 to 100.")


class TokenForm(forms.Form):
    """The code of a link or slip; what was typed on the ballot meanwhile is carried along, so that it isn't lost."""

    # Seconds after which another code may be tried.
    wait = 0

    token = forms.CharField(
        label=_("Your link or code"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("The code stands on your slip, or behind the # of the link; you may also paste the whole link."),
        error_messages={"required": _("Please type or paste your link or code.")},
    )
    value = forms.CharField(required=False, widget=forms.HiddenInput)
    comment = forms.CharField(required=False, widget=forms.HiddenInput)


class BallotForm(forms.Form):
    """One question, a rating from 0 to 100: a number, or where none is typed that of a named step; and a few words."""

    # Without scripts a step alone is enough.
    use_required_attribute = False

    token = forms.CharField(max_length=300, widget=forms.HiddenInput)
    step = forms.ChoiceField(label=_("How satisfied are you?"), choices=STEPS, required=False, widget=forms.RadioSelect)
    value = forms.DecimalField(
        label=_("Your rating, 0 to 100"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "big", "autocomplete": "off"}),
        **RATING | {"error_messages": RATING["error_messages"] | {"required": NOTHING_GIVEN}},
    )
    comment = forms.CharField(
        label=_("What you want to add"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=format_lazy(
            _(
                "At most {most} characters. Somebody of the office reads it before anyone else does; write nothing "
                "that tells who you are."
            ),
            most=LONGEST_COMMENT,
        ),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        if data is not None and data.get("step") and not data.get("value", "").strip():
            data = dict(data.items()) | {"value": data["step"]}
        super().__init__(data, initial=initial)
