"""The office extends deadlines or reinstates, for one or many: first how many and which, then it asks (R6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor, requester
from accounts.models import User
from accounts.permissions import Action, requires
from common.errors import DomainError
from common.ui.answers import put_on
from scoring.rules import none_of_own
from workflow.flow.models import Assessment, Task
from workflow.office.forms import ExtensionForm
from workflow.office.services.extensions import extend_deadline, reinstate
from workflow.office.views.chosen import NOTHING_CHOSEN, chosen_of, running_cycle

EXTENDABLE = ("self_evaluation", "excluded")


@requires(Action.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def extend_many(request: HttpRequest, year: int) -> HttpResponse:
    """Show whose deadline would move and who would be reinstated; then do it, all or nothing."""
    cycle = running_cycle(year)
    chosen = chosen_of(request, cycle)
    extendable = _tasks(chosen)
    if not extendable:
        said = _("None of these evaluates itself or is excluded.") if chosen else NOTHING_CHOSEN
        messages.info(request, str(said))
        return redirect("cycle", year)
    tasks, left_out = _apart(extendable, requester(request))
    form = ExtensionForm(request.POST if "sure" in request.POST else None)
    if tasks and form.is_bound and form.is_valid():
        try:
            by, why = requester(request).user, form.cleaned_data["why"]
            _extend(tasks, by=by, until=form.until(), why=why)
            text = ngettext("%(count)d unit has a new deadline.", "%(count)d units have a new deadline.", len(tasks))
            messages.success(request, text % {"count": len(tasks)})
            return redirect("cycle", year)
        except DomainError as error:
            put_on(form, DomainError(error.message, field="day" if error.field == "until" else error.field))
    items = [_item(task, assessment) for assessment, task in tasks]
    context = {"cycle": cycle, "tasks": tasks, "items": items, "form": form, "left_out": left_out}
    return render(request, "workflow/office/extensions.html", context)


Pairs = Sequence[tuple[Assessment, Task]]


def _tasks(chosen: Sequence[Any]) -> Pairs:
    return [
        (assessment, task) for assessment in chosen for task in assessment.open_now if task.flow_task.name in EXTENDABLE
    ]


def _apart(chosen: Pairs, actor: Actor) -> tuple[Pairs, list[str]]:
    """What the person may decide, and why not about their own unit: the others go on."""
    refusals = [none_of_own.refusal(actor, assessment.sheet) for assessment, _task in chosen]
    free = [pair for pair, refusal in zip(chosen, refusals, strict=True) if not refusal]
    return free, [refusal for refusal in refusals if refusal]


def _item(task: Task, assessment: Assessment) -> dict[str, str]:
    excluded = task.flow_task.name == "excluded"
    return {"label": assessment.sheet.unit_name, "note": _("is reinstated") if excluded else _("gets more time")}


@transaction.atomic
def _extend(tasks: Pairs, *, by: User, until: datetime, why: str) -> None:
    for assessment, task in sorted(tasks, key=lambda pair: pair[0].pk):  # locked in the order of their keys
        try:
            act = reinstate if task.flow_task.name == "excluded" else extend_deadline
            act(task=task, by=by, until=until, why=why)
        except DomainError as error:
            raise DomainError(f"{assessment.sheet.unit_name}：{error.message}", field=error.field) from error
