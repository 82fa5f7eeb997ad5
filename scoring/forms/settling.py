"""The form by which a finding is settled: one of its readings, with the reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from common.ui.fields import LinesField
from scoring.engine.notice.choices import Choice

AS_READ = "as-read"


class SettleForm(forms.Form):
    """As it was read, or one of the other readings."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = LinesField(label=_("Reason"), rows=2)

    def __init__(self, others: Iterable[Choice], data: Any = None, *, may_stand: bool, seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        stands = [(AS_READ, translate("It stands as it was read."))] if may_stand else []
        choices = [*stands, *((other.name, other.words.text(translate)) for other in others)]
        self.fields["choice"] = forms.ChoiceField(
            label=_("What the notice means"), choices=choices, widget=forms.RadioSelect
        )
        self.order_fields(["seen", "choice", "reason"])
