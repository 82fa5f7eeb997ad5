"""A day that a person gives in a form: one of the century that the house can be about."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
OUTSIDE = _("Please check the year.")


class DayField(forms.DateField):
    """A date between FIRST and LAST, so that every sum with it is a date too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [*self.validators, MinValueValidator(FIRST, OUTSIDE), MaxValueValidator(LAST, OUTSIDE)]
