"""A day that a person gives in a form: one of the century that the house can be about."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from common import clock
from common.clock import FIRST, LAST

OUTSIDE = _("Please check the year.")


def _within(first: date, last: date) -> list[Callable[[Any], None]]:
    return [MinValueValidator(first, OUTSIDE), MaxValueValidator(last, OUTSIDE)]


class DayInput(forms.DateInput):
    """A date as the browser picks it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A date between FIRST and LAST, so that every sum with it is a date too."""

    widget = DayInput
    default_validators = _within(FIRST, LAST)


class UntilField(DayField):
    """A last day; `clean` gives its end, 24:00 in Beijing, as an instant."""

    def clean(self, value: object) -> datetime | None:
        """The first instant that is too late."""
        day = super().clean(value)
        return clock.end_of(day) if day else None


class InstantField(forms.DateTimeField):
    """An instant between FIRST and the end of LAST, in Beijing unless it says otherwise."""

    default_validators = _within(clock.midnight(FIRST), clock.end_of(LAST))


class ReasonForm(forms.Form):
    """A reason for what is about to be done."""

    why = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
