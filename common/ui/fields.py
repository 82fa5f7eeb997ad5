"""What a person gives in a form: a day of the century that the house can be about, a text of several lines."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
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


class HourInput(forms.TimeInput):
    """An hour and its minute as the browser picks them."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class HourField(forms.TimeField):
    """An hour of a day, to the minute."""

    widget = HourInput


class UntilField(DayField):
    """A last day; `clean` gives its end, 24:00 in Beijing, as an instant. What lies further than `within` is a slip."""

    def __init__(self, *, within: timedelta | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.within = within

    def clean(self, value: object) -> datetime | None:
        """The first instant that is too late."""
        day = super().clean(value)
        if day and self.within:
            MaxValueValidator(clock.today() + self.within)(day)
        return clock.end_of(day) if day else None


class InstantField(forms.DateTimeField):
    """An instant between FIRST and the end of LAST, in Beijing unless it says otherwise."""

    default_validators = _within(clock.midnight(FIRST), clock.end_of(LAST))


class LinesField(forms.CharField):
    """A text of several lines, in an input of as many `rows`."""

    def __init__(self, *, rows: int = 3, max_length: int = 2000, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **options)


class ReasonForm(forms.Form):
    """A reason for what is about to be done."""

    why = LinesField(label=_("Reason"))
