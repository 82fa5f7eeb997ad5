"""The office reminds many at once (催办): first how many and whom, then it asks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.permissions import Action, asks
from common.ui.answers import is_confirmed, refusals_on
from workflow.bulk.views import answer
from workflow.office.forms import NudgeForm
from workflow.office.services.nudges import Reminder, nudge_many, reach_of
from workflow.office.views.chosen import NOTHING_CHOSEN, chosen_of, running_cycle


@asks(Action.RUN_CYCLE)
def nudges(request: HttpRequest, year: int) -> HttpResponse:
    """Show who would be reminded of what, and whom nothing reaches; then remind them."""
    cycle = running_cycle(year)
    chosen = chosen_of(request, cycle)
    if not chosen:
        messages.info(request, str(NOTHING_CHOSEN))
        return redirect("cycle", year)
    form = NudgeForm(request.POST if is_confirmed(request) else None)
    if form.is_valid():
        with refusals_on(form):
            by, note = requester(request).user, form.cleaned_data["note"]
            run = nudge_many(cycle=cycle, assessments=chosen, by=by, note=note)
            return answer(request, run, done=_reminded, back=reverse("cycle", args=[year]))
    reach = reach_of(chosen)
    context = {
        "cycle": cycle,
        "keys": [assessment.pk for assessment in chosen],
        "items": [_item(reminder) for reminder in reach.reminders],
        "out_of_reach": reach.out_of_reach,
        "form": form,
        "keep": f"nudge-{year}",
    }
    return render(request, "workflow/office/nudge.html", context)


def _reminded(count: int) -> str:
    text = ngettext("The people of %(count)d unit are reminded.", "The people of %(count)d units are reminded.", count)
    return text % {"count": count}


def _item(reminder: Reminder) -> dict[str, str]:
    process = reminder.task.process
    return {"label": process.sheet.unit_name, "note": f"{process.get_step_display()} · {reminder.person.name}"}
