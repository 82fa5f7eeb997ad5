"""The office's pages of units and departments."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import queries
from accounts.actors import requester
from accounts.forms import PlaceForm
from accounts.models import Department, Unit
from accounts.permissions import Action, asks, may, reads
from accounts.services import save_place
from accounts.views.tabs import tabs
from common.ui.answers import refusals_on
from common.ui.asked import page_of, words_in


@reads(Action.READ_ACCOUNTS)
def units(request: HttpRequest) -> HttpResponse:
    """Every unit with how many people file for it."""
    words = words_in(request)
    page = page_of(request, queries.units(words))
    return _list(request, page, "unit", _("Member units"))


@reads(Action.READ_ACCOUNTS)
def departments(request: HttpRequest) -> HttpResponse:
    """Every department with how many people belong to it."""
    words = words_in(request)
    page = page_of(request, queries.departments(words))
    return _list(request, page, "department", _("Departments"))


def _list(request: HttpRequest, page: Page[Any], kind: str, heading: str) -> HttpResponse:
    ways = {"tabs": tabs(f"{kind}-list"), "add": f"{kind}-new", "edit": f"{kind}-edit"}
    context: dict[str, Any] = {"page": page, "q": words_in(request), "heading": heading}
    context["may_manage"] = may(requester(request), Action.MANAGE_ACCOUNTS)
    return render(request, "accounts/places.html", context | ways)


@asks(Action.MANAGE_ACCOUNTS)
def unit_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a unit, or change one."""
    return _edit(request, get_object_or_404(Unit, pk=pk) if pk else Unit(), "unit-list")


@asks(Action.MANAGE_ACCOUNTS)
def department_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a department, or change one."""
    return _edit(request, get_object_or_404(Department, pk=pk) if pk else Department(), "department-list")


def _edit(request: HttpRequest, place: Unit | Department, back: str) -> HttpResponse:
    form = PlaceForm(request.POST or None, initial={"code": place.code, "name": place.name})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            save_place(place=place, by=requester(request).user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(back)
    return render(request, "accounts/place.html", {"form": form, "place": place, "back": back})
