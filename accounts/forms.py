"""Forms about people, what they are, units and departments."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.grants import Grant, NewPerson
from accounts.guarded import GUARDED
from accounts.identity import LONGEST_MAIL, LONGEST_NAME, NAME_CHARACTERS, normal
from accounts.imports import HEAD, WITH_PLACE
from accounts.models import Department, Role, Unit, User
from accounts.queries import place_named
from accounts.services import choose_password
from accounts.spelling import spelled_line
from common import clock
from common.tables.forms import RowsField, TableForm
from common.ui.answers import refusals_on
from common.ui.fields import DayField, LinesField, UntilField


class PersonForm(forms.Form):
    """Name and mail address of a person."""

    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(
        label=_("Mail address"),
        required=False,
        max_length=LONGEST_MAIL,
        help_text=_("Without one, messages are shown in the system only."),
    )

    def clean_name(self) -> str:
        """The name spelled as imports spell it: one person is written one way."""
        return spelled_line(self.cleaned_data["name"])


class KeepsPassword:
    """Keeps what was chosen by the house's own service: with its event, and no longer as a one-time password."""

    user: User
    cleaned_data: dict[str, Any]

    def save(self, commit: bool = True) -> User:
        """Keep the password; Django's views ask for this."""
        choose_password(user=self.user, password=self.cleaned_data["new_password1"])
        return self.user


class NewPasswordForm(KeepsPassword, SetPasswordForm):  # type: ignore[type-arg]  # not generic when it runs
    """A password for whoever holds the link."""


class OwnPasswordForm(KeepsPassword, PasswordChangeForm):
    """The password until now, and another one."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Ask who it is again; failures count towards the limits of signing in."""
        password: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=password) != self.user:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse the same password once more: a one-time password is known to somebody else."""
        data: dict[str, Any] = super().clean() or {}
        new = data.get("new_password2")
        if new and new == data.get("old_password"):
            self.add_error("new_password2", _g("Please choose another password than the one until now."))
        return data


class RefusalForm(forms.Form):
    """Why a change is refused."""

    why = LinesField(label=_("Reason"), max_length=500, rows=2)


class MembershipForm(forms.Form):
    """What a person is, where, from which day to which day (both inclusive, Beijing time)."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    place = forms.CharField(
        label=_("Unit or department"),
        required=False,
        max_length=120,
        help_text=_("Code or whole name; a unit for a filer, a department for a reviewer or head, else nothing."),
    )
    since = DayField(label=_("From"), required=False, help_text=_("From now when left out."))
    until = UntilField(label=_("Last day"), required=False, help_text=_("Without an end when left out."))

    def clean_place(self) -> Unit | Department | None:
        """The unit or department that was named, as the role demands."""
        role, word = self.cleaned_data.get("role"), self.cleaned_data["place"].strip()
        if not role:
            return None
        if Role(role) not in WITH_PLACE and word:
            raise forms.ValidationError(_("This role has no unit and no department."))
        if Role(role) in WITH_PLACE and not word:
            raise forms.ValidationError(_("This role needs a unit or department."))
        place = None
        with refusals_on(self, field="place"):
            place = place_named(Role(role), word) if word else None
            if word and place is None:
                raise forms.ValidationError(_("There is no such unit or department."))
        return place

    def grant(self) -> Grant:
        """What the person is to be; the form must be valid. From today is from now."""
        since: date | None = self.cleaned_data["since"]
        return Grant(
            role=Role(self.cleaned_data["role"]),
            place=self.cleaned_data.get("place"),
            since=clock.midnight(since) if since and since != clock.today() else None,
            until=self.cleaned_data["until"],
        )


class GuardedRoleForm(MembershipForm):
    """The roles for which a supervisor, too, may ask."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            choice for choice in Role.choices if choice[0] in GUARDED
        ]
        del self.fields["place"]


class NewPersonForm(MembershipForm, PersonForm):
    """A new account with the first thing that its person is."""

    username = forms.CharField(label=_("User name"), max_length=LONGEST_NAME, validators=[NAME_CHARACTERS])
    field_order = ["username", "name", "email", "role", "place", "since", "until"]

    def clean_username(self) -> str:
        """The user name as signing in reads it."""
        return normal(self.cleaned_data["username"])

    def person(self) -> NewPerson:
        """Who it is and what they are to be; the form must be valid."""
        data = self.cleaned_data
        return NewPerson(username=data["username"], name=data["name"], email=data["email"], grant=self.grant())


class PlaceForm(forms.Form):
    """Code and name of a unit or department."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[NAME_CHARACTERS])
    name = forms.CharField(label=_("Name"), max_length=120)


class ImportForm(TableForm):
    """Rows of people, pasted or as a file."""

    columns = HEAD

    rows = RowsField(
        label=_("Rows"),
        help_text=_("One person a row: user name, name, mail address, role, code or name of the unit or department."),
    )
