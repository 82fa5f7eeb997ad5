"""The form of a notice of results."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.ui.answers import refusals_on
from common.ui.fields import DayField, LinesField
from workflow.circulation.services import free_number


class ResultNoticeForm(forms.Form):
    """What the letter says; the results come from the signed boards."""

    number = forms.CharField(label=_("Document number"), max_length=60, help_text=_("Such as 渝科协发〔2021〕8号."))
    issued_on = DayField(label=_("Date of issue"))
    title = forms.CharField(label=_("Title"), max_length=200)
    addressees = forms.CharField(label=_("Addressees"), max_length=300)
    text = LinesField(
        label=_("Text"),
        max_length=10000,
        rows=12,
        help_text=_("A line is a paragraph; 一、 and （一） begin headings."),
    )

    def clean(self) -> None:
        """Give the number its official form; it is of the year of issue, and no other notice bears it."""
        if {"number", "issued_on"} <= self.cleaned_data.keys():
            with refusals_on(self):
                year = self.cleaned_data["issued_on"].year
                self.cleaned_data["number"] = free_number(self.cleaned_data["number"], year=year)

    @property
    def letter(self) -> dict[str, Any]:
        """What the letter says, once the form is valid; its paragraphs without empty lines."""
        head = {name: self.cleaned_data[name] for name in ("number", "title", "addressees")}
        return head | {"paragraphs": [line.strip() for line in self.cleaned_data["text"].splitlines() if line.strip()]}
