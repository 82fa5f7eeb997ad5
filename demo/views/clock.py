"""The demo's clock: the office lets a day or a deadline pass and sees what happened."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, requires
from common import clock
from common.errors import DomainError
from common.wording import say_instant
from demo.forms import DateForm
from demo.queries import happened_since_the_clock_moved
from demo.services.passing import Passed, let_deadline_pass, let_time_pass, next_to_fire
from workflow.office.queries.subjects import names_of

SHOWN = 60


@requires(Action.MOVE_CLOCK)
@require_http_methods(["GET", "POST"])
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Where the clock stands, the next deadline, and what happened since it was last moved."""
    form = DateForm(request.POST if request.POST.get("pass") == "date" else None)
    if request.method == "POST":
        try:
            passed = _pass(request.POST.get("pass", ""), form, requester(request).user)
        except DomainError as error:
            form.add_error("to", str(error.message)) if form.is_bound else messages.error(request, str(error.message))
        else:
            if passed is not None:
                messages.success(request, _told(passed))
                return redirect("clock")
    happened = list(happened_since_the_clock_moved()[:SHOWN])
    names = names_of(event.subject for event in happened)
    context = {
        "form": form,
        "now": clock.now(),
        "next": next_to_fire(),
        "happened": [{"event": event, "name": names.get(event.subject, event.subject)} for event in happened],
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
    ended = passed.ended
    ratings = ended["recipient_rating"] + ended["leadership_rating"]
    excluded, publicity = ended["self_evaluation"], ended["publicity"]
    words = [
        ngettext("%(n)d self-evaluation ended", "%(n)d self-evaluations ended", excluded) % {"n": excluded}
        if excluded else "",
        ngettext("%(n)d rating closed", "%(n)d ratings closed", ratings) % {"n": ratings} if ratings else "",
        ngettext("%(n)d publicity ended", "%(n)d publicities ended", publicity) % {"n": publicity} if publicity else "",
        ngettext("%(n)d message sent", "%(n)d messages sent", passed.sent) % {"n": passed.sent} if passed.sent else "",
    ]  # fmt: skip
    said = _("; ").join(word for word in words if word) or _("nothing was due")
    return _("It is %(instant)s now: %(what)s.") % {"instant": say_instant(passed.now, now=passed.now), "what": said}
