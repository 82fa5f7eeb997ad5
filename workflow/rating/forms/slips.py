"""Why a ballot is issued anew."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReissueForm(forms.Form):
    """The reason, which the record keeps."""

    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Such as a lost phone or a slip that was torn. It stands in the record; name nobody."),
    )
