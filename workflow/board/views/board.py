"""One version of a track's list: graded as one chooses, lines of it returned."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.permissions import Action, may, reads
from accounts.posted import posts
from common import clock
from common.errors import DomainError
from common.numbers import key_in
from common.ui.answers import is_autosave, is_confirmed, refusals_on, tell
from common.ui.asked import ticked
from common.ui.fields import ReasonForm
from common.ui.tabs import Tab
from workflow.board.models import Board
from workflow.board.queries.boards import beside_board, current_boards, lines_of_board
from workflow.board.queries.changes import changes_since_before
from workflow.board.queries.figures import distribution, grade_counts, middle_of
from workflow.board.queries.quotas import quotas_said
from workflow.board.queries.rows import GRADE, component_labels, rows_of
from workflow.board.queries.sealed import digest_of
from workflow.board.rules import grades_line, signs
from workflow.board.services.grading import BY_TOTAL, set_grades
from workflow.board.services.signing import return_lines

BOARDS = Board.objects.select_related("track__cycle__scheme", "submitted_by", "signed_by").defer(
    "track__cycle__scheme__body"
)


@reads(Action.READ_BOARD)
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of a track's list."""
    return board_page(request, get_object_or_404(BOARDS, pk=pk))


def board_page(request: HttpRequest, board: Board, errors: Mapping[str, str] | None = None) -> HttpResponse:
    """The page of a board, with what is wrong by the name of its field ("" for the board as a whole)."""
    actor = requester(request)
    rows = rows_of(board, why_not=lambda line: grades_line.refusal(actor, line))
    lines = [row.line for row in rows]
    totals = [line.total for line in lines if line.total is not None]
    beside = list(beside_board(board.track))
    before, changes = changes_since_before(board, lines)
    context = {
        "board": board,
        "cycle": board.track.cycle,
        "rows": rows,
        "buckets": distribution(totals),
        "median": middle_of(totals),
        "before": before,
        "changes": changes,
        "beside": beside,
        "tabs": _tabs(board),
        "labels": component_labels(board.track.rules),
        "may_edit": board.is_open and may(actor, Action.EDIT_BOARD),
        "may_sign": board.is_open and signs.allows(actor, board),
        "must_not_sign": signs.refusal(actor, board) if board.is_open and may(actor, Action.SIGN_BOARD) else "",
        "may_submit": may(actor, Action.RUN_CYCLE),
        "errors": errors or {},
        "digest": digest_of(board, lines=lines, beside=beside),
        "counts": grade_counts(board, lines),
        "quotas": quotas_said(board),
        "grades": board.track.cycle.scheme.rules.grades,
        "by_total": BY_TOTAL if board.track.cycle.scheme.rules.grade_bands else "",
    }
    return render(request, "workflow/board/board.html", context, status=422 if errors else 200)


def _tabs(shown: Board) -> list[Tab]:
    """One tab for each track: the open version stands for it, or else the one in force."""
    latest = {board.track: board for board in current_boards(shown.track.cycle)}
    return [
        Tab(reverse("board", args=[board.pk]), track.name, current=track == shown.track)
        for track, board in latest.items()
    ]


@posts(Action.EDIT_BOARD, "board", "pk")
def grades(request: HttpRequest, pk: int) -> HttpResponse:
    """Give grades: all at once, or one as it is chosen."""
    board = get_object_or_404(BOARDS, pk=pk)
    seen, stood = request.POST.get("version", ""), digest_of(board)
    errors = _save(request, board)
    if is_autosave(request):
        # Whoever has not seen what another person changed meanwhile keeps their old version: signing will say so.
        return _answer(board, errors, version=digest_of(board) if seen == stood else seen)
    for words in dict.fromkeys(errors.values()):
        messages.error(request, words)
    if errors:
        return board_page(request, board, errors)
    messages.success(request, _("The grades are saved."))
    return redirect("board", pk)


def _save(request: HttpRequest, board: Board) -> dict[str, str]:
    """Keep each grade that is right; what is wrong, by the name of its field."""
    try:
        saved = set_grades(
            board=board, grades=_given(request), rest=request.POST.get("fill", ""), by=requester(request).user
        )
    except DomainError as error:
        return {"": str(error.message)}
    return {f"{GRADE}{line}": words for line, words in saved.refused.items()}


def _given(request: HttpRequest) -> dict[int, str]:
    """Line id → grade, as it was sent."""
    sent = request.POST.getlist("changed") or list(request.POST)
    lines = {name: key_in(name.removeprefix(GRADE)) for name in sent if name.startswith(GRADE)}
    return {line: request.POST.get(name, "") for name, line in lines.items() if line is not None}


def _answer(board: Board, errors: Mapping[str, str], version: str) -> JsonResponse:
    counts = render_to_string("workflow/board/board_counts.html", {"counts": grade_counts(board, board.lines.all())})
    seen = render_to_string("workflow/board/board_seen.html", {"digest": version})
    answer: dict[str, Any] = {"version": version, "errors": errors, "html": {"#counts": counts, "#seen": seen}}
    if not errors:
        answer["saved_at"] = f"{clock.now().astimezone(clock.BEIJING):%H:%M}"
    return JsonResponse(answer, status=422 if errors else 200)


@posts(Action.EDIT_BOARD, "board", "pk")
def return_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which units go back to consolidation, ask why, then return them."""
    board = get_object_or_404(BOARDS, pk=pk)
    chosen = list(lines_of_board(board).filter(pk__in=ticked(request.POST)))
    if not chosen:
        messages.error(request, _("No row was chosen."))
        return redirect("board", pk)
    form = ReasonForm(request.POST if is_confirmed(request) else None)
    if form.is_valid():
        with refusals_on(form):
            dealt = return_lines(
                board=board,
                line_ids=[line.pk for line in chosen],
                why=form.cleaned_data["why"],
                by=requester(request).user,
            )
            tell(request, dealt, done=_returned, name=lambda line: line.sheet.unit_name)
            return redirect("board", pk)
    context = {
        "board": board,
        "cycle": board.track.cycle,
        "keys": [line.pk for line in chosen],
        "items": [{"label": line.sheet.unit_name, "note": line.total} for line in chosen],
        "form": form,
        "keep": f"return-{board.pk}",
    }
    return render(request, "workflow/board/board_return.html", context)


def _returned(count: int) -> str:
    return ngettext("%(count)d unit was returned.", "%(count)d units were returned.", count) % {"count": count}
