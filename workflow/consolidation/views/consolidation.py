"""The office's consolidation: the explained result of a unit, and what is decided on it."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import Actor, requester
from accounts.permissions import Action, requires
from accounts.posted import posted_from
from common.errors import DomainError
from common.ui.answers import put_on
from common.ui.ticked import ticked
from scoring.engine.track import TrackRules
from scoring.models import LineKind, ScoreSheet, SheetLine
from scoring.queries.sheets import rules_of
from scoring.services.results import score_of
from workflow.consolidation.forms import ReopenForm
from workflow.consolidation.queries import waiting_for_office, waiting_for_others, why_sent_back
from workflow.consolidation.services.consolidation import consolidate, decide_not_assessed, reopen_review
from workflow.flow.cycles import at_cycle, carried, cycle_of, cycle_shown
from workflow.flow.models import Task
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.flow.queries.process import open_tasks
from workflow.flow.queries.steps import steps_of
from workflow.flow.rules import consolidates
from workflow.review.queries.lines import limit_of, recorded_times, recorded_times_of, unanswered

PAGE_SIZE = 50


@requires(Action.RUN_CYCLE)
@require_GET
def consolidation(request: HttpRequest) -> HttpResponse:
    """What can be consolidated, and for whom the rest waits."""
    shown = cycle_shown(request, work=counted_by_cycle(open_tasks("consolidation")))
    page = Paginator(waiting_for_office(shown.cycle), PAGE_SIZE).get_page(request.GET.get("page"))
    context = shown.context | {
        "page": page,
        "rows": _rows(list(page), requester(request)),
        "others": Paginator(waiting_for_others(shown.cycle), PAGE_SIZE).get_page(request.GET.get("others")),
    }
    return render(request, "workflow/consolidation/consolidation.html", context)


def _rows(tasks: Sequence[Task], actor: Actor) -> list[dict[str, object]]:
    recorded = recorded_times_of([task.process.sheet for task in tasks])
    return [
        {
            "task": task,
            "score": score_of(task.process.sheet),
            "unanswered": unanswered(task.process.sheet.lines.all(), recorded[task.process.sheet_id]),
            "why_not": consolidates.refusal(actor, task),
        }
        for task in tasks
    ]


@requires(Action.RUN_CYCLE)
@posted_from("consolidation")
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm one or many results: first how many and which, then it is done."""
    keys = ticked(request.POST)
    tasks = list(waiting_for_office().filter(pk__in=keys))
    if "confirmed" not in request.POST:
        items = [{"label": task.process.sheet.unit_name, "note": _total(task)} for task in tasks]
        context = {"tasks": tasks, "items": items, "cycle": cycle_of(tasks)}
        return render(request, "workflow/consolidation/consolidation_confirm.html", context)
    done = 0
    for task in tasks:
        try:
            consolidate(task=task, by=requester(request).user)
            done += 1
        except DomainError as error:
            messages.error(request, f"{task.process.sheet.unit_name}：{error.message}")
    if done:
        text = ngettext("%(count)d result confirmed.", "%(count)d results confirmed.", done) % {"count": done}
        messages.success(request, text)
    return redirect(carried(request, "consolidation"))


def _total(task: Task) -> str:
    total = score_of(task.process.sheet).total
    return str(total) if total is not None else _("total open")


@requires(Action.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def consolidation_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's result, as it stands now, with the sum that anybody can redo; and the ways on."""
    task = get_object_or_404(waiting_for_office(), process_id=pk)
    sheet = task.process.sheet
    form = ReopenForm(sheet, request.POST if "reopen" in request.POST else None)
    if request.method == "POST" and _decided(request, task, form):
        return redirect(at_cycle("consolidation", sheet.cycle))
    score, open_lines = score_of(sheet), unanswered(sheet.lines.all(), recorded_times(sheet))
    context = {
        "task": task,
        "sheet": sheet,
        "cycle": sheet.cycle,
        "assessment": task.process,
        "form": form,
        "score": score,
        "explain": [sentence.text(_) for sentence in score.explain],
        "steps": steps_of(task.process),
        "lines": _lines(sheet, open_lines),
        "unanswered": open_lines,
        "incidents": sheet.incidents.filter(withdrawn_at=None),
        "sent_back": why_sent_back(task),
        "why_not": consolidates.refusal(requester(request), task),
        "deduction_bars": rules_of(sheet).deduction_bars if score.deduction else (),
    }
    return render(request, "workflow/consolidation/consolidation_unit.html", context)


def _scale_of(rules: TrackRules, line: SheetLine) -> Decimal:
    """What the two bars of a line are drawn against: a part's points, or the larger of two counts."""
    if line.kind == LineKind.PART:
        return limit_of(rules, line) or Decimal(1)
    return max(line.claimed or Decimal(0), line.reviewed or Decimal(0), Decimal(1))


def _lines(sheet: ScoreSheet, open_lines: Collection[str]) -> list[dict[str, object]]:
    """The lines that hold anything or should, with the most that each can hold: a count against the larger of two."""
    rules = rules_of(sheet)
    return [
        {
            "line": line,
            "limit": _scale_of(rules, line),
            "part": line.kind == LineKind.PART,
            "unanswered": line.code in open_lines,
        }
        for line in sheet.lines.all()
        if line.claimed or line.reviewed is not None or line.code in open_lines
    ]


def _decided(request: HttpRequest, task: Task, form: ReopenForm) -> bool:
    by = requester(request).user
    try:
        if "not_assessed" in request.POST:
            decide_not_assessed(task=task, by=by)
            messages.success(request, _("The unit is not assessed."))
            return True
        if form.is_valid():
            data = form.cleaned_data
            reopen_review(
                task=task, by=by, departments=[one.pk for one in data["departments"]], parts=data["parts"],
                why=data["why"], until=data["until"],
            )  # fmt: skip
            messages.success(request, _("The departments are asked again."))
            return True
    except DomainError as error:
        if form.is_bound:
            put_on(form, error)
        else:
            messages.error(request, str(error.message))
    return False
