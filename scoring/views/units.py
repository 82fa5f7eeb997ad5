"""The office's pages of a cycle's units: listed by track, added, imported, copied, renamed, removed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import requester
from accounts.permissions import Action, may, requires
from accounts.posted import posted_from
from accounts.rules import not_own_unit
from common.bodies import takes_files
from common.errors import DomainError
from common.ui.ticked import ticked
from scoring.forms.units import ChangeUnitForm, CopyForm, ImportForm, UnitForm
from scoring.models import Cycle
from scoring.queries.cycles import earlier_participants, participants
from scoring.services.units import add_units, change_unit, copy_units, read_entrant, read_entrants, remove_units


def _cycle(year: int) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("scheme"), year=year)


def _forms(cycle: Cycle) -> dict[str, Any]:
    earlier = Cycle.objects.exclude(pk=cycle.pk).filter(sheets__isnull=False).distinct()
    return {"unit_form": UnitForm(cycle), "import_form": ImportForm(), "copy_form": CopyForm(earlier)}


def _page(request: HttpRequest, cycle: Cycle, **changed: Any) -> HttpResponse:
    sheets, actor = list(participants(cycle)), requester(request)
    rows: list[dict[str, Any]] = [{"sheet": sheet, "why_not": not_own_unit.refusal(actor, sheet)} for sheet in sheets]
    tracks = [
        {"track": track, "rows": [row for row in rows if row["sheet"].track_id == track.pk]}
        for track in cycle.tracks.all()
    ]
    context = {"cycle": cycle, "tracks": tracks, "total": len(sheets)} | _forms(cycle) | changed
    context["editable"] = cycle.opened_at is None and may(actor, Action.RUN_CYCLE)
    return render(request, "scoring/units.html", context)


@requires(Action.READ_CYCLE)
@require_GET
def units(request: HttpRequest, year: int) -> HttpResponse:
    """Who takes part, by track."""
    return _page(request, _cycle(year))


def _refuse(form: forms.Form, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.message))


@requires(Action.RUN_CYCLE)
@posted_from("units", "year")
def unit_add(request: HttpRequest, year: int) -> HttpResponse:
    """Add one unit."""
    cycle = _cycle(year)
    form = UnitForm(cycle, request.POST)
    if form.is_valid():
        try:
            entrant = read_entrant(cycle=cycle, cells=form.row())
            add_units(cycle=cycle, entrants=[entrant], by=requester(request).user)
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("%(unit)s takes part.") % {"unit": entrant.name})
            return redirect("units", year)
    return _page(request, cycle, unit_form=form)


@requires(Action.RUN_CYCLE)
@takes_files
@posted_from("units", "year")
def units_import(request: HttpRequest, year: int) -> HttpResponse:
    """Show what an import would do, then do it."""
    cycle = _cycle(year)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, cycle, import_form=form)
    reading = read_entrants(cycle=cycle, rows=form.table())
    if "sure" in request.POST and not reading.problems:
        try:
            count = add_units(cycle=cycle, entrants=reading.entrants, by=requester(request).user)
            text = ngettext("%(count)d unit takes part now.", "%(count)d units take part now.", count)
            messages.success(request, text % {"count": count})
            return redirect("units", year)
        except DomainError as error:
            _refuse(form, error)
    items = [{"label": one.name, "note": f"{one.track} {one.username}"} for one in reading.entrants]
    context = {"cycle": cycle, "form": form, "reading": reading, "items": items, "rows": form.text()}
    return render(request, "scoring/units_import.html", context)


@requires(Action.RUN_CYCLE)
@posted_from("units", "year")
def units_copy(request: HttpRequest, year: int) -> HttpResponse:
    """Show which units of an earlier cycle would take part again, then let them."""
    cycle = _cycle(year)
    form = CopyForm(Cycle.objects.exclude(pk=cycle.pk), request.POST)
    if not form.is_valid():
        return _page(request, cycle, copy_form=form)
    sheets = list(earlier_participants(cycle, form.cleaned_data["source"]))
    if "sure" in request.POST:
        try:
            count = copy_units(cycle=cycle, sheets=sheets, by=requester(request).user)
            text = ngettext("%(count)d unit takes part now.", "%(count)d units take part now.", count)
            messages.success(request, text % {"count": count})
        except DomainError as error:
            messages.error(request, str(error.message))
        return redirect("units", year)
    items = [{"label": sheet.unit.name, "note": sheet.track.name} for sheet in sheets]
    return render(request, "scoring/units_copy.html", {"cycle": cycle, "form": form, "items": items})


@requires(Action.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def unit_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change a unit's name of that year, or its track."""
    cycle = _cycle(year)
    sheet = get_object_or_404(participants(cycle), pk=pk)
    initial = {"name": sheet.unit_name, "track": sheet.track_id}
    form = ChangeUnitForm(cycle, request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            data = form.cleaned_data
            change_unit(sheet=sheet, name=data["name"], track=data["track"], by=requester(request).user)
            messages.success(request, _("Saved."))
            return redirect("units", year)
        except DomainError as error:
            _refuse(form, error)
    return render(request, "scoring/unit_change.html", {"cycle": cycle, "sheet": sheet, "form": form})


@requires(Action.RUN_CYCLE)
@posted_from("units", "year")
def units_remove(request: HttpRequest, year: int) -> HttpResponse:
    """Show which units would no longer take part, then take them out."""
    cycle = _cycle(year)
    chosen = list(participants(cycle).filter(pk__in=ticked(request.POST)))
    if not chosen:
        messages.info(request, _("Nothing was chosen."))
        return redirect("units", year)
    if "sure" in request.POST:
        try:
            count = remove_units(cycle=cycle, sheets=chosen, by=requester(request).user)
            text = ngettext("%(count)d unit taken out.", "%(count)d units taken out.", count)
            messages.success(request, text % {"count": count})
        except DomainError as error:
            messages.error(request, str(error.message))
        return redirect("units", year)
    items = [{"label": sheet.unit_name, "note": sheet.track.name} for sheet in chosen]
    return render(request, "scoring/units_remove.html", {"cycle": cycle, "items": items, "chosen": chosen})
