"""Forms about people, what they are, units and departments."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.guarded import GUARDED
from accounts.identity import LONGEST_MAIL, LONGEST_NAME, NAME_CHARACTERS, normal
from accounts.imports import HEAD
from accounts.models import Department, Role, Unit, User
from accounts.queries import place_named
from accounts.services import choose_password
from accounts.spelling import spelled_line
from common import clock
from common.errors import DomainError
from common.tables.forms import RowsField, TableForm
from common.ui.fields import DayField

WITH_PLACE = (Role.FILER, Role.REVIEWER, Role.HEAD)


class PersonForm(forms.Form):
    """Name and mail address of a person."""

    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(
        label=_("Mail address"), required=False, max_length=LONGEST_MAIL,
        help_text=_("Without one, messages are shown in the system only."),
    )  # fmt: skip

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

    why = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class MembershipForm(forms.Form):
    """What a person is, where, from which day to which day (both inclusive, Beijing time)."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    place = forms.CharField(
        label=_("Unit or department"),
        required=False,
        max_length=120,
        help_text=_("Code or whole name; a unit for a filer, a department for a reviewer or head, else nothing."),
    )
    since = DayField(
        label=_("From"), required=False, help_text=_("From now when left out."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    until = DayField(
        label=_("Last day"), required=False, help_text=_("Without an end when left out."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find the unit or department that was named."""
        data: dict[str, Any] = super().clean() or {}
        role, word = data.get("role"), (data.get("place") or "").strip()
        data["found"] = None
        if not role:
            return data
        if Role(role) not in WITH_PLACE:
            if word:
                self.add_error("place", _("This role has no unit and no department."))
        elif not word:
            self.add_error("place", _("This role needs a unit or department."))
        else:
            self._find(data, Role(role), word)
        return data

    def _find(self, data: dict[str, Any], role: Role, word: str) -> None:
        try:
            data["found"] = place_named(role, word)
        except DomainError as error:
            self.add_error("place", str(error.message))
        else:
            if data["found"] is None:
                self.add_error("place", _("There is no such unit or department."))

    def membership(self) -> dict[str, Any]:
        """What the service asks for; the form must be valid."""
        found = self.cleaned_data["found"]
        return {
            "role": Role(self.cleaned_data["role"]),
            "unit": found if isinstance(found, Unit) else None,
            "department": found if isinstance(found, Department) else None,
            "since": _begin(self.cleaned_data.get("since")),
            "until": _end(self.cleaned_data.get("until")),
        }


def _begin(day: date | None) -> datetime | None:
    return clock.midnight(day) if day and day != clock.today() else None


def _end(day: date | None) -> datetime | None:
    return clock.midnight(day + timedelta(days=1)) if day else None


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

    def person(self) -> dict[str, Any]:
        """Who it is, as the service asks for it; the form must be valid."""
        return {name: self.cleaned_data[name] for name in ("username", "name", "email")}


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
