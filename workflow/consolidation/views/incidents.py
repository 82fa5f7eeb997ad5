"""The office's decisions on incidents of a unit (R10)."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, reads
from accounts.posted import posts
from accounts.rules import not_own_unit
from common.bodies import takes_files
from common.ui.answers import refusals_on, refusals_told
from common.ui.fields import ReasonForm
from scoring.models import Incident
from workflow.consolidation.forms import IncidentForm
from workflow.consolidation.services.consolidation import CONFIRMED, decide_incident, withdraw_incident
from workflow.flow.queries.steps import frame_of
from workflow.flow.queries.visibility import assessments_visible_to


@asks(Action.RUN_CYCLE)
@takes_files
def incidents(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided on this unit, and a form for one decision more."""
    actor = requester(request)
    assessment = get_object_or_404(assessments_visible_to(actor), pk=pk)
    sheet = assessment.sheet
    form = IncidentForm(sheet, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            decide_incident(assessment=assessment, decision=form.decision, by=actor.user)
            messages.success(request, _("The decision is recorded."))
            return redirect("incidents", pk=pk)
    context = frame_of(assessment) | {
        "form": form,
        "applies": sheet.rules.incident_rule or bool(sheet.rules.vetoes),
        "confirmed": assessment.step in CONFIRMED,
        "why_not": not_own_unit.refusal(actor, sheet),
        "incidents": sheet.incidents.select_related("decided_by"),
    }
    return render(request, "workflow/consolidation/incidents.html", context)


def _page_of(pk: int) -> str:
    """The page of decisions on which the one with this key stands."""
    incident = get_object_or_404(Incident.objects.select_related("sheet__assessment"), pk=pk)
    return reverse("incidents", args=[incident.sheet.assessment.pk])


@posts(Action.RUN_CYCLE, _page_of)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, with the reason."""
    incident = get_object_or_404(Incident.objects.select_related("sheet__assessment", "sheet__cycle"), pk=pk)
    form = ReasonForm(request.POST)
    with refusals_told(request):
        why = form.cleaned_data["why"] if form.is_valid() else ""
        withdraw_incident(incident=incident, why=why, by=requester(request).user)
        messages.success(request, _("The decision is withdrawn."))
    return redirect("incidents", pk=incident.sheet.assessment.pk)


@reads(Action.READ_CYCLE)
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document of a decision."""
    incident = get_object_or_404(Incident, pk=pk)
    return FileResponse(incident.document.open(), as_attachment=True, filename=incident.document_name)
