"""Handing over many: the reviews of a track that lack no points go to the head together."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.permissions import Action, asks
from common.ui.asked import ticked
from scoring.wording import say_points
from workflow.bulk.models import BulkKind
from workflow.bulk.services import ask_of_tasks
from workflow.bulk.views import answer
from workflow.flow.cycles import at_cycle, cycle_shown
from workflow.flow.models import Task
from workflow.review.queries.review import points_given
from workflow.review.queries.review_grid import finished_reviews, tracks_reviewed_by

A_TIME = 1000  # reviews that are shown, and then handed over; the others can follow


@asks(Action.REVIEW)
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Which reviews of the track lack no points; then they are handed to the head."""
    actor = requester(request)
    by_cycle = {track.cycle: track for track in tracks_reviewed_by(actor) if track.code == code}
    cycle = cycle_shown(request, work={}, among=list(by_cycle)).cycle
    if cycle is None:
        raise Http404
    finished, back = finished_reviews(actor, by_cycle[cycle]), at_cycle("review-grid", cycle, code)
    if request.method == "POST":
        chosen = list(finished.filter(pk__in=ticked(request.POST)))
        if not chosen:
            return redirect(back)
        return answer(request, ask_of_tasks(BulkKind.HAND_OVER, chosen, by=actor.user), done=_handed_over, back=back)
    tasks = list(finished[: A_TIME + 1])
    shown = tasks[:A_TIME]
    context = {
        "cycle": cycle,
        "track": by_cycle[cycle],
        "keys": [task.pk for task in shown],
        "items": _items(shown),
        "is_cut": len(tasks) > len(shown),
        "back": back,
    }
    return render(request, "workflow/review/review_hand_over.html", context)


def _handed_over(count: int) -> str:
    return ngettext("%(count)d review handed over.", "%(count)d reviews handed over.", count) % {"count": count}


def _items(tasks: Sequence[Task]) -> list[dict[str, str]]:
    given = points_given(tasks)
    return [
        {
            "label": task.process.sheet.unit_name,
            "note": _("%(points)s points given") % {"points": say_points(given[task.pk])},
        }
        for task in tasks
    ]
