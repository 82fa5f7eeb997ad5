"""Screening comments: for each, whether it may be read, and why not."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from scoring.models import Comment
from workflow.rating.services.comments import Screening

RELEASE, WITHHOLD = "release", "withhold"


class ScreeningForm(forms.Form):
    """A choice and a reason for each comment of a page; what is left open is screened another time."""

    def __init__(self, comments: Iterable[Comment], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.keys = [comment.pk for comment in comments]
        for number, key in enumerate(self.keys, start=1):
            self.fields[f"choice-{key}"] = forms.ChoiceField(
                label=_("Comment %(number)d") % {"number": number},
                required=False,
                choices=[(RELEASE, _("It may be read")), (WITHHOLD, _("Withhold"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"why-{key}"] = forms.CharField(
                label=_("Reason for withholding comment %(number)d") % {"number": number},
                required=False,
                max_length=200,
            )

    def decisions(self) -> dict[UUID, Screening]:
        """What is decided: key of the comment → what becomes of it."""
        chosen = {key: self.cleaned_data.get(f"choice-{key}") for key in self.keys}
        return {
            key: Screening(choice == RELEASE, "" if choice == RELEASE else self.cleaned_data.get(f"why-{key}", ""))
            for key, choice in chosen.items()
            if choice
        }
