"""A unit fills in its self-evaluation, checks it and hands it in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, reads
from accounts.posted import posts
from common import clock
from common.arrival import arrival_of
from common.errors import DomainError
from common.saving import Saved
from common.ui.answers import is_autosave
from documents.services.submissions import doubts_about, missing_for
from workflow.filing.forms import claims_in
from workflow.filing.queries.claims import version_of
from workflow.filing.queries.own import last_filing
from workflow.filing.queries.sheet import SheetPage
from workflow.filing.services.filing import save_self_evaluation
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.filing.views.own import own_assessment, require_task, shown_of
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.timeline import returns_of
from workflow.flow.queries.visibility import own_assessments


@reads(Action.FILL_SELF_EVALUATION)
def self_evaluation(request: HttpRequest) -> HttpResponse:
    """The unit's self-evaluations; with only one, straight to it."""
    assessments = list(own_assessments(requester(request)))
    running = [assessment for assessment in assessments if assessment.sheet.cycle.is_open]
    if len(running) == 1:
        return redirect("self-evaluation-sheet", pk=running[0].pk)
    return render(request, "workflow/filing/self_evaluation_list.html", {"assessments": assessments})


@asks(Action.FILL_SELF_EVALUATION)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """All indicators in the notice's words, with what the unit claims; saved as it is typed, or by a plain POST."""
    assessment, task = own_assessment(request, pk)
    saved, problem = Saved[str](), ""
    if request.method == "POST":
        try:
            saved = _save(request, assessment, task)
        except DomainError as error:
            problem = str(error.message)
        if not (problem or saved.refused or saved.collided):
            messages.success(request, _("The self-evaluation is saved."))
            return redirect("self-evaluation-check" if "check" in request.POST else "self-evaluation-sheet", pk=pk)
    context = _context(request, assessment, task, saved, problem)
    return render(request, "workflow/filing/self_evaluation.html", context)


@posts(Action.FILL_SELF_EVALUATION, "self-evaluation-sheet", "pk")
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what changed, as the page does by itself; what cannot be saved is told at its field."""
    assessment, task = own_assessment(request, pk)
    try:
        saved = _save(request, assessment, task)
    except DomainError as error:
        return JsonResponse({"errors": dict.fromkeys(request.POST.getlist("changed"), str(error.message))}, status=422)
    return _answer(SheetPage(assessment.sheet, scope=task.scope if task else ()), saved)


def _save(request: HttpRequest, assessment: Assessment, task: Task | None) -> Saved[str]:
    return save_self_evaluation(
        task=require_task(assessment, task),
        claims=claims_in(request.POST, only_changed=is_autosave(request)),
        by=requester(request).user,
        arrived_at=arrival_of(request),
        version=request.POST.get("version", ""),
    )


def _answer(page: SheetPage, saved: Saved[str]) -> JsonResponse:
    body: dict[str, Any] = {
        "errors": saved.refused,
        "version": version_of(page.lines, page.rules),
        "html": _parts(page),
    }
    if page.following:
        body["values"] = page.following
    if saved.saved or not saved.collided:
        body["saved_at"] = f"{clock.now().astimezone(clock.BEIJING):%H:%M}"
    if saved.collided:
        body["conflict"] = {
            key: {"theirs": theirs.value, "by": theirs.by, "at": theirs.at} for key, theirs in saved.collided.items()
        }
    return JsonResponse(body, status=409 if saved.collided else 200)


def _parts(page: SheetPage) -> dict[str, str]:
    """The pieces of the page that say how far the form is, and what follows for points, as they read after a save."""
    context = {"page": page, "missing": missing_for(page.contents)}
    parts = {
        f"#{name}": str(render_to_string(f"workflow/filing/_self_evaluation_{name}.html", context))
        for name in ("total", "toc", "left")
    }
    for row in page.with_basis:
        follows = render_to_string("workflow/filing/_self_evaluation_follows.html", {"row": row})
        parts[f"#follows-{row.id}"] = str(follows)
    return parts


def _context(
    request: HttpRequest, assessment: Assessment, task: Task | None, saved: Saved[str], problem: str
) -> dict[str, Any]:
    faulty = {*saved.refused, *saved.collided} if not problem else set(request.POST)
    typed = {key: request.POST[key] for key in faulty if key in request.POST}
    page = SheetPage(assessment.sheet, scope=task.scope if task else (), typed=typed, saved=saved)
    returned = returns_of(assessment)[:1] if task else []
    return shown_of(assessment, task) | {
        # What was typed is shown to be kept, even if it came too late.
        "open": task is not None or bool(problem),
        "page": page,
        "version": version_of(page.lines, page.rules),
        "problem": problem,
        "returned": returned[0] if returned else None,
        "faults": len(saved.refused) + len(saved.collided),
        "missing": missing_for(page.contents) if task else [],
    }


@asks(Action.FILL_SELF_EVALUATION)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is missing or doubtful before the self-evaluation is handed in; a POST hands it in (R6, R7)."""
    problem = None
    if request.method == "POST":
        try:
            return _submit(request, pk)
        except DomainError as error:
            problem = error
    assessment, task = own_assessment(request, pk)
    page = SheetPage(assessment.sheet)
    context = shown_of(assessment, task) | {
        "late": task is not None and task.due_at is not None and arrival_of(request) >= task.due_at,
        "missing": missing_for(page.contents),
        "doubts": doubts_about(page.contents),
        "page": page,
        "problem": problem,
    }
    return render(request, "workflow/filing/self_evaluation_check.html", context)


def _submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it in; a second click finds the task ended and gets the receipt that the first one earned."""
    task = last_filing(requester(request), pk)
    if task is None:
        raise DomainError(_("The self-evaluation is not open."))
    submission = submit_assessment(task=task, by=requester(request).user, arrived_at=arrival_of(request))
    messages.success(request, _("The self-evaluation is handed in. Keep the receipt."))
    return redirect("receipt", pk=submission.pk)
