"""The review grid of a track: all units by the parts that a department answers for, saved as it is typed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, requires
from common.numbers import key_in
from common.ui.answers import is_autosave, saved, wrong_in
from scoring.wording import say_points
from workflow.flow.cycles import at_cycle, cycle_shown
from workflow.flow.models import Task
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.review.forms.review_grid import ReviewGridForm
from workflow.review.queries.review import open_reviews, points_given
from workflow.review.queries.review_grid import grid_of, rows_shown, tracks_reviewed_by
from workflow.review.services.points import save_reviews


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
    named = _reviews_named(request.POST) if is_autosave(request) else None
    grid = grid_of(actor, track, only=named)
    form = ReviewGridForm(grid, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        touched = _save(form, actor.user)
        if is_autosave(request):
            return saved(wrong_in(form), _sums(touched))
        if not form.errors:
            messages.success(request, _("The review is saved."))
            return redirect(at_cycle("review-grid", shown.cycle, code))
    context = shown.context | {
        "grid": grid,
        "rows": rows_shown(grid, typed=form.data, wrong=wrong_in(form)),
        "form": form,
        "tracks": [track for track in tracks if track.cycle == shown.cycle],
    }
    return render(request, "workflow/review/review_grid.html", context)


def _reviews_named(data: QueryDict) -> set[int]:
    """The keys of the reviews whose cells came: `12` of `value-12-1.1`."""
    return {key for name in data if name.startswith("value-") and (key := key_in(name.split("-")[1])) is not None}


def _save(form: ReviewGridForm, by: User) -> list[Task]:
    """Keep the cells that are right; what is wrong stands on the form. The reviews of which something was kept."""
    form.is_valid()
    given = form.given()
    saved = save_reviews(given=given, by=by)
    for (key, name), words in saved.refused.items():
        form.add_error(name.replace("-", f"-{key}-", 1), words)
    keys = {key for key, _name in saved.saved}
    return [task for task in given if task.pk in keys]


def _sums(tasks: list[Task]) -> dict[str, str]:
    """The pieces of the page that say what a review gives in all, as they read after a save."""
    return {
        f"#sum-{key}": format_html('<output id="sum-{}">{}</output>', key, say_points(given))
        for key, given in points_given(tasks).items()
    }
