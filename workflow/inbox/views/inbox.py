"""What I owe, by when; and each task's one address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import requester
from accounts.models import Role
from accounts.permissions import Action, may, requires
from accounts.posted import posted_from
from common.ui.answers import refusals_on, refusals_told
from common.ui.tabs import Tab
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.exclusion import Exclusion, exclusions_of
from workflow.flow.queries.history import History, history_of
from workflow.flow.queries.steps import steps_of, steps_of_each
from workflow.flow.queries.visibility import assessments_visible_to, tasks_for, tasks_told_to
from workflow.inbox import services as assignments
from workflow.inbox.forms import DelegateForm
from workflow.inbox.queries import owed
from workflow.inbox.queries.besides import owed_besides
from workflow.inbox.queries.decisions import NOTHING_RUNS, running_cycles

PER_PAGE = 50
MOST_STEPS = 3
# Where the work of a node is done: name of the address, and whether its key is the task's (else the assessment's).
PAGES: dict[str, tuple[str, bool]] = {
    Node.SELF_EVALUATION: ("self-evaluation-sheet", False),
    Node.ACCEPTANCE: ("acceptance-unit", False),
    Node.DEPARTMENT_REVIEW: ("review-unit", True),
    Node.CONSOLIDATION: ("consolidation-unit", False),
}


@requires(Action.SIGNED_IN)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What I owe, most urgent first; what lies with others."""
    actor = requester(request)
    node = request.GET.get("step", "")
    waiting = owed.waiting_for(actor)
    page = Paginator(waiting.keys(node), PER_PAGE).get_page(request.GET.get("page"))
    tasks = owed.tasks_named(actor, list(page)) if page else []
    first, oversees = page.number == 1 and not node, may(actor, Action.READ_CYCLE)
    running = running_cycles(deciding=first and Role.OFFICE in actor.roles) if oversees else NOTHING_RUNS
    besides = owed_besides(actor, running.decisions) if first else []
    own = list(owed.assessments_of(actor)) if actor.unit_ids else []
    history = history_of(_told_of(tasks, own))
    ways = _ways(own[:MOST_STEPS], history)
    total = sum(waiting.counts.values()) + len(besides)
    context = {
        "groups": owed.grouped([*owed.owed_by_tasks(tasks, history), *besides]),
        "page": page,
        "number": total,
        "total": f"{total}+" if waiting.is_cut else total,
        "late": waiting.late,
        "listed": owed.LISTED if waiting.is_cut else None,
        "tabs": _tabs(waiting, node) if len(waiting.by_node) > 1 else [],
        "cycles": running.states,
        "own": ways,
        "excluded": any(way.exclusion for way in ways),
        "elsewhere": [assessment for assessment in own if owed.is_with_others(assessment)],
    }
    return render(request, "workflow/inbox/inbox.html", context)


def _tabs(waiting: owed.Waiting, node: str) -> list[Tab]:
    counts = waiting.counts
    steps = (
        Tab(f"?step={name}", owed.WHAT[name], f"{count}+" if waiting.has_more(name) else count, name == node)
        for name, count in counts.items()
    )
    total = sum(counts.values())
    return [Tab("?", _("All"), f"{total}+" if waiting.is_cut else total, not node), *steps]


@dataclass(frozen=True)
class Way:
    """Where an assessment of one's own stands, and why it is excluded if it is."""

    assessment: Assessment
    steps: Sequence[object]
    exclusion: Exclusion | None


def _told_of(page: Iterable[Task], own: Sequence[Assessment]) -> set[int]:
    """The keys of the assessments of whose history the page tells: a filer's tasks, and the ways that are drawn."""
    drawn = {assessment.pk for assessment in own[:MOST_STEPS]}
    return drawn | {task.process_id for task in page if task.role == Role.FILER}


def _ways(assessments: Sequence[Assessment], history: History) -> list[Way]:
    """For filers: where their own assessments stand."""
    steps, excluded = steps_of_each(assessments, history), exclusions_of(assessments, history)
    return [Way(assessment, steps[assessment.pk], excluded.get(assessment.pk)) for assessment in assessments]


@requires(Action.SIGNED_IN)
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """The one address of a task: on to where it is done, or, done or held by a colleague, to its assessment."""
    actor = requester(request)
    mine = tasks_for(actor).filter(pk=pk).first()
    if mine is None:
        done = get_object_or_404(tasks_told_to(actor), pk=pk)
        return redirect("assessment", pk=done.process_id)
    name, by_task = PAGES.get(owed.node_of(mine), ("assessment", False))
    return redirect(name, pk=mine.pk if by_task else mine.process_id)


@requires(Action.SIGNED_IN)
@posted_from("task", "pk")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task."""
    with refusals_told(request):
        assignments.claim(task=_mine(request, pk), by=requester(request).user)
        messages.success(request, _("It is yours now."))
    return redirect("inbox")


@requires(Action.SIGNED_IN)
@posted_from("task", "pk")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task back."""
    with refusals_told(request):
        assignments.release(task=_mine(request, pk), by=requester(request).user)
        messages.success(request, _("It is free for your colleagues again."))
    return redirect("inbox")


def _mine(request: HttpRequest, pk: int) -> Task:
    """A task that the person may do; else not found."""
    return get_object_or_404(tasks_for(requester(request)), pk=pk)


@requires(Action.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a task to a colleague."""
    actor, held = requester(request), _mine(request, pk)
    form = DelegateForm(request.POST or None, task=held, by=actor.user)
    if request.method == "POST" and form.is_valid():
        to, why = form.cleaned_data["to"], form.cleaned_data["why"]
        with refusals_on(form):
            assignments.delegate(task=held, by=actor.user, to=to, why=why)
            messages.success(request, _("Handed to %(name)s.") % {"name": to.name})
            return redirect("inbox")
    assessment = get_object_or_404(assessments_visible_to(actor), pk=held.process_id)
    context = {
        "form": form,
        "task": held,
        "cycle": assessment.sheet.cycle,
        "assessment": assessment,
        "steps": steps_of(assessment),
    }
    return render(request, "workflow/inbox/inbox_delegate.html", context)
