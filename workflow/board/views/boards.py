"""The boards of a cycle: where each track stands, and the office's submission of its list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, may, reads
from common.ui.answers import refusals_on
from scoring.models import Track
from workflow.board.forms import SubmitBoardForm
from workflow.board.queries.boards import not_yet_on_board, on_board, tracks_standing
from workflow.board.services.submitting import submit_board
from workflow.flow.cycles import counted_by_cycle, cycle_shown
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks


@reads(Action.READ_BOARD)
def boards(request: HttpRequest) -> HttpResponse:
    """Each track: how many wait for approval, how many do not yet, and its board."""
    shown = cycle_shown(request, work=counted_by_cycle(open_tasks(Node.APPROVAL)), all_years=True)
    context = {
        "rows": tracks_standing(shown.cycle) if shown.cycle else [],
        "may_submit": may(requester(request), Action.RUN_CYCLE),
    }
    return render(request, "workflow/board/boards.html", shown.context | context)


@asks(Action.RUN_CYCLE)
def submit(request: HttpRequest, track_pk: int) -> HttpResponse:
    """Show who will stand on the board and who not, then submit it."""
    track = get_object_or_404(Track.objects.select_related("cycle").exclude(cycle__opened_at=None), pk=track_pk)
    not_yet = list(not_yet_on_board(track))
    form = SubmitBoardForm(request.POST or None, on_their_way=len(not_yet))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            board = submit_board(track=track, by=requester(request).user)
            messages.success(request, _("Version %(version)s was submitted.") % {"version": board.version})
            return redirect("board", board.pk)
    ranked = [{"label": sheet.unit_name, "note": sheet.total} for sheet in on_board(track)]
    missing = [{"label": sheet.unit_name, "note": sheet.assessment.get_step_display()} for sheet in not_yet]
    context = {"track": track, "cycle": track.cycle, "form": form, "ranked": ranked, "missing": missing}
    return render(request, "workflow/board/board_submit.html", context)
