"""What recipients wrote: screened by the office, read by those whom it may reach; never beside a score."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.permissions import Action, asks, reads
from scoring.models import Comment
from workflow.flow.cycles import at_cycle, counted_by_cycle, cycle_shown
from workflow.flow.queries.visibility import assessments_visible_to
from workflow.rating.forms.comments import ScreeningForm
from workflow.rating.queries.comments import may_read_comments, released_comments, to_screen, unscreened
from workflow.rating.services.comments import screen_comments

AT_ONCE = 50  # comments on a page; the next ones follow once these are screened


@dataclass(frozen=True)
class CommentRow:
    """A comment on the page, with its choice and its reason."""

    comment: Comment
    choice: BoundField
    why: BoundField


@asks(Action.RUN_CYCLE)
def comments(request: HttpRequest) -> HttpResponse:
    """Comments that nobody has read yet: each is released, or withheld with a reason."""
    actor = requester(request)
    shown = cycle_shown(request, work=counted_by_cycle(unscreened(actor), "sheet__cycle"))
    waiting = to_screen(actor, shown.cycle) if shown.cycle else unscreened(actor).none()
    listed = list(waiting[:AT_ONCE])
    form = ScreeningForm(listed, request.POST if request.method == "POST" else None)
    done: set[UUID] = set()
    if form.is_bound and form.is_valid():
        outcome = screen_comments(decisions=form.decisions(), by=actor.user)
        done = outcome.saved
        for key, words in outcome.refused.items():
            form.add_error(f"why-{key}", words)
        if done:
            text = ngettext("%(count)d comment screened.", "%(count)d comments screened.", len(done))
            messages.success(request, text % {"count": len(done)})
        if not form.errors:
            return redirect(at_cycle("comments", shown.cycle))
    rows = [
        CommentRow(comment, form[f"choice-{comment.pk}"], form[f"why-{comment.pk}"])
        for comment in listed
        if comment.pk not in done
    ]
    context = {"rows": rows, "form": form, "waiting": waiting.count()}
    return render(request, "workflow/rating/comments.html", shown.context | context)


@reads(Action.READ_ASSESSMENT)
def unit_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """What was released about a unit: for the leading group, and for the unit once its result is circulated."""
    actor = requester(request)
    assessment = get_object_or_404(assessments_visible_to(actor), pk=pk)
    if not may_read_comments(actor, assessment):
        raise Http404
    context = {
        "assessment": assessment,
        "sheet": assessment.sheet,
        "cycle": assessment.sheet.cycle,
        "comments": released_comments(assessment),
    }
    return render(request, "workflow/rating/unit_comments.html", context)
