"""A unit fills in its self-evaluation, checks it and hands it in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import requester
from accounts.permissions import Action, requires
from accounts.posted import posted_from
from common import clock
from common.arrival import arrival_of
from common.errors import DomainError
from common.ui.answers import is_autosave
from documents.services.submissions import doubts_about, missing_for
from workflow.filing.forms.self_evaluation import changes_of
from workflow.filing.queries.claims import version_of
from workflow.filing.queries.own import last_filing, why_closed
from workflow.filing.queries.sheet import SheetPage
from workflow.filing.services.claims import Saved
from workflow.filing.services.filing import save_self_evaluation
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.exclusion import exclusions_of
from workflow.flow.queries.process import open_task
from workflow.flow.queries.steps import steps_of
from workflow.flow.queries.timeline import returns_of
from workflow.flow.queries.visibility import own_assessments

NODE = "self_evaluation"


@requires(Action.FILL_SELF_EVALUATION)
@require_safe
def self_evaluation(request: HttpRequest) -> HttpResponse:
    """The unit's self-evaluations; with only one, straight to it."""
    found = list(own_assessments(requester(request)))
    running = [one for one in found if one.sheet.cycle.is_open]
    if len(running) == 1:
        return redirect("self-evaluation-sheet", pk=running[0].pk)
    return render(request, "workflow/filing/self_evaluation_list.html", {"assessments": found})


@requires(Action.FILL_SELF_EVALUATION)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """All indicators in the notice's words, with what the unit claims; saved as it is typed, or by a plain POST."""
    found = _own(request, pk)
    task = open_task(found, NODE)
    saved, problem = Saved(), ""
    if request.method == "POST":
        try:
            saved = _save(request, found, task)
        except DomainError as error:
            problem = str(error.message)
        if not (problem or saved.errors or saved.conflicts):
            messages.success(request, _("The self-evaluation is saved."))
            return redirect("self-evaluation-check" if "check" in request.POST else "self-evaluation-sheet", pk=pk)
    return render(request, "workflow/filing/self_evaluation.html", _context(request, found, task, saved, problem))


@requires(Action.FILL_SELF_EVALUATION)
@posted_from("self-evaluation-sheet", "pk")
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what changed, as the page does by itself; what cannot be saved is told at its field."""
    found = _own(request, pk)
    task = open_task(found, NODE)
    try:
        saved = _save(request, found, task)
    except DomainError as error:
        return JsonResponse({"errors": dict.fromkeys(request.POST.getlist("changed"), str(error.message))}, status=422)
    return _answer(found, task, saved)


def _own(request: HttpRequest, pk: int) -> Assessment:
    return get_object_or_404(own_assessments(requester(request)), pk=pk)


def _save(request: HttpRequest, found: Assessment, task: Task | None) -> Saved:
    if task is None:
        raise DomainError(why_closed(found))
    return save_self_evaluation(
        task=task,
        changes=changes_of(request.POST, only_changed=is_autosave(request)),
        by=requester(request).user,
        arrived_at=arrival_of(request),
        version=request.POST.get("version", ""),
    )


def _answer(found: Assessment, task: Task | None, saved: Saved) -> JsonResponse:
    page = SheetPage(found.sheet, scope=task.scope if task else ())
    body: dict[str, Any] = {"errors": saved.errors, "version": version_of(page.lines), "html": _parts(page)}
    if saved.saved or not saved.conflicts:
        body["saved_at"] = f"{clock.now().astimezone(clock.BEIJING):%H:%M}"
    if saved.conflicts:
        body["conflict"] = {
            key: {"theirs": theirs.value, "by": theirs.by, "at": theirs.at} for key, theirs in saved.conflicts.items()
        }
    return JsonResponse(body, status=409 if saved.conflicts else 200)


def _parts(page: SheetPage) -> dict[str, str]:
    """The pieces of the page that say how far the form is, as they read after a save."""
    context = {"page": page, "missing": missing_for(page.sheet)}
    return {
        f"#{name}": render_to_string(f"workflow/filing/_self_evaluation_{name}.html", context)
        for name in ("total", "toc", "left")
    }


def _context(request: HttpRequest, found: Assessment, task: Task | None, saved: Saved, problem: str) -> dict[str, Any]:
    faulty = {*saved.errors, *saved.conflicts} if not problem else set(request.POST)
    typed = {key: request.POST[key] for key in faulty if key in request.POST}
    page = SheetPage(
        found.sheet, scope=task.scope if task else (), typed=typed, errors=saved.errors, conflicts=saved.conflicts
    )
    returned = returns_of(found)[:1] if task else []
    return {
        "assessment": found,
        "sheet": found.sheet,
        "cycle": found.sheet.cycle,
        "task": task,
        # What was typed is shown to be kept, even if it came too late.
        "open": task is not None or bool(problem),
        "closed": "" if task else why_closed(found),
        "exclusion": exclusions_of([found]).get(found.pk),
        "page": page,
        "version": version_of(page.lines),
        "steps": steps_of(found),
        "problem": problem,
        "returned": returned[0] if returned else None,
        "faults": len(saved.errors) + len(saved.conflicts),
        "missing": missing_for(found.sheet) if task else [],
    }


@requires(Action.FILL_SELF_EVALUATION)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is missing or doubtful before the self-evaluation is handed in; a POST hands it in (R6, R7)."""
    found = _own(request, pk)
    problem = None
    if request.method == "POST":
        try:
            return _submit(request, found)
        except DomainError as error:
            problem = error
    task = open_task(found, NODE)
    context = {
        "assessment": found,
        "sheet": found.sheet,
        "cycle": found.sheet.cycle,
        "task": task,
        "closed": "" if task else why_closed(found),
        "exclusion": exclusions_of([found]).get(found.pk),
        "late": task is not None and task.due_at is not None and arrival_of(request) >= task.due_at,
        "missing": missing_for(found.sheet),
        "doubts": doubts_about(found.sheet),
        "page": SheetPage(found.sheet),
        "steps": steps_of(found),
        "problem": problem,
    }
    return render(request, "workflow/filing/self_evaluation_check.html", context)


def _submit(request: HttpRequest, found: Assessment) -> HttpResponse:
    """Hand it in; a second click finds the task ended and gets the receipt that the first one earned."""
    task = last_filing(found)
    if task is None:
        raise DomainError(_("The self-evaluation is not open."))
    submission = submit_assessment(task=task, by=requester(request).user, arrived_at=arrival_of(request))
    messages.success(request, _("The self-evaluation is handed in. Keep the receipt."))
    return redirect("receipt", pk=submission.pk)
