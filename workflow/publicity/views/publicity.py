"""Publicity for the office: what can be published, until when it lasts, how it stands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, may, reads
from common import clock
from common.errors import DomainError
from common.ui.answers import refusals_on
from common.wording import say_instant
from scoring.models import Cycle
from scoring.services.workdays import working_days
from workflow.flow.cycles import counted_by_cycle, cycle_shown
from workflow.publicity.forms import NO, YES, PublishForm
from workflow.publicity.models import Objection
from workflow.publicity.queries.publicity import (
    boards_to_publish,
    objections_listed,
    publicities_with_counts,
    standing_of,
    units_to_publish,
)
from workflow.publicity.services.publicity import publish


@reads(Action.READ_BOARD)
def publicities(request: HttpRequest) -> HttpResponse:
    """What is to be published, what is public, and the objections, of one cycle."""
    now = clock.now()
    undecided = counted_by_cycle(Objection.objects.filter(decision=""), "sheet__cycle")
    to_publish = counted_by_cycle(boards_to_publish(), "track__cycle")
    work = {key: undecided.get(key, 0) + to_publish.get(key, 0) for key in undecided.keys() | to_publish.keys()}
    shown = cycle_shown(request, work=work, all_years=True)
    cycle = shown.cycle
    context = shown.context | {
        "boards": boards_to_publish().filter(track__cycle=cycle),
        "publicities": [(publicity, standing_of(publicity, now)) for publicity in publicities_with_counts(cycle)],
        "objections": objections_listed().filter(sheet__cycle=cycle),
        "undecided": undecided.get(cycle.pk, 0) if cycle else 0,
        "may_publish": may(requester(request), Action.RUN_CYCLE),
    }
    return render(request, "workflow/publicity/publicities.html", context)


def _ends(cycle: Cycle) -> dict[str, str]:
    """Both ways of counting, each with the end that follows from it. Raises DomainError for an unknown year."""
    texts = {
        NO: _("The day of publication does not count: until %(end)s"),
        YES: _("The day of publication counts: until %(end)s"),
    }
    ends = {
        key: working_days(clock.today(), cycle.publicity_working_days, count_first=key == YES).ends for key in texts
    }
    return {key: text % {"end": say_instant(ends[key], now=clock.now())} for key, text in texts.items()}


@asks(Action.RUN_CYCLE)
def publish_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show both ends and the units, then publish."""
    board = get_object_or_404(boards_to_publish(), pk=pk)
    cycle = board.track.cycle
    try:
        ends = _ends(cycle)
    except DomainError as error:
        return render(
            request,
            "workflow/publicity/publicity_new.html",
            {"board": board, "cycle": cycle, "problem": error.message},
            status=422,
        )
    form = PublishForm(request.POST or None, ends=ends, initial={"first_day": YES if cycle.count_first_day else NO})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            publicity = publish(board=board, count_first_day=form.count_first_day, by=requester(request).user)
            messages.success(request, _("The results are public."))
            return redirect("public-publicity", publicity.slug)
    context = {
        "board": board,
        "cycle": cycle,
        "form": form,
        "items": units_to_publish(board),
        "days": cycle.publicity_working_days,
    }
    return render(request, "workflow/publicity/publicity_new.html", context)
