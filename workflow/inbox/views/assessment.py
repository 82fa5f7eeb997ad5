"""The page of one assessment: its steps, where it is, what was handed in, returned and done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor, requester
from accounts.models import Role
from accounts.permissions import Action, may, reads
from accounts.posted import posts
from accounts.rules import not_own_unit
from audit.queries import events_of
from common.ui.answers import refusals_told
from common.ui.asked import page_of
from documents.models import RosterWaiver, UnsubmittedDraft
from documents.queries import DraftChanges, changes_of
from workflow.filing.forms import WaiverForm
from workflow.filing.queries.own import awaits_draw
from workflow.filing.services.filing import allow_smaller_roster
from workflow.flow.models import Assessment
from workflow.flow.queries.exclusion import exclusions_of
from workflow.flow.queries.process import open_tasks
from workflow.flow.queries.steps import frame_of
from workflow.flow.queries.timeline import returns_of, timeline_of
from workflow.flow.queries.visibility import assessments_visible_to
from workflow.flow.queries.words import Told
from workflow.inbox.queries.before import year_before

EVENTS_PER_PAGE = 30


@reads(Action.READ_ASSESSMENT)
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Steps with dates, where it lies, submissions, returns; events for those who may read them."""
    return _page(request, _visible(request, pk), WaiverForm())


def _visible(request: HttpRequest, pk: int) -> Assessment:
    """An assessment that the person may see; else not found."""
    return get_object_or_404(assessments_visible_to(requester(request)), pk=pk)


def _page(request: HttpRequest, shown: Assessment, form: WaiverForm) -> HttpResponse:
    actor, sheet = requester(request), shown.sheet
    context = frame_of(shown) | {
        "lies_with": open_tasks().filter(process=shown).exclude(role="").select_related("department", "unit", "owner"),
        "submissions": sheet.submissions.select_related("submitted_by"),
        "returns": returns_of(shown),
        "before": year_before(sheet),
        "drafts": _drafts(actor, shown),
        "exclusion": exclusions_of([shown]).get(shown.pk),
        "own": sheet.unit_id in actor.unit_ids,
        "office": Role.OFFICE in actor.roles,
        "reads_all": may(actor, Action.READ_CYCLE),
        **_happened(request, shown),
        **_roster(actor, shown, form),
    }
    return render(request, "workflow/inbox/assessment.html", context)


def _happened(request: HttpRequest, shown: Assessment) -> dict[str, Any]:
    """A page of the events for who may read them, else what everybody may know."""
    if not may(requester(request), Action.READ_EVENTS):
        return {"timeline": timeline_of(shown)}
    page = page_of(request, events_of(shown.sheet.recorded_as), size=EVENTS_PER_PAGE)
    return {"page": page, "events": [Told(event) for event in page]}


def _roster(actor: Actor, shown: Assessment, form: WaiverForm) -> dict[str, Any]:
    """Where the track has a roster: how many stand in it, and whether fewer than the sample are or can be allowed."""
    if shown.sheet.rules.recipients is None:
        return {}
    return {
        "has_roster": True,
        "waiver": RosterWaiver.objects.filter(sheet=shown.sheet).first(),
        "form": form,
        "why_not": not_own_unit.refusal(actor, shown.sheet),
        "people": shown.sheet.roster.count(),
        "waivable": awaits_draw(shown),
    }


def _drafts(actor: Actor, shown: Assessment) -> list[tuple[UnsubmittedDraft, DraftChanges]]:
    """What was typed after a return and not handed in: for the unit that typed it, and for who oversees the cycle."""
    if shown.sheet.unit_id not in actor.unit_ids and not may(actor, Action.READ_CYCLE):
        return []
    return [(draft, changes_of(draft)) for draft in shown.sheet.drafts.select_related("submission")]


@posts(Action.RUN_CYCLE, "assessment", "pk")
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a roster pass that is smaller than the sample (R8)."""
    shown, form = _visible(request, pk), WaiverForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, form)
    with refusals_told(request):
        allow_smaller_roster(assessment=shown, by=requester(request).user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The smaller roster is allowed."))
    return redirect("assessment", pk=pk)
