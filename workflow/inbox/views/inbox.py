"""What I owe, by when; and each task's one address."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor, requester
from accounts.permissions import Action, may, requires
from accounts.posted import posted_from
from common.errors import DomainError
from common.ui.answers import put_on
from workflow.flow.queries.exclusion import exclusions_of
from workflow.flow.queries.steps import steps_of
from workflow.flow.queries.visibility import assessments_visible_to, tasks_for, tasks_told_to
from workflow.inbox import queries as owed
from workflow.inbox import services as assignments
from workflow.inbox.decisions import states_of_running
from workflow.inbox.forms import DelegateForm

PER_PAGE = 50
MOST_STEPS = 3
# Where the work of a node is done: name of the address, and whether its key is the task's (else the assessment's).
PAGES = {
    "self_evaluation": ("self-evaluation-sheet", False),
    "acceptance": ("acceptance-unit", False),
    "department_review": ("review-unit", True),
    "consolidation": ("consolidation-unit", False),
}


@requires(Action.SIGNED_IN)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What I owe, most urgent first; what lies with others."""
    actor = requester(request)
    node = request.GET.get("step", "")
    counts = owed.counts_by_node(actor)
    page = Paginator(owed.tasks_owed(actor, node), PER_PAGE).get_page(request.GET.get("page"))
    besides = owed.owed_besides(actor) if page.number == 1 and not node else []
    late = owed.late_count(actor)
    context = {
        "groups": owed.grouped([*owed.owed_by_tasks(page.object_list), *besides]),
        "page": page,
        "total": sum(counts.values()) + len(besides),
        "late": late,
        "tabs": _tabs(counts, node) if len(counts) > 1 else [],
        "cycles": states_of_running() if may(actor, Action.READ_CYCLE) else [],
        **_own(actor),
    }
    return render(request, "workflow/inbox/inbox.html", context)


def _tabs(counts: dict[str, int], node: str) -> list[dict[str, Any]]:
    every = {"url": "?", "label": _("All"), "count": sum(counts.values()), "current": not node}
    return [every] + [
        {"url": f"?step={name}", "label": owed.WHAT[name], "count": count, "current": name == node}
        for name, count in counts.items()
    ]


def _own(actor: Actor) -> dict[str, Any]:
    """For filers: where their own assessments stand."""
    if not actor.unit_ids:
        return {}
    latest = list(owed.assessments_of(actor).order_by("-sheet__cycle__year")[:MOST_STEPS])
    excluded = exclusions_of(latest)
    own = [
        {"assessment": assessment, "steps": steps_of(assessment), "exclusion": excluded.get(assessment.pk)}
        for assessment in latest
    ]
    return {"excluded": bool(excluded), "own": own, "elsewhere": list(owed.with_others(actor))}


@requires(Action.SIGNED_IN)
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """The one address of a task: on to where it is done, or, done or held by a colleague, to its assessment."""
    actor = requester(request)
    found = tasks_for(actor).filter(pk=pk).first()
    if found is None:
        done = get_object_or_404(tasks_told_to(actor), pk=pk)
        return redirect("assessment", pk=done.process_id)
    name, by_task = PAGES.get(owed.node_of(found), ("assessment", False))
    return redirect(name, pk=found.pk if by_task else found.process_id)


@requires(Action.SIGNED_IN)
@posted_from("task", "pk")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task."""
    found = get_object_or_404(tasks_for(requester(request)), pk=pk)
    return _do(request, _("It is yours now."), lambda: assignments.claim(task=found, by=requester(request).user))


@requires(Action.SIGNED_IN)
@posted_from("task", "pk")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task back."""
    found = get_object_or_404(tasks_for(requester(request)), pk=pk)
    said = _("It is free for your colleagues again.")
    return _do(request, said, lambda: assignments.release(task=found, by=requester(request).user))


def _do(request: HttpRequest, said: str, act: Any) -> HttpResponse:
    try:
        act()
    except DomainError as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, said)
    return redirect("inbox")


@requires(Action.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a task to a colleague."""
    actor = requester(request)
    found = get_object_or_404(tasks_for(actor), pk=pk)
    form = DelegateForm(request.POST or None, task=found, by=actor.user)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            assignments.delegate(task=found, by=actor.user, to=to, why=form.cleaned_data["why"])
        except DomainError as problem:
            put_on(form, problem)
        else:
            messages.success(request, _("Handed to %(name)s.") % {"name": to.name})
            return redirect("inbox")
    assessment = get_object_or_404(assessments_visible_to(actor), pk=found.process_id)
    cycle = assessment.sheet.cycle
    context = {"form": form, "task": found, "cycle": cycle, "assessment": assessment, "steps": steps_of(assessment)}
    return render(request, "workflow/inbox/inbox_delegate.html", context)
