"""Department review: the list of a department, the page of a unit, and the head's approval of many."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.models import Role
from accounts.permissions import Action, asks, reads
from accounts.posted import posts
from common.ui.answers import is_autosave, is_confirmed, refusals_on, saved, wrong_in
from common.ui.asked import page_of, ticked
from common.ui.fields import ReasonForm
from scoring.engine.track import TrackRules
from scoring.models import SheetLine
from scoring.wording import say_points
from workflow.bulk.models import BulkKind
from workflow.bulk.services import ask_of_tasks
from workflow.bulk.views import answer
from workflow.flow.cycles import at_cycle, carried, counted_by_cycle, cycle_of, cycle_shown
from workflow.flow.models import Task
from workflow.flow.queries.steps import frame_of
from workflow.flow.rules import approves
from workflow.review.forms.review import ReviewForm, typed_anew
from workflow.review.queries.lines import lines_of
from workflow.review.queries.review import (
    facts_beside,
    found_of,
    groups_for,
    open_reviews,
    points_given,
    reviews_visible_to,
    standing_in,
    version_of,
)
from workflow.review.queries.review_grid import tracks_reviewed_by
from workflow.review.queries.sent_back import review_sent_back
from workflow.review.services.points import save_reviews
from workflow.review.services.review import hand_back_review, propose_review

FOLLOWS = "workflow/filing/_self_evaluation_follows.html"


@reads(Action.REVIEW)
def review(request: HttpRequest) -> HttpResponse:
    """What the department still has to review or approve, and what it has done."""
    actor, done = requester(request), "done" in request.GET
    shown = cycle_shown(request, work=counted_by_cycle(open_reviews(actor)), all_years=done, keep=("done",))
    still_open = open_reviews(actor, shown.cycle)
    finished = reviews_visible_to(actor).filter(process__sheet__cycle=shown.cycle).exclude(finished=None)
    tasks = finished.order_by("-finished") if done else still_open
    context = shown.context | {
        "page": page_of(request, tasks),
        "done": done,
        "head": bool(actor.department_ids(Role.HEAD)),
        "waiting_for_head": still_open.filter(role=Role.HEAD).count(),
        "grids": tracks_reviewed_by(actor).filter(cycle=shown.cycle),
    }
    return render(request, "workflow/review/review.html", context)


@asks(Action.REVIEW)
def review_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's self-evaluation and, side by side, what the department gives; saved as it is typed."""
    task = get_object_or_404(reviews_visible_to(requester(request)), pk=pk)
    lines, rules = lines_of(task), task.process.sheet.rules
    form = ReviewForm(lines, rules, _typed(request, lines, rules) if request.method == "POST" else None)
    if request.method == "POST":
        _save(request, task, form)
        if is_autosave(request):
            return _answer(request, task, form)
        if not form.errors:
            messages.success(request, _("The review is saved."))
            return redirect(_after(request, task))
        lines = lines_of(task)  # as they stand by now
    return render(request, "workflow/review/review_unit.html", _unit_context(request, task, form, lines))


def _save(request: HttpRequest, task: Task, form: ReviewForm) -> None:
    """Keep what is right, then hand over if asked; what is wrong stands on the form."""
    by = requester(request).user
    form.is_valid()
    for (_task, name), words in save_reviews(given={task: form.given()}, by=by).refused.items():
        form.add_error(name, words)
    if "propose" in request.POST and not form.errors:
        with refusals_on(form):
            propose_review(task=task, by=by)


def _typed(request: HttpRequest, lines: Sequence[SheetLine], rules: TrackRules) -> Mapping[str, str]:
    return request.POST if is_autosave(request) else typed_anew(request.POST, standing_in(lines, rules))


def _answer(request: HttpRequest, task: Task, form: ReviewForm) -> HttpResponse:
    """What became of saving as one types; of the page's version only what it has shown since is another one."""
    lines, rules = lines_of(task), task.process.sheet.rules
    said, values = _followed(lines, rules) if form.tells_basis else ({}, {})
    shown = {*request.POST.getlist("changed"), *values}
    version = version_of(standing_in(lines, rules), before=request.POST.get("version", ""), anew=shown)
    return saved(wrong_in(form), said, values, version=version)


def _followed(lines: Sequence[SheetLine], rules: TrackRules) -> tuple[dict[str, str], dict[str, str]]:
    """The pieces that say what follows from what the department finds, and the points by the names of their inputs."""
    said, values = dict[str, str](), dict[str, str]()
    for line in lines:
        found = found_of(line, rules.part(line.code))
        if found is not None:
            said[f"#follows-{found.id}"] = render_to_string(FOLLOWS, {"row": found})
            values[f"value-{line.code}"] = "" if line.reviewed is None else say_points(line.reviewed)
    return said, values


def _after(request: HttpRequest, task: Task) -> str:
    handed_over = "propose" in request.POST
    return at_cycle("review", task.process.sheet.cycle) if handed_over else reverse("review-unit", args=[task.pk])


def _unit_context(request: HttpRequest, task: Task, form: ReviewForm, lines: Sequence[SheetLine]) -> dict[str, object]:
    return frame_of(task.process) | {
        "task": task,
        "version": version_of(standing_in(lines, task.process.sheet.rules)),
        "groups": groups_for(task, lines, typed=form.data, wrong=wrong_in(form)),
        "facts": facts_beside(task),
        "form": form,
        "editable": task.finished is None and task.role == Role.REVIEWER,
        "approvable": task.finished is None and task.role == Role.HEAD and approves.allows(requester(request), task),
        "sent_back": review_sent_back(task),
        "reason": ReasonForm(),
    }


@posts(Action.APPROVE_REVIEW, "review")
def approve(request: HttpRequest) -> HttpResponse:
    """The head approves one or many: first how many and which, then it is done."""
    actor = requester(request)
    tasks = list(open_reviews(actor).filter(role=Role.HEAD, pk__in=ticked(request.POST)))
    if not is_confirmed(request):
        keys = [task.pk for task in tasks]
        context = {"keys": keys, "items": _items(tasks), "cycle": cycle_of(tasks)}
        return render(request, "workflow/review/review_approve.html", context)
    if not tasks:
        return redirect(carried(request, "review"))
    run = ask_of_tasks(BulkKind.APPROVE_REVIEWS, tasks, by=actor.user)
    return answer(request, run, done=_approved, back=carried(request, "review"))


def _approved(count: int) -> str:
    return ngettext("%(count)d review approved.", "%(count)d reviews approved.", count) % {"count": count}


def _items(tasks: list[Task]) -> list[dict[str, str]]:
    given = points_given(tasks)
    text = _("%(points)s points given, handed over by %(who)s")
    return [
        {
            "label": task.process.sheet.unit_name,
            "note": text % {"points": say_points(given[task.pk]), "who": task.handed_over_by or ""},
        }
        for task in tasks
    ]


@posts(Action.APPROVE_REVIEW, "review-unit", "pk")
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The head gives a review back with the reason."""
    task = get_object_or_404(reviews_visible_to(requester(request)), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            hand_back_review(task=task, by=requester(request).user, why=form.cleaned_data["why"])
            messages.success(request, _("The review was handed back."))
            return redirect(at_cycle("review", task.process.sheet.cycle))
    lines = lines_of(task)
    context = _unit_context(request, task, ReviewForm(lines, task.process.sheet.rules), lines) | {"reason": form}
    return render(request, "workflow/review/review_unit.html", context)
