"""The signature of a board, and the sealed list for whoever wants to verify it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, reads
from common.errors import DomainError
from common.ui.downloads import attachment
from scoring.engine.scheme import canonical_json
from workflow.board.forms import SignForm
from workflow.board.queries.boards import lines_of_board
from workflow.board.queries.figures import grade_counts
from workflow.board.queries.sealed import digest_of
from workflow.board.rules import signs
from workflow.board.services.signing import sign_board
from workflow.board.views.board import BOARDS, board_page
from workflow.bulk.models import BulkKind
from workflow.bulk.queries import being_worked_off


@asks(Action.SIGN_BOARD)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the password and sign what was seen; what has changed meanwhile is shown again."""
    board = get_object_or_404(BOARDS, pk=pk)
    if refusal := signs.refusal(requester(request), board):
        messages.error(request, refusal)
        return redirect("board", pk)
    form = SignForm(request.POST if "password" in request.POST else None, request=request)
    if form.is_bound and form.is_valid():
        try:
            sign_board(board=board, seen=form.cleaned_data["seen"], by=requester(request).user)
        except DomainError as error:
            messages.error(request, str(error.message))
            return board_page(request, get_object_or_404(BOARDS, pk=pk), {"": str(error.message)})
        messages.success(request, _("The board is signed."))
        run = being_worked_off(board.track.cycle, BulkKind.SIGN_OFF)
        return redirect("bulk-run", run.pk) if run else redirect("board", pk)
    lines = list(lines_of_board(board))
    stands = digest_of(board, lines=lines)
    seen = request.POST.get("seen") or request.GET.get("seen") or stands
    if seen != stands:
        messages.error(request, _("The list has changed since you saw it. Please look at it again."))
        return redirect("board", pk)
    context = {
        "board": board,
        "cycle": board.track.cycle,
        "form": form,
        "lines": lines,
        "seen": seen,
        "counts": grade_counts(board, lines),
    }
    return render(request, "workflow/board/board_sign.html", context)


@reads(Action.READ_BOARD)
def sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed list byte by byte: its SHA-256 is the fingerprint on the page."""
    board = get_object_or_404(BOARDS.exclude(signed_at=None), pk=pk)
    name = f"board-{board.track.cycle.slug}-{board.track.code}-{board.version}.json"
    return HttpResponse(
        canonical_json(board.sealed or {}),
        content_type="application/json",
        headers={"Content-Disposition": attachment(name)},
    )
