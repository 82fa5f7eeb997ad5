"""What is typed for a drawing: the lottery that it names, hashes and secrets, the numbers, a replacement."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.ui.fields import DayField
from scoring.engine.lottery import DRAWN
from scoring.engine.seed import LONGEST
from workflow.rating.queries.draws import DrawnPerson

REASON = forms.Textarea(attrs={"rows": 3})


class OpenForm(forms.Form):
    """The lottery of a coming day, by the number of its issue."""

    day = DayField(
        label=_("Day of the lottery"),
        help_text=format_lazy(
            _(
                "A Tuesday, Thursday or Sunday to come. Until {closes} of that day two people log a hash and reveal "
                "their secret; the lottery draws at {draws}."
            ),
            closes=f"{min(settings.LOTTERY_CLOSES, DRAWN):%H:%M}",
            draws=f"{DRAWN:%H:%M}",
        ),
    )
    issue = forms.CharField(
        label=_("Issue of the lottery"),
        max_length=7,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Seven digits, as the lottery prints it for that day, such as 2026136."),
    )


class HashForm(forms.Form):
    """The hash of a secret; the secret itself stays with whoever thought of it."""

    sha256 = forms.CharField(
        label=_("Hash of your secret"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-secret-hash": ""}),
        help_text=_("64 hex digits: the SHA-256 of “kaohe/secret/v1”, a line end, your secret, a line end."),
    )


class SecretForm(forms.Form):
    """A secret, revealed."""

    secret = forms.CharField(
        label=_("Your secret"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-secret-kept": ""}),
        help_text=_("Exactly as you wrote it down. It becomes public."),
    )


class NumbersForm(forms.Form):
    """What the lottery drew."""

    red = forms.CharField(
        label=_("Six red numbers"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("As published by the lottery, such as 03 07 12 19 25 31; their order does not matter."),
    )
    blue = forms.CharField(
        label=_("Blue number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ReplacementForm(forms.Form):
    """Who of those drawn is replaced, and why."""

    out_id = forms.ChoiceField(label=_("Who can't be reached"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=REASON,
        help_text=_("For example: the number is out of service. Those who read the cycle see it, the public does not."),
    )

    def __init__(self, people: Sequence[DrawnPerson], data: Any = None) -> None:
        super().__init__(data)
        self.people = people
        out = cast(forms.ChoiceField, self.fields["out_id"])
        out.choices = [("", "—"), *((person.opaque_id, person.named) for person in people)]
