"""The cycle at a glance: where every unit stands, who is late, and the list as a file."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actors import requester
from accounts.permissions import Action, may, requires
from common.tables.written import csv_lines
from common.tallies import Tally, counted
from common.ui.downloads import attachment
from common.wording import spoken_instant
from scoring.models import Cycle
from scoring.wording import say_score
from workflow.flow.cycles import counted_by_cycle, cycle_shown, cycle_tabs
from workflow.flow.models import Assessment
from workflow.flow.queries.visibility import tasks_for
from workflow.office.forms import FilterForm
from workflow.office.queries.attention import attention_of, faults_counted
from workflow.office.queries.dashboard import (
    MATCHING,
    Listed,
    narrowed_to,
    progress_counted,
    progress_of,
    row_of,
    standing,
)
from workflow.office.services.opening import what_keeps_from_opening

A_PAGE = 50


@requires(Action.READ_CYCLE)
@require_GET
def current(request: HttpRequest) -> HttpResponse:
    """The oldest cycle with work for this person, else the newest that runs; without any, where one begins."""
    cycles = list(Cycle.objects.order_by("-year", "-pk"))
    shown = cycle_shown(request, among=cycles, work=counted_by_cycle(tasks_for(requester(request))))
    if shown.cycle is not None:
        return redirect("cycle", shown.cycle.slug)
    return render(
        request, "workflow/office/dashboard_none.html", {"may_run": may(requester(request), Action.RUN_CYCLE)}
    )


@requires(Action.READ_CYCLE)
@require_GET
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Where every unit of the cycle stands."""
    cycles = list(Cycle.objects.select_related("scheme").defer("scheme__body").order_by("-year", "-pk"))
    cycle = next((cycle for cycle in cycles if cycle.slug == slug), None)
    if cycle is None:
        raise Http404
    may_run = may(requester(request), Action.RUN_CYCLE)
    tabs = cycle_tabs(cycles, cycle, work={}, url=lambda cycle: reverse("cycle", args=[cycle.slug]))
    if cycle.opened_at is None:
        draft = {
            "cycle": cycle,
            "cycle_tabs": tabs,
            "keeps": what_keeps_from_opening(cycle),
            "may_run": may_run,
            "units": cycle.sheets.count(),
        }
        return render(request, "workflow/office/dashboard_draft.html", draft)
    tracks = list(cycle.tracks.all())
    form = FilterForm(tracks, request.GET)
    wanted = form.wanted()
    filtered = any(wanted.values())
    counts = counted(
        [
            *progress_counted(cycle),
            *([Tally(MATCHING, narrowed_to(cycle, **wanted), "sheet__track")] if filtered else []),
            *(faults_counted(cycle) if may_run else []),
        ]
    )
    progress = progress_of(tracks, counts)
    many = {each.track: counts[MATCHING][each.track.pk] if filtered else each.total for each in progress}
    listed: Paginator[Any] = Paginator(cast(Any, Listed(standing(cycle, **wanted), many)), A_PAGE)
    page = listed.get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "cycle_tabs": tabs,
        "form": form,
        "page": page,
        "rows": [row_of(assessment) for assessment in page],
        "tracks": progress,
        "total": sum(track.total for track in progress),
        "late": sum(track.late for track in progress),
        "may_run": may_run,
        "can_act": may_run and cycle.is_open,
        "filtered": filtered,
        "query": _query(request),
        "attention": attention_of(cycle, counts) if may_run else None,
    }
    return render(request, "workflow/office/dashboard.html", context)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@requires(Action.READ_CYCLE)
@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The list as shown, filters included, as a `.csv` that a spreadsheet opens: UTF-8 with its mark, no formulas."""
    cycle = get_object_or_404(Cycle, slug=slug, opened_at__isnull=False)
    head = [_("Code"), _("Unit"), _("Track"), _("Step"), _("Late"), _("With"), _("Due"), _("Total")]
    rows = map(_cells, standing(cycle, **FilterForm(cycle.tracks.all(), request.GET).wanted()))
    response = HttpResponse(csv_lines([head, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = attachment(f"units-{slug}.csv")
    return response


def _cells(assessment: Assessment) -> list[str]:
    row, sheet = row_of(assessment), assessment.sheet
    due = spoken_instant(row.due, year=True) if row.due else ""
    late = _("late") if row.state == "late" else ""
    total = say_score(sheet.total) if sheet.total is not None else ""
    return [sheet.unit.code, row.unit, row.track, row.step, late, "、".join(row.holders), due, total]
