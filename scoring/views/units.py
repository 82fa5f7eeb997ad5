"""The office's pages of a cycle's units: listed by track, added, imported, renamed, removed."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor, requester
from accounts.permissions import Action, asks, may, reads
from accounts.posted import posts
from accounts.rules import not_own_unit
from common.bodies import takes_files
from common.ui.answers import is_confirmed, refusals_on, refusals_told, tell
from common.ui.asked import ticked
from scoring.forms.units import ChangeUnitForm, ImportForm, UnitForm
from scoring.models import Cycle, ScoreSheet, Track
from scoring.queries.cycles import participants
from scoring.queries.succession import predecessors_in
from scoring.services.units import add_units, change_unit, read_entrant, read_entrants, remove_units


@dataclass(frozen=True)
class Participant:
    """A unit that takes part, whom it goes on from, and why whoever looks can't change it (empty: they can)."""

    sheet: ScoreSheet
    why_not: str
    before: list[str]


@dataclass(frozen=True)
class Group:
    """The units of a track."""

    track: Track
    rows: list[Participant]


def _cycle(slug: str) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("scheme"), slug=slug)


def _page(request: HttpRequest, cycle: Cycle, **changed: forms.Form) -> HttpResponse:
    actor = requester(request)
    groups = _groups(cycle, actor)
    blank = {"unit_form": UnitForm(cycle), "import_form": ImportForm()}
    shown = {
        "cycle": cycle,
        "tracks": groups,
        "total": sum(len(group.rows) for group in groups),
        "editable": cycle.opened_at is None and may(actor, Action.RUN_CYCLE),
    }
    return render(request, "scoring/units.html", blank | changed | shown)


def _groups(cycle: Cycle, actor: Actor) -> list[Group]:
    before = predecessors_in(cycle)
    rows = [
        Participant(sheet, not_own_unit.refusal(actor, sheet), before.get(sheet.unit_id, []))
        for sheet in participants(cycle)
    ]
    return [Group(track, [row for row in rows if row.sheet.track_id == track.pk]) for track in cycle.tracks.all()]


def _take_part(count: int) -> str:
    text = ngettext("%(count)d unit takes part now.", "%(count)d units take part now.", count)
    return text % {"count": count}


@reads(Action.READ_CYCLE)
def units(request: HttpRequest, slug: str) -> HttpResponse:
    """Who takes part, by track."""
    return _page(request, _cycle(slug))


@posts(Action.RUN_CYCLE, "units", "slug")
def unit_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add one unit."""
    cycle = _cycle(slug)
    form = UnitForm(cycle, request.POST)
    if form.is_valid():
        with refusals_on(form):
            entrant = read_entrant(cycle=cycle, cells=form.row())
            add_units(cycle=cycle, entrants=[entrant], by=requester(request).user)
            messages.success(request, _("%(unit)s takes part.") % {"unit": entrant.name})
            return redirect("units", slug)
    return _page(request, cycle, unit_form=form)


@takes_files
@posts(Action.RUN_CYCLE, "units", "slug")
def units_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an import would do, then do it."""
    cycle = _cycle(slug)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, cycle, import_form=form)
    reading = read_entrants(cycle=cycle, rows=form.table())
    if is_confirmed(request) and not reading.problems:
        with refusals_on(form):
            count = add_units(cycle=cycle, entrants=reading.entrants, by=requester(request).user)
            messages.success(request, _take_part(count))
            return redirect("units", slug)
    items = [{"label": entrant.name, "note": f"{entrant.track} {entrant.username}"} for entrant in reading.entrants]
    context = {"cycle": cycle, "form": form, "reading": reading, "items": items, "rows": form.text()}
    return render(request, "scoring/units_import.html", context)


@asks(Action.RUN_CYCLE)
def unit_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a unit's name of that year, or its track."""
    cycle = _cycle(slug)
    sheet = get_object_or_404(participants(cycle), pk=pk)
    initial = {"name": sheet.unit_name, "track": sheet.track_id}
    form = ChangeUnitForm(cycle, request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            change_unit(sheet=sheet, **form.cleaned_data, by=requester(request).user)
            messages.success(request, _("Saved."))
            return redirect("units", slug)
    return render(request, "scoring/unit_change.html", {"cycle": cycle, "sheet": sheet, "form": form})


@posts(Action.RUN_CYCLE, "units", "slug")
def units_remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Show which units would no longer take part, then take them out."""
    cycle = _cycle(slug)
    chosen = list(participants(cycle).filter(pk__in=ticked(request.POST)))
    if not chosen:
        messages.info(request, _("Nothing was chosen."))
        return redirect("units", slug)
    if is_confirmed(request):
        with refusals_told(request):
            dealt = remove_units(cycle=cycle, sheets=chosen, by=requester(request).user)
            tell(request, dealt, done=_taken_out, name=lambda sheet: sheet.unit_name)
        return redirect("units", slug)
    items = [{"label": sheet.unit_name, "note": sheet.track.name} for sheet in chosen]
    context = {"cycle": cycle, "items": items, "keys": [sheet.pk for sheet in chosen]}
    return render(request, "scoring/units_remove.html", context)


def _taken_out(count: int) -> str:
    return ngettext("%(count)d unit taken out.", "%(count)d units taken out.", count) % {"count": count}
