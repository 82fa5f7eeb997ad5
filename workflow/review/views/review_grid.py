"""The review grid of a track: its units by the parts that a department answers for, saved as it is typed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.actors import Actor, requester
from accounts.models import User
from accounts.permissions import Action, asks
from common.narrow import known
from common.ui.answers import is_autosave, saved, wrong_in
from common.ui.asked import words_in
from scoring.models import Cycle, Track
from scoring.wording import say_points
from workflow.flow.cycles import at_cycle, cycle_shown
from workflow.review.forms.review_grid import GridFilterForm, ReviewGridForm, kept_in, reviews_in
from workflow.review.queries.review import Left, left_in
from workflow.review.queries.review_grid import grid_of, reviews_named, rows_shown, tracks_reviewed_by
from workflow.review.services.points import SavedReviews, save_reviews

# The words of a page's address besides the cycle: which units, which columns, and where the page begins.
SHOWN = ("unit", "part", "show")
SINCE = "from"


@asks(Action.REVIEW)
def review_grid(request: HttpRequest, code: str) -> HttpResponse:
    """The units of the track in one dense table, by keyboard; two cycles may have a track of this code."""
    actor = requester(request)
    tracks = list(tracks_reviewed_by(actor))
    by_cycle = {track.cycle: track for track in tracks if track.code == code}
    if not by_cycle:
        raise Http404
    if is_autosave(request):
        return _autosaved(request, actor, by_cycle.values())
    left = left_in(actor, by_cycle.values())
    work = {cycle: reviews.total for cycle, reviews in left.items()}
    shown = cycle_shown(request, work=work, among=list(by_cycle), keep=("show",))
    cycle = known(shown.cycle)  # there is one to choose
    filters = GridFilterForm(request.GET)
    posted = reviews_in(request.POST) if request.method == "POST" else None
    grid = grid_of(actor, by_cycle[cycle], filters.asked(words_in(request, SINCE)), only=posted)
    form = ReviewGridForm([row.task for row in grid.rows], request.POST if posted is not None else None)
    if posted is not None:
        kept = _save(form, actor.user, kept=kept_in(grid.editable))
        if not form.errors:
            if kept.saved:
                messages.success(request, _("The review is saved."))
            if "hand_over" in request.POST:
                return redirect(at_cycle("review-hand-over", cycle, code))
            return redirect(_page(request, cycle, code, since=request.POST.get("go", words_in(request, SINCE))))
    filters.offer(grid.groups)
    beside = {_("Previous"): grid.before, _("Next"): grid.after}
    context = shown.context | {
        "grid": grid,
        "rows": rows_shown(grid, typed=form.data, wrong=wrong_in(form)),
        "form": form,
        "filters": filters,
        "filtered": any(request.GET.get(word) for word in SHOWN),
        "left": left.get(cycle.pk, Left()),
        "tracks": [track for track in tracks if track.cycle == cycle],
        "pages": [
            Beside(label, since, _page(request, cycle, code, since=since))
            for label, since in beside.items()
            if since is not None
        ],
    }
    return render(request, "workflow/review/review_grid.html", context)


@dataclass(frozen=True)
class Beside:
    """A way to the page beside: what it is called, at which unit it begins, its address."""

    label: str
    since: str
    address: str


def _page(request: HttpRequest, cycle: Cycle, code: str, *, since: str) -> str:
    """The address of the page that begins at the unit of code `since`, of what is shown now."""
    asked = {word: words for word in SHOWN if (words := words_in(request, word))} | ({SINCE: since} if since else {})
    return at_cycle("review-grid", cycle, code, **asked)


def _autosaved(request: HttpRequest, actor: Actor, tracks: Collection[Track]) -> HttpResponse:
    """Keep the cells that were typed since, without building the page again."""
    form = ReviewGridForm(reviews_named(actor, tracks, reviews_in(request.POST)), request.POST)
    kept = _save(form, actor.user)
    return saved(wrong_in(form), _sums(kept.sums))


def _save(form: ReviewGridForm, by: User, *, kept: Mapping[str, Decimal | None] | None = None) -> SavedReviews:
    """Keep the cells that are right; what is wrong stands on the form."""
    form.is_valid()
    outcome = save_reviews(given=form.given(kept), by=by)
    for (key, name), words in outcome.refused.items():
        form.add_error(name.replace("-", f"-{key}-", 1), words)
    return outcome


def _sums(sums: Mapping[int, Decimal]) -> dict[str, str]:
    """The pieces of the page that say what a review gives in all, as they read after a save."""
    return {
        f"#sum-{key}": format_html('<output id="sum-{}">{}</output>', key, say_points(given))
        for key, given in sums.items()
    }
