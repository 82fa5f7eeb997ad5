"""Importing many accounts: first how many and which, and what is wrong; then the question, then the passwords."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import requester
from accounts.forms import ImportForm
from accounts.guarded import GUARDED
from accounts.imports import Reading, read_people
from accounts.permissions import Action, requires
from accounts.services import NewPerson, import_accounts
from common.bodies import takes_files
from common.errors import DomainError


@requires(Action.MANAGE_ACCOUNTS)
@takes_files
@require_http_methods(["GET", "POST"])
def accounts_import(request: HttpRequest) -> HttpResponse:
    """Take rows, show what they would do, and do it once it is confirmed and every row is right."""
    form = ImportForm(request.POST or None, request.FILES or None)
    reading: Reading | None = None
    if request.method == "POST" and form.is_valid():
        try:
            reading = read_people(form.cleaned_data["rows"])
        except DomainError as error:
            form.add_error(error.field, str(error.message))
    if reading is None:
        return render(request, "accounts/import.html", {"form": form})
    if request.POST.get("confirm") == "1" and not reading.faults:
        try:
            made = import_accounts(people=reading.people, by=requester(request).user)
        except DomainError as error:
            form.add_error("rows", str(error.message))
            return render(request, "accounts/import.html", {"form": form})
        messages.success(request, _("%(count)d accounts are added.") % {"count": len(made)})
        asked = sum(person.role in GUARDED for person in reading.people)
        return render(request, "accounts/passwords.html", {"made": made, "asked": asked})
    return _ask(request, form, reading)


def _ask(request: HttpRequest, form: ImportForm, reading: Reading) -> HttpResponse:
    text = form.cleaned_data["rows"]
    again = ImportForm(initial={"rows": text})
    items = [{"label": f"{person.name}（{person.username}）", "note": _what(person)} for person in reading.people]
    context = {"form": again, "rows": text, "reading": reading, "items": items}
    return render(request, "accounts/import.html", context)


def _what(person: NewPerson) -> str:
    place = person.unit or person.department
    words = [
        str(person.role.label),
        str(place) if place else "",
        _("has an account") if person.user else "",
        _("waits to be confirmed") if person.role in GUARDED else "",
    ]
    return " · ".join(word for word in words if word)
