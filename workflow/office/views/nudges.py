"""The office reminds many at once (催办): first how many and whom, then it asks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.actors import requester
from accounts.permissions import Action, requires
from common.errors import DomainError
from common.ui.answers import put_on
from workflow.office.forms import NudgeForm
from workflow.office.services.nudges import Nudge, nudge, reach_of
from workflow.office.views.chosen import NOTHING_CHOSEN, chosen_of, running_cycle


def _item(one: Nudge) -> dict[str, str]:
    process = one.task.process
    return {"label": process.sheet.unit_name, "note": f"{process.get_step_display()} · {one.person.name}"}


@requires(Action.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def nudge_many(request: HttpRequest, year: int) -> HttpResponse:
    """Show who would be reminded of what; then remind them."""
    cycle = running_cycle(year)
    chosen = chosen_of(request, cycle)
    if not chosen:
        messages.info(request, str(NOTHING_CHOSEN))
        return redirect("cycle", year)
    form = NudgeForm(request.POST if "sure" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            count = nudge(assessments=chosen, by=requester(request).user, note=form.cleaned_data["note"])
            text = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", count)
            messages.success(request, text % {"count": count})
            return redirect("cycle", year)
        except DomainError as error:
            put_on(form, error)
    reach = reach_of(chosen)
    context = {
        "cycle": cycle,
        "chosen": chosen,
        "items": [_item(one) for one in reach.nudges],
        "out_of_reach": reach.out_of_reach,
        "form": form,
    }
    return render(request, "workflow/office/nudge.html", context)
