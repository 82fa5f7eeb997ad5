"""Importing many accounts: first how many and which, and what is wrong; then the question, then the passwords."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.forms import ImportForm
from accounts.grants import NewPerson
from accounts.guarded import GUARDED
from accounts.imports import PeopleRead, read_people
from accounts.permissions import Action, asks
from accounts.services import import_accounts
from common.bodies import takes_files
from common.ui.answers import is_confirmed, refusals_on


@asks(Action.MANAGE_ACCOUNTS)
@takes_files
def accounts_import(request: HttpRequest) -> HttpResponse:
    """Take rows, show what they would do, and do it once it is confirmed and every row is right."""
    form = ImportForm(request.POST or None, request.FILES or None)
    read: PeopleRead | None = None
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            read = read_people(form.table())
    if read is None:
        return render(request, "accounts/import.html", {"form": form})
    if is_confirmed(request) and not read.faults:
        with refusals_on(form, field="rows"):
            return _added(request, read)
        return render(request, "accounts/import.html", {"form": form})
    return _ask(request, form, read)


def _added(request: HttpRequest, read: PeopleRead) -> HttpResponse:
    made = import_accounts(people=read.people, by=requester(request).user)
    messages.success(request, _("%(count)d accounts are added.") % {"count": len(made)})
    asked = sum(person.grant.role in GUARDED for person in read.people)
    return render(request, "accounts/passwords.html", {"made": made, "asked": asked})


def _ask(request: HttpRequest, form: ImportForm, read: PeopleRead) -> HttpResponse:
    again = ImportForm(initial={"rows": form.text()})
    items = [{"label": f"{person.name}（{person.username}）", "note": _what(person)} for person in read.people]
    context = {"form": again, "rows": form.text(), "reading": read, "items": items}
    return render(request, "accounts/import.html", context)


def _what(person: NewPerson) -> str:
    grant = person.grant
    words = [
        str(grant.role.label),
        str(grant.place or ""),
        _("has an account") if person.user else "",
        _("waits to be confirmed") if grant.role in GUARDED else "",
    ]
    return " · ".join(word for word in words if word)
