"""Forms of the board: submit it, sign it, try other weights and limits."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actors import requester
from scoring.engine.numbers import plain
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import BONUS, DEDUCTION, TrackRules
from scoring.engine.what_if import Change
from scoring.wording import component_label

FULL_WEIGHT = 100
CAPS = ((BONUS, _("All bonus together at most")), (DEDUCTION, _("All deductions together at most")))
KINDS = tuple(kind for kind, _label in CAPS)


class SubmitBoardForm(forms.Form):
    """The office says that it knows who is not on the board yet."""

    incomplete = forms.BooleanField(label=_("Submit the board without the units that are still on their way"))

    def __init__(self, data: QueryDict | None = None, *, on_their_way: int) -> None:
        super().__init__(data)
        if not on_their_way:
            del self.fields["incomplete"]


class SignForm(forms.Form):
    """The signature: the password once more, bound to the list that was shown."""

    seen = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("Your password, once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("The signature is yours alone: your name and the fingerprint of what is signed stand with it."),
    )

    def __init__(self, data: QueryDict | None = None, *, request: HttpRequest) -> None:
        super().__init__(data)
        self.request = request

    def clean_password(self) -> str:
        """Ask who it is again; failures count towards the lock of the account, as at sign-in."""
        password: str = self.cleaned_data["password"]
        signer = requester(self.request).user
        if authenticate(self.request, username=signer.username, password=password) != signer:
            raise forms.ValidationError(_t("The password is not right."))
        return password


class TryForm(forms.Form):
    """Weights and limits to be tried out in every track of a scheme; nothing of it is kept."""

    def __init__(self, data: QueryDict | None, *, rules: SchemeRules) -> None:
        super().__init__(data)
        self.rules = rules
        for track in rules.tracks:
            if len(track.components) > 1:
                for component in track.components:
                    label = _t("Weight of %(component)s in percent") % {"component": component_label(component.code)}
                    self._add(f"{track.code}-{component.code}", f"{track.name} · {label}", component.weight)
            for kind, limit in CAPS:
                self._add(f"{track.code}-{kind}", f"{track.name} · {limit}", track.cap_of(kind))

    def _add(self, name: str, label: str, value: Decimal | None) -> None:
        self.fields[name] = forms.DecimalField(
            label=label, required=False, min_value=0, max_value=1000, max_digits=6, decimal_places=2
        )
        self.initial[name] = None if value is None else plain(value)

    def clean(self) -> dict[str, Any]:
        """The weights of a track come to 100."""
        cleaned: dict[str, Any] = self.cleaned_data
        for track in self.rules.tracks:
            names = [
                name for component in track.components if (name := f"{track.code}-{component.code}") in self.fields
            ]
            weights = [cleaned.get(name) or Decimal(0) for name in names]
            if names and not any(name in self.errors for name in names) and sum(weights) != FULL_WEIGHT:
                self.add_error(names[-1], _t("The weights of a track come to 100."))
        return cleaned

    def changes(self) -> dict[str, Change]:
        """What was typed, by track; a weight left empty is 0, a limit left empty none."""
        return {track.code: self._change(track) for track in self.rules.tracks}

    def _change(self, track: TrackRules) -> Change:
        typed = {name: self.cleaned_data.get(f"{track.code}-{name}") for name in (*track.component_codes, *KINDS)}
        weights = {code: typed[code] or Decimal(0) for code in track.component_codes if len(track.components) > 1}
        return Change(weights, {kind: typed[kind] for kind in KINDS})
