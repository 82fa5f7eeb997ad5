"""The indicator library of the office: a list to search, rows put into it, edited, retired, taken into a draft."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, asks, may, reads
from accounts.posted import posts
from audit.queries import events_of
from common.ui.answers import is_autosave, refusals_told
from common.ui.asked import page_of, ticked, words_in
from scoring.engine.edit import Edit, Place
from scoring.engine.shelf import root_of
from scoring.engine.track import Body
from scoring.forms.library import DeskForm
from scoring.models import ItemKind, LibraryItem
from scoring.queries.library import items_like, rows_of, shown
from scoring.services.library import (
    bring_back,
    edit_item,
    name_desk,
    put_in_library,
    retire_item,
    take_from_library,
)
from scoring.views.editor import address, edited_scheme, reason_of_sitting
from scoring.views.places import adds_at, called, crumbs, inside, outline, place_in, saved, worked, written


@dataclass
class Shelved:
    """A row of the library as it is edited by somebody."""

    item: LibraryItem
    by: User

    @property
    def root(self) -> Place:
        """Where the row stands in its body."""
        return root_of(self.item.kind)

    @property
    def body(self) -> Body:
        """A scheme of this row alone."""
        return self.item.body

    @property
    def version(self) -> str:
        """Its SHA-256."""
        return self.item.sha256

    def step(self, edit: Edit, *, what: str, seen: str) -> None:
        """Change it."""
        self.item = edit_item(item=self.item, edit=edit, what=what, by=self.by, seen=seen)

    def address(self, place: Place) -> str:
        """Where a place of it is edited."""
        inside = place[len(self.root) :]
        return reverse("library-edit-place", args=[self.item.pk, written(inside)]) if inside else self.home

    @property
    def home(self) -> str:
        """Where the row itself is edited."""
        return reverse("library-edit", args=[self.item.pk])


def _listed(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """One page of the rows that the address asks for."""
    kind = more.get("kind", request.GET.get("kind", ""))
    retired = more.get("retired", "retired" in request.GET)
    page = page_of(request, items_like(words_in(request), kind=kind, retired=retired))
    return {
        "page": page,
        "rows": [shown(item) for item in page],
        "q": words_in(request),
        "kind": kind,
        "kinds": ItemKind.choices,
        "retired": retired,
    }


@reads(Action.READ_LIBRARY)
def library(request: HttpRequest) -> HttpResponse:
    """The rows that are kept, by their words; the office ticks those to begin a scheme with."""
    context = _listed(request) | {"may_edit": may(requester(request), Action.RUN_CYCLE)}
    return render(request, "scoring/library.html", context)


@reads(Action.READ_LIBRARY)
def library_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One row: what it says, where it came from, what was done to it."""
    item = get_object_or_404(LibraryItem.objects.select_related("cycle", "put_by"), pk=pk)
    context = {
        "item": item,
        "row": shown(item),
        "events": events_of(item.recorded_as)[:50],
        "may_edit": may(requester(request), Action.RUN_CYCLE),
    }
    return render(request, "scoring/library_item.html", context)


@asks(Action.RUN_CYCLE)
def library_edit(request: HttpRequest, pk: int, place: str = "") -> HttpResponse:
    """One place of a row with its values; what is typed is saved by itself, and every button saves it first."""
    item = get_object_or_404(LibraryItem, pk=pk)
    if item.retired_at is not None:
        messages.error(request, _("It is retired: bring it back to change it."))
        return redirect("library-item", pk)
    shelved = Shelved(item, requester(request).user)
    keys = place_in(shelved.body, place, shelved.root)
    if is_autosave(request):
        return JsonResponse(saved(shelved, keys, request))
    work = worked(shelved, keys, request)
    if work.after is not None:
        messages.success(request, _("Saved."))
        return redirect(shelved.address(work.after))
    context = {
        "item": item,
        "form": work.form,
        "stale": work.stale,
        "here": shelved.address(keys),
        "crumbs": crumbs(shelved, keys),
        "inside": inside(shelved, keys),
        "place": place,
        "name": called(shelved.body, keys),
        "home": shelved.home,
        "is_row": keys != shelved.root,
        "adds": adds_at(shelved.body, keys),
        "outline": list(outline(shelved, keys, shelved.root)),
        "desk": DeskForm(initial={"desk": item.desk}),
    }
    return render(request, "scoring/library_edit.html", context)


@posts(Action.RUN_CYCLE, "library-edit", "pk")
def library_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which department answers for a row."""
    item = get_object_or_404(LibraryItem, pk=pk)
    form = DeskForm(request.POST)
    if form.is_valid():
        name_desk(item=item, by=requester(request).user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    for words in form.errors.get("desk", ()):
        messages.error(request, str(words))
    return redirect("library-edit", pk)


@posts(Action.RUN_CYCLE, "library-item", "pk")
def library_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a row no more."""
    return _turned(request, pk, retire_item, _("It is offered no more; schemes that took it keep it."))


@posts(Action.RUN_CYCLE, "library-item", "pk")
def library_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a retired row again."""
    return _turned(request, pk, bring_back, _("It is offered again."))


def _turned(request: HttpRequest, pk: int, service: Callable[..., None], told: str) -> HttpResponse:
    service(item=get_object_or_404(LibraryItem, pk=pk), by=requester(request).user)
    messages.success(request, told)
    return redirect("library-item", pk)


@asks(Action.RUN_CYCLE)
def scheme_to_library(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of a scheme, open or not; those that are ticked are put into the library."""
    scheme = edited_scheme(slug)
    if request.method == "POST":
        with refusals_told(request):
            places = [place_in(scheme.body, place) for place in request.POST.getlist("ids")]
            items = put_in_library(scheme=scheme, places=places, by=requester(request).user)
            text = ngettext("%(count)d row is in the library.", "%(count)d rows are in the library.", len(items))
            messages.success(request, text % {"count": len(items)})
            return redirect("library")
    context = {"scheme": scheme, "cycle": scheme.cycle, "rows": rows_of(scheme.rules)}
    return render(request, "scoring/to_library.html", context)


@asks(Action.RUN_CYCLE)
def scheme_take(request: HttpRequest, slug: str, place: str) -> HttpResponse:
    """The rows of the library that can stand at a place of a draft; those that are ticked are put there."""
    scheme = edited_scheme(slug)
    if scheme.frozen_at is not None:
        messages.error(request, _("The cycle is open: its scheme is frozen and can't be changed."))
        return redirect("scheme", slug)
    keys = place_in(scheme.body, place)
    if request.method == "POST":
        items = list(LibraryItem.objects.filter(pk__in=ticked(request.POST)).order_by("pk"))
        seen = request.POST.get("version", "")
        with refusals_told(request):
            by, why = requester(request).user, reason_of_sitting(request, scheme)
            take_from_library(scheme=scheme, items=items, place=keys, by=by, seen=seen, why=why)
            messages.success(request, _("Taken from the library. It is one step, which can be taken back."))
            return redirect(address(slug, keys[:2]))
        scheme.refresh_from_db()
    context = _listed(request, retired=False)
    context |= {"scheme": scheme, "cycle": scheme.cycle, "place": place, "back": address(slug, keys)}
    context["where"] = called(scheme.body, keys)
    return render(request, "scoring/take.html", context)
