"""Forms of the board: submit it, sign it."""

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actors import requester


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
        help_text=_("The signature is yours alone: it is recorded with your name and the fingerprint of the list."),
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
