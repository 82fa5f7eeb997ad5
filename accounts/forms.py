"""Forms about people, what they are, units and departments."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.days import DayField
from accounts.identity import LONGEST_MAIL, LONGEST_NAME, NAME_CHARACTERS, normal
from accounts.imports import decoded
from accounts.models import Department, Role, Unit
from accounts.queries import place_named
from audit import clock
from audit.errors import DomainError

MOST_BYTES = 2 * 1024 * 1024
WITH_PLACE = (Role.FILER, Role.REVIEWER, Role.HEAD)


class PersonForm(forms.Form):
    """Name and mail address of a person."""

    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(
        label=_("Mail address"), required=False, max_length=LONGEST_MAIL,
        help_text=_("Without one, messages are shown in the system only."),
    )  # fmt: skip


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


class NewPersonForm(MembershipForm, PersonForm):
    """A new account with the first thing that its person is."""

    username = forms.CharField(label=_("User name"), max_length=LONGEST_NAME, validators=[NAME_CHARACTERS])
    field_order = ["username", "name", "email", "role", "place", "since", "until"]

    def clean_username(self) -> str:
        """The user name as signing in reads it."""
        return normal(self.cleaned_data["username"])


class PlaceForm(forms.Form):
    """Code and name of a unit or department."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[NAME_CHARACTERS])
    name = forms.CharField(label=_("Name"), max_length=120)


class ImportForm(forms.Form):
    """Rows of people, pasted or as a file."""

    rows = forms.CharField(
        label=_("Rows"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One person a row: user name, name, mail address, role, code or name of the unit or department."),
    )
    file = forms.FileField(
        label=_("or a file (.csv)"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv"})
    )

    def clean(self) -> dict[str, Any]:
        """Take the file's rows when there is a file."""
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        if upload and upload.size > MOST_BYTES:
            self.add_error("file", _("This file is too large."))
        elif upload:
            try:
                data["rows"] = decoded(upload.read())
            except DomainError as error:
                self.add_error(error.field, str(error.message))
        return data
