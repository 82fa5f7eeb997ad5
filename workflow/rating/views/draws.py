"""The office's draws of service recipients."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.actors import requester
from accounts.permissions import Action, requires
from accounts.posted import posted_from
from common.ui.confirming import is_confirmed, tell
from common.ui.ticked import ticked
from documents.services.public_roster import as_csv, public_rows
from scoring.models import Draw
from workflow.flow.cycles import carried, cycle_shown
from workflow.flow.models import Assessment
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.rating.forms.draws import DrawForm
from workflow.rating.queries.draws import roster_by_category, undrawn, waiting_for_recipients
from workflow.rating.services.draws import draw_recipients


@requires(Action.RUN_CYCLE)
@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """Which units wait for a draw, which are drawn, and how many have rated."""
    shown = cycle_shown(request, work=counted_by_cycle(undrawn()))
    units = waiting_for_recipients(requester(request), shown.cycle)
    context = {"rows": units, "undrawn": sum(unit.draw is None for unit in units)}
    return render(request, "workflow/rating/draws.html", shown.context | context)


@requires(Action.RUN_CYCLE)
@posted_from("draws")
def draw_many(request: HttpRequest) -> HttpResponse:
    """Show how many and which, then draw."""
    asked = waiting_for_recipients(requester(request), among=ticked(request.POST))
    chosen = [unit for unit in asked if unit.draw is None]
    if not chosen:
        messages.error(request, _("No unit was chosen that can still be drawn for."))
        return redirect(carried(request, "draws"))
    form = DrawForm(request.POST if is_confirmed(request) else None)
    if form.is_valid():
        dealt = draw_recipients(
            assessments=[unit.assessment for unit in chosen],
            by=requester(request).user,
            seed=form.cleaned_data["seed_lines"],
        )
        tell(request, dealt, done=_drawn, name=lambda assessment: assessment.sheet.unit_name)
        if dealt.done:
            return redirect(carried(request, "draws"))
    context = {
        "keys": [unit.assessment.pk for unit in chosen],
        "items": [{"label": unit.assessment.sheet.unit_name, "note": unit.people} for unit in chosen],
        "form": form,
        "keep": "draw",
        "cycle": chosen[0].assessment.sheet.cycle,
    }
    return render(request, "workflow/rating/draw_confirm.html", context)


def _drawn(count: int) -> str:
    return ngettext("Drawn for %(count)d unit.", "Drawn for %(count)d units.", count) % {"count": count}


@requires(Action.READ_CYCLE)
@require_GET
def draw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw: everything by which anybody can redo it."""
    draw = get_object_or_404(Draw.objects.select_related("sheet__unit", "sheet__cycle", "drawn_by"), pk=pk)
    return render(
        request,
        "workflow/rating/draw.html",
        {"draw": draw, "sheet": draw.sheet, "cycle": draw.sheet.cycle, "categories": roster_by_category(draw.sheet_id)},
    )


@requires(Action.READ_CYCLE)
@require_GET
def public_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The public roster of an assessment as CSV: ids and commitments, nobody's name."""
    assessment = get_object_or_404(Assessment.objects.select_related("sheet__unit", "sheet__cycle"), pk=pk)
    draw = assessment.sheet.draws.first()
    name = f"roster-{assessment.sheet.cycle.year}-{assessment.pk}.csv"
    content = draw.public_roster if draw else as_csv(public_rows(assessment.sheet))
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
