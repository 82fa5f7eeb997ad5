"""Forms of the indicator library."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeskForm(forms.Form):
    """Which department answers for a row of the library."""

    desk = forms.CharField(
        label=_("Department that answers for it"),
        required=False,
        max_length=120,
        help_text=_("By its name; where there is none of that name, the receiving desk of the track answers."),
    )
