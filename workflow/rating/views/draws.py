"""The office's draws of service recipients."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.actors import requester
from accounts.permissions import Action, requires
from accounts.posted import posted_from
from accounts.rules import not_own_unit
from common.errors import DomainError
from common.ui.ticked import ticked
from documents.services.public_roster import as_csv, public_rows
from scoring.engine.errors import EngineErrors
from scoring.models import Draw
from workflow.flow.cycles import carried, cycle_shown
from workflow.flow.models import Assessment
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.rating.forms import DrawForm
from workflow.rating.queries import roster_by_category, undrawn, waiting_for_recipients
from workflow.rating.services.draws import draw_recipients, seed_of


@requires(Action.RUN_CYCLE)
@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """Which units wait for a draw, which are drawn, and how many have rated."""
    shown, actor = cycle_shown(request, work=counted_by_cycle(undrawn())), requester(request)
    rows: list[dict[str, Any]] = [
        {"assessment": assessment, "why_not": not_own_unit.refusal(actor, assessment.sheet)}
        for assessment in waiting_for_recipients(shown.cycle)
    ]
    context = {"rows": rows, "undrawn": sum(not row["assessment"].sheet.drawn for row in rows)}
    return render(request, "workflow/rating/draws.html", shown.context | context)


def _chosen(request: HttpRequest) -> list[Assessment]:
    wanted = waiting_for_recipients()
    chosen = list(wanted.filter(pk__in=ticked(request.POST)))
    return [one for one in chosen if not one.sheet.drawn]


@requires(Action.RUN_CYCLE)
@posted_from("draws")
def draw_many(request: HttpRequest) -> HttpResponse:
    """Show how many and which, then draw."""
    chosen = _chosen(request)
    form = DrawForm(request.POST if "confirmed" in request.POST else None)
    if "confirmed" in request.POST and form.is_valid() and _drawn(request, chosen, form):
        return redirect(carried(request, "draws"))
    items = [{"label": one.sheet.unit_name, "note": one.roster_size} for one in chosen]
    context = {"chosen": chosen, "items": items, "form": form, "cycle": chosen[0].sheet.cycle if chosen else None}
    return render(request, "workflow/rating/draw_confirm.html", context)


def _drawn(request: HttpRequest, chosen: list[Assessment], form: DrawForm) -> bool:
    try:
        seed = seed_of(form.cleaned_data["seed_lines"])
        made = draw_recipients(assessments=chosen, by=requester(request).user, seed=seed)
    except DomainError as error:
        form.add_error(error.field, str(error.message))
        return False
    except EngineErrors as errors:
        form.add_error("seed_lines", [error.text(_) for error in errors])
        return False
    text = ngettext("Drawn for %(count)d unit.", "Drawn for %(count)d units.", len(made)) % {"count": len(made)}
    messages.success(request, text)
    return True


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
