"""The office's consolidation: the explained result of a unit, and what is decided on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.permissions import Action, asks, reads
from accounts.posted import posts
from common.ui.answers import is_confirmed, refusals_on, refusals_told
from common.ui.asked import page_of, ticked
from scoring.engine.score import UnitScore
from workflow.bulk.models import BulkKind
from workflow.bulk.services import ask_of_tasks
from workflow.bulk.views import answer
from workflow.consolidation import queries
from workflow.consolidation.forms import ReopenForm
from workflow.consolidation.services.consolidation import decide_not_assessed, reopen_review
from workflow.flow.cycles import at_cycle, carried, counted_by_cycle, cycle_of, cycle_shown
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks
from workflow.flow.queries.steps import frame_of


@reads(Action.RUN_CYCLE)
def consolidation(request: HttpRequest) -> HttpResponse:
    """What can be consolidated, and for whom the rest waits."""
    shown = cycle_shown(request, work=counted_by_cycle(open_tasks(Node.CONSOLIDATION)))
    page = page_of(request, queries.waiting_for_office(shown.cycle))
    context = shown.context | {
        "page": page,
        "rows": queries.ready_units(list(page), requester(request)),
        "others": page_of(request, queries.waiting_for_others(shown.cycle), name="others"),
    }
    return render(request, "workflow/consolidation/consolidation.html", context)


@posts(Action.RUN_CYCLE, "consolidation")
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm one or many results: first how many and which, then it is done."""
    tasks = list(queries.waiting_for_office().filter(pk__in=ticked(request.POST)))
    if not tasks:
        messages.error(request, _("No unit was chosen that waits for consolidation."))
        return redirect(carried(request, "consolidation"))
    if is_confirmed(request):
        run = ask_of_tasks(BulkKind.CONSOLIDATE, tasks, by=requester(request).user)
        return answer(request, run, done=_confirmed, back=carried(request, "consolidation"))
    units = queries.ready_units(tasks, requester(request))
    context = {
        "keys": [task.pk for task in tasks],
        "items": [{"label": unit.task.process.sheet.unit_name, "note": _total(unit.score)} for unit in units],
        "cycle": cycle_of(tasks),
    }
    return render(request, "workflow/consolidation/consolidation_confirm.html", context)


def _confirmed(count: int) -> str:
    return ngettext("%(count)d result confirmed.", "%(count)d results confirmed.", count) % {"count": count}


def _total(score: UnitScore) -> str:
    return str(score.total) if score.total is not None else _("total open")


@asks(Action.RUN_CYCLE)
def consolidation_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's result, as it stands now, with the sum that anybody can redo; and the ways on."""
    task = get_object_or_404(queries.waiting_for_office(), process_id=pk)
    sheet = task.process.sheet
    form = ReopenForm(sheet, request.POST if "reopen" in request.POST else None)
    if request.method == "POST" and _decided(request, task, form):
        return redirect(at_cycle("consolidation", sheet.cycle))
    [unit] = queries.ready_units([task], requester(request))
    score, open_lines = unit.score, unit.unanswered
    context = frame_of(task.process) | {
        "task": task,
        "form": form,
        "score": score,
        "explain": [sentence.text(_) for sentence in score.explain],
        "lines": queries.compared_lines(sheet, open_lines),
        "unanswered": open_lines,
        "incidents": sheet.incidents.filter(withdrawn_at=None),
        "sent_back": queries.why_sent_back(task),
        "why_not": unit.why_not,
        "deduction_bars": sheet.rules.deduction_bars if score.deduction else (),
    }
    return render(request, "workflow/consolidation/consolidation_unit.html", context)


def _decided(request: HttpRequest, task: Task, form: ReopenForm) -> bool:
    """Whether what was asked is done: the unit is not assessed, or its departments are asked again."""
    by = requester(request).user
    if "not_assessed" in request.POST:
        with refusals_told(request):
            decide_not_assessed(task=task, by=by)
            messages.success(request, _("The unit is not assessed."))
            return True
    elif form.is_valid():
        with refusals_on(form):
            reopen_review(task=task, by=by, **form.cleaned_data)
            messages.success(request, _("The departments are asked again."))
            return True
    return False
