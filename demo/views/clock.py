"""The demo's clock: the office lets a day or a deadline pass and sees what happened."""

from contextlib import AbstractContextManager
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, asks
from common import clock
from common.ui.answers import refusals_on, refusals_told
from common.wording import say_instant
from demo.forms import DateForm
from demo.queries import happened_since_the_clock_moved
from demo.services.passing import Passed, let_deadline_pass, let_time_pass, next_to_fire
from workflow.flow.models import Node
from workflow.office.queries.subjects import told

SHOWN = 60


@asks(Action.MOVE_CLOCK)
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Where the clock stands, the next deadline, and what happened since it was last moved."""
    form = DateForm(request.POST if request.POST.get("pass") == "date" else None)
    if request.method == "POST":
        refusals: AbstractContextManager[None, bool] = refusals_on(form) if form.is_bound else refusals_told(request)
        with refusals:
            passed = _pass(request.POST.get("pass", ""), form, requester(request).user)
            if passed is not None:
                messages.success(request, _told(passed))
                return redirect("clock")
    context = {
        "form": form,
        "now": clock.now(),
        "next": next_to_fire(),
        "happened": told(happened_since_the_clock_moved()[:SHOWN]),
    }
    return render(request, "demo/clock.html", context)


def _pass(what: str, form: DateForm, by: User) -> Passed | None:
    if what == "day":
        return let_time_pass(to=clock.now() + timedelta(days=1), by=by)
    if what == "deadline":
        return let_deadline_pass(by=by)
    if what == "date" and form.is_valid():
        return let_time_pass(to=form.instant(), by=by)
    return None


def _told(passed: Passed) -> str:
    """What happened, in one line."""
    filings, publicities = passed.ended[Node.SELF_EVALUATION], passed.ended[Node.PUBLICITY]
    ratings = passed.ended[Node.RECIPIENT_RATING] + passed.ended[Node.LEADERSHIP_RATING]
    counted = [
        (filings, ngettext("%(n)d self-evaluation ended", "%(n)d self-evaluations ended", filings)),
        (ratings, ngettext("%(n)d rating closed", "%(n)d ratings closed", ratings)),
        (publicities, ngettext("%(n)d publicity ended", "%(n)d publicities ended", publicities)),
        (passed.sent, ngettext("%(n)d message sent", "%(n)d messages sent", passed.sent)),
    ]
    what = _("; ").join(words % {"n": count} for count, words in counted if count) or _("nothing was due")
    return _("It is %(instant)s now: %(what)s.") % {"instant": say_instant(passed.now, now=passed.now), "what": what}
