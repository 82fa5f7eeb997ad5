"""What is typed for the ballot box: who holds its key, shares of it, a decision on too few, a receipt."""

from datetime import datetime
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from common.shares import NEEDED, SHARES
from common.ui.fields import ReasonForm, UntilField
from scoring.models import KeyHolding, TallyDecision

# Shares are kept by no browser and corrected by none.
UNKEPT = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", "rows": 3}
MOST_RESERVES = 200


class HoldingForm(forms.Form):
    """Who holds the private key."""

    holding = forms.ChoiceField(
        label=_("Who holds the private key"),
        choices=KeyHolding.choices,
        widget=forms.RadioSelect,
        initial=KeyHolding.SHARES,
    )


class SharesForm(forms.Form):
    """The words of shares, one field each: two open a box, all three are proved."""

    def __init__(self, many: int, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what a request brings
        for number in range(1, many + 1):
            self.fields[f"share_{number}"] = forms.CharField(
                label=_("Share %(number)d") % {"number": number} if many == SHARES else _TYPED[number],
                widget=forms.Textarea(attrs=UNKEPT),
                help_text=_("20 words; of each the first four letters are enough.") if number == 1 else "",
            )

    @property
    def shares(self) -> list[str]:
        """What was typed, in the order of the fields."""
        return [self.cleaned_data[name] for name in self.fields]


_TYPED = {1: _("One share"), NEEDED: _("Another share")}


class TooFewForm(ReasonForm):
    """What is to be done about a unit that too few have rated."""

    field_order = ("decision", "until", "count", "why")

    decision = forms.ChoiceField(label=_("Decision"), choices=TallyDecision.choices, widget=forms.RadioSelect)
    until = UntilField(label=_("New last day (counts until 24:00)"), required=False)
    count = forms.IntegerField(label=_("How many more people"), required=False, min_value=1, max_value=MOST_RESERVES)

    def clean(self) -> None:
        """More time needs its day, more people their number besides."""
        decision = self.cleaned_data.get("decision")
        if decision in (TallyDecision.EXTEND, TallyDecision.DRAW_MORE) and not self.has_error("until"):
            self._demand("until")
        if decision == TallyDecision.DRAW_MORE and not self.has_error("count"):
            self._demand("count")

    def _demand(self, name: str) -> None:
        if self.cleaned_data.get(name) is None:
            self.add_error(name, forms.Field.default_error_messages["required"])

    def last_instant(self) -> datetime:
        """The first instant that is too late, where more time is given."""
        return cast("datetime", self.cleaned_data["until"])


class ReceiptForm(forms.Form):
    """The code of a receipt."""

    code = forms.CharField(
        label=_("Code of your receipt"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
