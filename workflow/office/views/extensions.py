"""The office extends deadlines or reinstates, for one or many: first how many and which, then it asks (R6)."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor, requester
from accounts.permissions import Action, asks
from common.ui.answers import is_confirmed, refusals_on, tell
from scoring.rules import none_of_own
from workflow.flow.models import Node, Task
from workflow.office.forms import ExtensionForm
from workflow.office.services.extensions import EXTENDABLE, extend_many
from workflow.office.views.chosen import NOTHING_CHOSEN, chosen_of, open_tasks_of, running_cycle


@asks(Action.RUN_CYCLE)
def extensions(request: HttpRequest, year: int) -> HttpResponse:
    """Show whose deadline would move and who would be reinstated; then do it, each by itself."""
    cycle = running_cycle(year)
    chosen = chosen_of(request, cycle)
    extendable = open_tasks_of(chosen, *EXTENDABLE)
    if not extendable:
        nothing = _("None of these evaluates itself or is excluded.") if chosen else NOTHING_CHOSEN
        messages.info(request, str(nothing))
        return redirect("cycle", year)
    tasks, left_out = _apart(extendable, requester(request))
    form = ExtensionForm(request.POST if is_confirmed(request) else None)
    if tasks and form.is_valid():
        with refusals_on(form, field="day"):
            by, why = requester(request).user, form.cleaned_data["why"]
            dealt = extend_many(tasks=tasks, by=by, until=form.until(), why=why)
            tell(request, dealt, done=_extended, name=lambda task: task.process.sheet.unit_name)
            if dealt.done:
                return redirect("cycle", year)
    context = {
        "cycle": cycle,
        "keys": [task.process_id for task in tasks],
        "items": [{"label": task.process.sheet.unit_name, "note": _what_comes(task)} for task in tasks],
        "form": form,
        "keep": f"extend-{year}",
        "left_out": left_out,
    }
    return render(request, "workflow/office/extensions.html", context)


def _apart(tasks: Sequence[Task], actor: Actor) -> tuple[list[Task], list[str]]:
    """The tasks that the person may decide about, and why not about those of their own unit."""
    refusals = [none_of_own.refusal(actor, task.process.sheet) for task in tasks]
    free = [task for task, refusal in zip(tasks, refusals, strict=True) if not refusal]
    return free, [refusal for refusal in refusals if refusal]


def _what_comes(task: Task) -> str:
    return _("is reinstated") if task.flow_task.name == Node.EXCLUDED else _("gets more time")


def _extended(count: int) -> str:
    text = ngettext("%(count)d unit has a new deadline.", "%(count)d units have a new deadline.", count)
    return text % {"count": count}
