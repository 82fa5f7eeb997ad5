"""The office sets a cycle's dates and options, opens it, closes it."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.permissions import Action, asks
from common.tallies import counted
from common.ui.answers import refusals_on, refusals_told
from scoring.forms.cycles import PlanForm, plan_initial
from scoring.models import Cycle
from scoring.services.cycles import default_plan
from workflow.board.queries.quotas import are_answered, proposed, said_for
from workflow.bulk.views import answer
from workflow.office.queries.attention import not_begun, opening_of
from workflow.office.queries.dashboard import progress_counted, progress_of
from workflow.office.services.closing import close_cycle, still_running
from workflow.office.services.opening import open_cycle, what_keeps_from_opening
from workflow.office.services.plan import keep_settings


@asks(Action.RUN_CYCLE)
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Planned dates of every step, the rating window, how publicity counts, quotas; desks and holidays beside it."""
    cycle = get_object_or_404(Cycle.objects.select_related("scheme"), slug=slug, scheme__isnull=False)
    plan, known = default_plan(cycle)
    from_notice = proposed(cycle)
    form = PlanForm(cycle, request.POST or None, initial=plan_initial(cycle, plan, from_notice))
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            moved = keep_settings(cycle=cycle, by=requester(request).user, **form.settings())
            messages.success(request, _("The settings are saved."))
            if moved:
                text = ngettext("%d open task follows the new dates.", "%d open tasks follow the new dates.", moved)
                messages.info(request, text % moved)
            return redirect("cycle-settings", slug)
    tracks = cycle.tracks.select_related("desk").prefetch_related("responsibilities__department")
    context = {
        "cycle": cycle,
        "form": form,
        "known": known,
        "tracks": tracks,
        "planned": cycle.planned_steps.exists(),
        "quotas_said": said_for(cycle, from_notice),
        "quotas_answered": are_answered(cycle, from_notice),
    }
    return render(request, "workflow/office/cycle_settings.html", context)


def _opened(_count: int) -> str:
    return _("The cycle is open: every unit can evaluate itself now.")


@asks(Action.RUN_CYCLE)
def opening(request: HttpRequest, slug: str) -> HttpResponse:
    """What keeps the cycle from opening, and what will happen; then open it, or go on with what has not begun."""
    cycle = get_object_or_404(Cycle, slug=slug)
    if request.method == "POST":
        with refusals_told(request):
            run = open_cycle(cycle=cycle, by=requester(request).user)
            return answer(request, run, done=_opened, back=reverse("cycle", args=[slug]))
    if unfinished := opening_of(cycle):
        return redirect("bulk-run", unfinished.pk)
    total = not_begun(cycle).count()
    if cycle.opened_at is not None and not total:
        return redirect("cycle", slug)
    still_to_begin = Count("sheets", filter=Q(sheets__assessment=None))
    context = {
        "cycle": cycle,
        "keeps": what_keeps_from_opening(cycle) if cycle.opened_at is None else [],
        "tracks": cycle.tracks.select_related("desk").annotate(units=still_to_begin),
        "total": total,
        "planned": cycle.planned_steps.exists(),
    }
    return render(request, "workflow/office/cycle_open.html", context)


@asks(Action.RUN_CYCLE)
def closing(request: HttpRequest, slug: str) -> HttpResponse:
    """What is still running; then close the cycle."""
    cycle = get_object_or_404(Cycle, slug=slug, opened_at__isnull=False)
    if request.method == "POST":
        with refusals_told(request):
            close_cycle(cycle=cycle, by=requester(request).user)
            messages.success(request, _("The cycle is closed."))
            return redirect("cycle", slug)
    tracks = progress_of(cycle.tracks.all(), counted(progress_counted(cycle)))
    context = {"cycle": cycle, "running": still_running(cycle), "tracks": tracks}
    return render(request, "workflow/office/cycle_close.html", context)
