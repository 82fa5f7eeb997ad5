"""The boards of a cycle: where each track stands, its list with grades, its return and its signature."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import requester
from accounts.permissions import Action, may, requires
from accounts.posted import posted_from
from common import clock
from common.errors import DomainError
from common.numbers import key_in
from scoring.engine.scheme import canonical_json
from scoring.models import Track
from workflow.board.forms import ReturnForm, SignForm, SubmitBoardForm
from workflow.board.models import Board
from workflow.board.queries import page as board_page
from workflow.board.queries.boards import (
    beside_board,
    current_boards,
    lines_of_board,
    not_yet_on_board,
    on_board,
    tracks_standing,
)
from workflow.board.rules import grades_line, signs
from workflow.board.services import digest_of, fill_grades, return_lines, set_grades, sign_board, submit_board
from workflow.flow.cycles import cycle_shown
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.flow.queries.process import open_tasks

GRADE = "grade-"  # with a line's key behind it, the name of its input
BOARDS = Board.objects.select_related("track__cycle__scheme", "submitted_by", "signed_by")


@requires(Action.READ_BOARD)
@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """Each track: how many wait for approval, how many do not yet, and its board."""
    shown = cycle_shown(request, work=counted_by_cycle(open_tasks("approval")), all_years=True)
    cycle = shown.cycle
    tracks = list(tracks_standing(cycle)) if cycle else []
    latest: dict[int, Board] = {}
    for board in current_boards([track.pk for track in tracks]).order_by("version"):
        latest[board.track_id] = board
    rows = [{"track": track, "board": latest.get(track.pk), "on_way": _on_way(track)} for track in tracks]
    may_submit = may(requester(request), Action.RUN_CYCLE)
    return render(request, "workflow/board/boards.html", shown.context | {"rows": rows, "may_submit": may_submit})


def _on_way(track: Any) -> int:
    on_way: int = track.units - track.waiting - track.approved - track.beside
    return on_way


@requires(Action.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, track_pk: int) -> HttpResponse:
    """Show who will stand on the board and who not, then submit it."""
    track = get_object_or_404(Track.objects.select_related("cycle").exclude(cycle__opened_at=None), pk=track_pk)
    not_yet = list(not_yet_on_board(track))
    form = SubmitBoardForm(request.POST or None, on_their_way=len(not_yet))
    if request.method == "POST" and form.is_valid():
        try:
            board = submit_board(track=track, by=requester(request).user)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Version %(version)d was submitted.") % {"version": board.version})
            return redirect("board", board.pk)
    ranked = [{"label": sheet.unit_name, "note": sheet.total} for sheet in on_board(track)]
    missing = [{"label": sheet.unit_name, "note": sheet.assessment.get_step_display()} for sheet in not_yet]
    context = {"track": track, "cycle": track.cycle, "form": form, "ranked": ranked, "missing": missing}
    return render(request, "workflow/board/board_submit.html", context)


@requires(Action.READ_BOARD)
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of a track's list."""
    return _page(request, get_object_or_404(BOARDS, pk=pk))


def _page(request: HttpRequest, board: Board, errors: dict[str, str] | None = None) -> HttpResponse:
    actor = requester(request)
    rows = [replace(row, why_not=grades_line.refusal(actor, row.line)) for row in board_page.rows_of(board)]
    totals = [row.line.total for row in rows if row.line.total is not None]
    before, changes = board_page.changes_since_before(board)
    is_open = board.signed_at is None and board.superseded_at is None
    tabs = [
        {"url": reverse("board", args=[one.pk]), "label": one.track.name, "current": one.track == board.track}
        for one in current_boards(list(board.track.cycle.tracks.values_list("pk", flat=True))).order_by(
            "track__position", "version"
        )
    ]
    context = {
        "board": board,
        "cycle": board.track.cycle,
        "rows": rows,
        "buckets": board_page.distribution(totals),
        "median": board_page.middle_of(totals),
        "before": before,
        "changes": changes,
        "beside": list(beside_board(board.track)),
        "tabs": _latest(tabs),
        "labels": board_page.component_labels(board_page.rules_of_board(board)),
        "open": is_open,
        "may_edit": is_open and may(actor, Action.EDIT_BOARD),
        "may_sign": is_open and signs.allows(actor, board),
        "must_not_sign": signs.refusal(actor, board) if is_open and may(actor, Action.SIGN_BOARD) else "",
        "may_submit": may(actor, Action.RUN_CYCLE),
        "errors": errors or {},
        "digest": digest_of(board),
        "counts": board_page.grade_counts(board, rows),
        "grades": board.track.cycle.scheme.rules.grades,
    }
    return render(request, "workflow/board/board.html", context, status=422 if errors else 200)


def _latest(tabs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One tab for each track: the open version stands for it, or else the one in force."""
    return list({tab["label"]: tab for tab in tabs}.values())


def _given(request: HttpRequest) -> dict[int, str]:
    """Line id → grade, as it was sent."""
    sent = request.POST.getlist("changed") or list(request.POST)
    lines = {name: key_in(name.removeprefix(GRADE)) for name in sent if name.startswith(GRADE)}
    return {line: request.POST.get(name, "") for name, line in lines.items() if line is not None}


@requires(Action.EDIT_BOARD)
@posted_from("board", "pk")
def grades(request: HttpRequest, pk: int) -> HttpResponse:
    """Give grades: all at once, or one as it is chosen."""
    board = get_object_or_404(BOARDS, pk=pk)
    seen, stood = request.POST.get("version", ""), digest_of(board)
    error = None
    try:
        set_grades(board=board, grades=_given(request), by=requester(request).user)
        if request.POST.get("fill"):
            fill_grades(board=board, grade=request.POST["fill"], by=requester(request).user)
    except DomainError as caught:
        error = caught
    if request.headers.get("X-Requested-With") == "autosave":
        # Whoever has not seen what another person changed meanwhile keeps their old version: signing will say so.
        return _saved(board, error, digest_of(board) if seen == stood else seen)
    if error is not None:
        messages.error(request, str(error.message))
        return _page(request, board, {error.field or "": str(error.message)})
    messages.success(request, _("The grades are saved."))
    return redirect("board", pk)


def _saved(board: Board, error: DomainError | None, version: str) -> JsonResponse:
    rows = board_page.rows_of(board)
    counts = render_to_string("workflow/board/board_counts.html", {"counts": board_page.grade_counts(board, rows)})
    seen = render_to_string("workflow/board/board_seen.html", {"digest": version})
    answer: dict[str, Any] = {"version": version, "html": {"#counts": counts, "#seen": seen}}
    answer["errors"] = {error.field or "": str(error.message)} if error else {}
    if error is None:
        answer["saved_at"] = f"{clock.now().astimezone(clock.BEIJING):%H:%M}"
    return JsonResponse(answer, status=422 if error else 200)


@requires(Action.EDIT_BOARD)
@posted_from("board", "pk")
def return_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which units go back to consolidation, ask why, then return them."""
    board = get_object_or_404(BOARDS, pk=pk)
    chosen = [line for line in lines_of_board(board) if str(line.pk) in request.POST.getlist("ids")]
    form = ReturnForm(request.POST if "confirmed" in request.POST else None)
    if "confirmed" in request.POST and form.is_valid():
        try:
            count = return_lines(
                board=board, line_ids=[line.pk for line in chosen], why=form.cleaned_data["why"],
                by=requester(request).user,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            text = ngettext("%(count)d unit was returned.", "%(count)d units were returned.", count)
            messages.success(request, text % {"count": count})
            return redirect("board", pk)
    items = [{"label": line.sheet.unit_name, "note": line.total} for line in chosen]
    return render(
        request,
        "workflow/board/board_return.html",
        {"board": board, "cycle": board.track.cycle, "chosen": chosen, "items": items, "form": form},
    )


@requires(Action.SIGN_BOARD)
@require_http_methods(["GET", "POST"])
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
            return _page(request, get_object_or_404(BOARDS, pk=pk), {"": str(error.message)})
        messages.success(request, _("The board is signed."))
        return redirect("board", pk)
    rows = board_page.rows_of(board)
    seen = request.POST.get("seen") or request.GET.get("seen") or digest_of(board)
    if seen != digest_of(board):
        messages.error(request, _("The list has changed since you saw it. Please look at it again."))
        return redirect("board", pk)
    context = {
        "board": board,
        "cycle": board.track.cycle,
        "form": form,
        "rows": rows,
        "seen": seen,
        "counts": board_page.grade_counts(board, rows),
    }
    return render(request, "workflow/board/board_sign.html", context)


@requires(Action.READ_BOARD)
@require_GET
def sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed list byte by byte: its SHA-256 is the fingerprint on the page."""
    board = get_object_or_404(BOARDS.exclude(signed_at=None), pk=pk)
    name = f"board-{board.track.cycle.year}-{board.track.code}-{board.version}.json"
    return HttpResponse(
        canonical_json(board.sealed or {}),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
