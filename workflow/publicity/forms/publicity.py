"""The form by which the office begins a publicity."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

NO, YES = "no", "yes"


class PublishForm(forms.Form):
    """Whether the day of publication counts (R13); the labels say when it then ends."""

    first_day = forms.ChoiceField(label=_("Counting of the working days"), widget=forms.RadioSelect)

    def __init__(
        self, data: QueryDict | None = None, *, ends: Mapping[str, str], initial: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["first_day"] = forms.ChoiceField(
            label=_("Counting of the working days"), widget=forms.RadioSelect, choices=list(ends.items())
        )

    @property
    def count_first_day(self) -> bool:
        """Whether the day of publication was chosen to count."""
        return bool(self.cleaned_data["first_day"] == YES)
