"""The form of the demo's clock."""

from datetime import datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.ui.fields import DayField

MORNING = time(9)


class DateForm(forms.Form):
    """A day to go to: its 9:00 in Beijing."""

    to = DayField(
        label=_("Go to the morning of"),
        help_text=_("9:00 Beijing time of a day that lies ahead."),
    )

    def instant(self) -> datetime:
        """The instant to go to; the form must be valid."""
        return datetime.combine(self.cleaned_data["to"], MORNING, tzinfo=clock.BEIJING)
