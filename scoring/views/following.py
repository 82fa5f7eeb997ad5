"""The office's pages by which a draft takes over from an earlier cycle, and by which it is deleted again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.actors import requester
from accounts.permissions import Action, asks, requires
from common.bodies import takes_files
from common.numbers import key_in
from common.tables.written import csv_lines
from common.ui.answers import is_confirmed, refusals_on
from common.ui.asked import page_of
from common.ui.downloads import attachment
from common.ui.fields import ReasonForm
from scoring.forms.following import FollowForm
from scoring.models import Cycle, Step
from scoring.queries.cycles import participants
from scoring.queries.succession import sources_for
from scoring.services.rolling import Ahead, drop_draft, look_ahead, roll_over
from scoring.services.succeeding import Fate

UNITS_A_PAGE = 100
FROM = "from"


def _cycle(slug: str) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("scheme", "follows").exclude(scheme=None), slug=slug)


def _too_late(request: HttpRequest, slug: str) -> HttpResponse:
    messages.error(request, _("The cycle is open: its units can't be changed any more."))
    return redirect("units", slug)


def _source(request: HttpRequest, cycle: Cycle) -> Cycle | None:
    """The cycle that the address names, else that which it follows, else the likeliest."""
    sources = list(sources_for(cycle))
    asked = key_in(request.GET.get(FROM, ""))
    named = [source for source in sources if source.pk in (asked, cycle.follows_id)]
    return next(iter([*named, *sources]), None)


@takes_files
@asks(Action.RUN_CYCLE)
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """List an earlier cycle's units, take what becomes of them, show what would be taken over, then do it."""
    cycle = _cycle(slug)
    if cycle.opened_at is not None:
        return _too_late(request, slug)
    if request.method != "POST":
        source = _source(request, cycle)
        return _asking(request, cycle, source, FollowForm(cycle, initial={"source": source}))
    form = FollowForm(cycle, request.POST, request.FILES)
    if not form.is_valid() or "again" in request.POST:
        return _asking(request, cycle, form.cleaned_data.get("source"), form)
    return _taken_over(request, cycle, form) if is_confirmed(request) else _looked_through(request, cycle, form)


def _taken_over(request: HttpRequest, cycle: Cycle, form: FollowForm) -> HttpResponse:
    source = form.cleaned_data["source"]
    with refusals_on(form):
        by, seen = requester(request).user, request.POST.get("seen", "")
        count = roll_over(cycle=cycle, source=source, rows=form.table(), by=by, seen=seen)
        text = ngettext("%(count)d unit takes part now.", "%(count)d units take part now.", count)
        messages.success(request, text % {"count": count})
        return redirect("units", cycle.slug)
    return _asking(request, cycle, source, form)


def _looked_through(request: HttpRequest, cycle: Cycle, form: FollowForm) -> HttpResponse:
    """What taking over would do; back to the rows where something is wrong with them."""
    source = form.cleaned_data["source"]
    ahead = look_ahead(cycle=cycle, source=source, rows=form.table())
    for problem in ahead.succeeding.problems:
        form.add_error("rows", problem)
    if form.errors:
        return _asking(request, cycle, source, form)
    context = {"cycle": cycle, "source": source, "ahead": ahead, "rows": form.text(), **_told(ahead)}
    return render(request, "scoring/follow_ahead.html", context)


def _asking(request: HttpRequest, cycle: Cycle, source: Cycle | None, form: FollowForm) -> HttpResponse:
    """The form above a page of the earlier cycle's units; a file's rows stand in the field, so that nothing is lost."""
    if form.is_bound and "text" in form.cleaned_data:
        form.data = {**request.POST.dict(), "rows": form.text()}
    sheets = participants(source).order_by("unit__code") if source else participants(cycle).none()
    context = {
        "cycle": cycle,
        "source": source,
        "sources": sources_for(cycle),
        "form": form,
        "page": page_of(request, sheets, size=UNITS_A_PAGE),
    }
    return render(request, "scoring/follow.html", context, status=422 if form.errors else 200)


def _told(ahead: Ahead) -> dict[str, Any]:
    """The units that change, by what becomes of them, and the days by step."""
    changed = [fate for fate in Fate if fate != Fate.SAME]
    return {
        "same": len(ahead.succeeding.of(Fate.SAME)),
        "fates": [(fate, heirs) for fate in changed if (heirs := ahead.succeeding.of(fate))],
        "days": [(Step(step).label, starts, ends) for step, (starts, ends) in ahead.days.plan.items()],
    }


@requires(Action.RUN_CYCLE)
@require_GET
def follow_table(request: HttpRequest, slug: str) -> HttpResponse:
    """The earlier cycle's units as a table to change and to bring back; rows that stay as they are change nothing."""
    source = _source(request, _cycle(slug))
    rows = participants(source).order_by("unit__code") if source else ()
    cells = [[sheet.unit.code, sheet.unit.code, sheet.unit.name, sheet.track.name] for sheet in rows]
    head = [_("code before"), _("code"), _("name"), _("track")]
    response = HttpResponse(csv_lines([head, *cells]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = attachment(f"units-{source.slug if source else slug}.csv")
    return response


@asks(Action.RUN_CYCLE)
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the reason, then delete a cycle that has not opened."""
    cycle = _cycle(slug)
    if cycle.opened_at is not None:
        return _too_late(request, slug)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            drop_draft(cycle=cycle, by=requester(request).user, why=form.cleaned_data["why"])
            messages.success(request, _("The draft is deleted."))
            return redirect("schemes")
    return render(request, "scoring/drop.html", {"cycle": cycle, "form": form, "units": cycle.sheets.count()})
