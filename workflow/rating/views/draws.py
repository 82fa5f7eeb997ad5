"""One draw as those who read the cycle see it, and replacing somebody who can't be reached."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, may, reads
from accounts.posted import posts
from accounts.rules import not_own_unit
from common.ui.answers import refusals_on
from scoring.models import Draw
from workflow.rating.forms.drawings import ReplacementForm
from workflow.rating.queries.draws import Order, people_standing, roster_by_category, standing_in
from workflow.rating.services.replacements import replace_recipient

DRAWS = Draw.objects.select_related("sheet__unit", "sheet__cycle", "sheet__assessment", "drawing__cycle", "drawn_by")


@reads(Action.READ_CYCLE)
def draw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw: who stands, who was replaced and why, and everything by which anybody can redo it."""
    draw = get_object_or_404(DRAWS, pk=pk)
    order = standing_in(draw)
    return _page(request, draw, order, ReplacementForm(people_standing(draw, order)))


@posts(Action.RUN_CYCLE, "draw", "pk")
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the next reserve come in for somebody who can't be reached."""
    draw = get_object_or_404(DRAWS, pk=pk)
    order = standing_in(draw)
    form = ReplacementForm(people_standing(draw, order), request.POST)
    if form.is_valid():
        with refusals_on(form):
            replaced = replace_recipient(draw=draw, by=requester(request).user, **form.cleaned_data)
            messages.success(request, _("%(id)s comes in, and gets a link.") % {"id": replaced.in_id})
            return redirect("draw", pk)
    return _page(request, draw, order, form)


def _page(request: HttpRequest, draw: Draw, order: Order, form: ReplacementForm) -> HttpResponse:
    actor = requester(request)
    replaces = may(actor, Action.RUN_CYCLE) and draw.superseded_at is None and bool(order.waiting)
    why_not = not_own_unit.refusal(actor, draw.sheet) if replaces else ""
    context = {
        "draw": draw,
        "sheet": draw.sheet,
        "cycle": draw.sheet.cycle,
        "categories": roster_by_category(draw.sheet_id),
        "people": form.people,
        "waiting": order.waiting,
        "replacements": draw.replacements.select_related("by"),
        "form": form if replaces and not why_not else None,
        "why_not": why_not,
    }
    return render(request, "workflow/rating/draw.html", context)
