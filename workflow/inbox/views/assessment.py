"""The page of one assessment: its steps, where it is, what was handed in, returned and done."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actors import Actor, requester
from accounts.models import Role
from accounts.permissions import Action, may, requires
from accounts.posted import posted_from
from accounts.rules import not_own_unit
from audit.queries import events_of
from common.errors import DomainError
from documents.models import RosterWaiver, UnsubmittedDraft
from documents.queries import DraftChanges, changes_of
from scoring.queries.sheets import rules_of
from workflow.filing.forms.acceptance import WaiverForm
from workflow.filing.queries.own import awaits_draw
from workflow.filing.services.filing import allow_smaller_roster
from workflow.flow.endings import subject_of
from workflow.flow.models import Assessment
from workflow.flow.queries.exclusion import exclusions_of
from workflow.flow.queries.process import open_tasks
from workflow.flow.queries.steps import steps_of
from workflow.flow.queries.timeline import returns_of, timeline_of
from workflow.flow.queries.visibility import assessments_visible_to
from workflow.flow.queries.words import state_in_words

EVENTS_PER_PAGE = 30


@requires(Action.READ_ASSESSMENT)
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Steps with dates, where it lies, submissions, returns; events for those who may read them."""
    actor = requester(request)
    found = get_object_or_404(assessments_visible_to(actor), pk=pk)
    return render(request, "workflow/inbox/assessment.html", _context(request, actor, found))


def _context(request: HttpRequest, actor: Actor, found: Assessment) -> dict[str, Any]:
    context: dict[str, Any] = {
        "assessment": found,
        "sheet": found.sheet,
        "cycle": found.sheet.cycle,
        "steps": steps_of(found),
        "lies_with": open_tasks().filter(process=found).exclude(role="").select_related("department", "unit", "owner"),
        "submissions": found.sheet.submissions.select_related("submitted_by"),
        "returns": returns_of(found),
        "drafts": _drafts(actor, found),
        "exclusion": exclusions_of([found]).get(found.pk),
        "own": found.sheet.unit_id in actor.unit_ids,
        "office": Role.OFFICE in actor.roles,
        "reads_all": may(actor, Action.READ_CYCLE),
    }
    if may(actor, Action.READ_EVENTS):
        context["events"] = _events(request, found)
    else:
        context["timeline"] = timeline_of(found)
    if rules_of(found.sheet).recipients is not None:
        context |= {"has_roster": True, "waiver": RosterWaiver.objects.filter(sheet=found.sheet).first()}
        context |= {"form": WaiverForm(), "why_not": not_own_unit.refusal(actor, found.sheet)}
        context |= {"people": found.sheet.roster.count(), "waivable": awaits_draw(found)}
    return context


def _drafts(actor: Actor, found: Assessment) -> list[tuple[UnsubmittedDraft, DraftChanges]]:
    """What was typed after a return and not handed in: for the unit that typed it, and for who oversees the cycle."""
    if found.sheet.unit_id not in actor.unit_ids and not may(actor, Action.READ_CYCLE):
        return []
    return [(draft, changes_of(draft)) for draft in found.sheet.drafts.select_related("submission", "sheet")]


def _events(request: HttpRequest, found: Assessment) -> Page[Any]:
    """A page of the events, with the steps that they went from and to in words."""
    page = Paginator(events_of(subject_of(found.sheet)), EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    for event in page.object_list:
        for name in ("came_from", "went_to"):
            setattr(event, f"{name}_label", state_in_words(getattr(event, name)))
    return page


@requires(Action.RUN_CYCLE)
@posted_from("assessment", "pk")
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a roster pass that is smaller than the sample (R8)."""
    actor = requester(request)
    found = get_object_or_404(assessments_visible_to(actor), pk=pk)
    form = WaiverForm(request.POST)
    if not form.is_valid():
        return render(request, "workflow/inbox/assessment.html", _context(request, actor, found) | {"form": form})
    try:
        allow_smaller_roster(assessment=found, by=actor.user, reason=form.cleaned_data["reason"])
    except DomainError as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, _("The smaller roster is allowed."))
    return redirect("assessment", pk=pk)
