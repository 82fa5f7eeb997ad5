"""The review grid of a track: all units by the parts that a department answers for, saved as it is typed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import requester
from accounts.permissions import Action, requires
from common.errors import DomainError
from common.ui.answers import is_autosave, saved
from scoring.wording import say_points
from workflow.flow.cycles import at_cycle, cycle_shown
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.review.forms.review_grid import ReviewGridForm
from workflow.review.queries.review import open_reviews
from workflow.review.queries.review_grid import Grid, Row, grid_of, tracks_reviewed_by
from workflow.review.services.review import save_review


@requires(Action.REVIEW)
@require_http_methods(["GET", "POST"])
def review_grid(request: HttpRequest, code: str) -> HttpResponse:
    """Every unit of the track in one dense table, by keyboard; two cycles may have a track of this code."""
    actor = requester(request)
    tracks = list(tracks_reviewed_by(actor))
    by_cycle = {track.cycle: track for track in tracks if track.code == code}
    work = counted_by_cycle(open_reviews(actor).filter(process__sheet__track__in=by_cycle.values()))
    shown = cycle_shown(request, work=work, among=list(by_cycle))
    if shown.cycle is None:
        raise Http404
    track = by_cycle[shown.cycle]
    grid = grid_of(actor, track)
    form = ReviewGridForm(grid, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        errors, touched = _save(request, form)
        if is_autosave(request):
            fresh = grid_of(actor, track)
            return saved(errors, {f"#sum-{row.task.pk}": _sum(row) for row in fresh.rows if row.task.pk in touched})
        if not errors:
            messages.success(request, _("The review is saved."))
            return redirect(at_cycle("review-grid", shown.cycle, code))
    beside = [one for one in tracks if one.cycle == shown.cycle]
    context = shown.context | {"grid": grid, "rows": _shown(grid, form), "form": form, "tracks": beside}
    return render(request, "workflow/review/review_grid.html", context)


def _save(request: HttpRequest, form: ReviewGridForm) -> tuple[dict[str, str], set[int]]:
    """Keep the cells that are right; returns what is wrong by field, and the tasks that changed."""
    form.is_valid()
    errors = {name: str(problems[0]) for name, problems in form.errors.items()}
    touched = set()
    for task, given in form.changes():
        for code, value in given.items():
            try:
                save_review(task=task, given={code: value}, by=requester(request).user)
                touched.add(task.pk)
            except DomainError as error:
                name = f"value-{task.pk}-{code}"
                errors[name] = str(error.message)
                form.add_error(name, str(error.message))
    return errors, touched


def _sum(row: Row) -> str:
    return format_html('<output id="sum-{}">{}</output>', row.task.pk, say_points(row.given))


def _shown(grid: Grid, form: ReviewGridForm) -> list[dict[str, object]]:
    """The rows with what was typed, and what is wrong with it."""
    rows = []
    for row in grid.rows:
        cells = []
        for column, cell in zip(grid.columns, row.cells, strict=True):
            name = cell.name if cell else ""
            kept = say_points(cell.line.reviewed) if cell and cell.line.reviewed is not None else ""
            error = str(form.errors[name][0]) if form.is_bound and name in form.errors else ""
            value = form.data.get(name, kept) if form.is_bound else kept
            cells.append({"column": column, "cell": cell, "value": value, "error": error})
        rows.append({"row": row, "cells": cells})
    return rows
