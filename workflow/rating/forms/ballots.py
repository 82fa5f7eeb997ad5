"""A recipient's ballot."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.rating.forms.rating import RATING


class BallotForm(forms.Form):
    """One question: a rating from 0 to 100."""

    value = forms.DecimalField(
        label=_("Your rating, 0 to 100"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "big"}),
        **RATING,
    )
