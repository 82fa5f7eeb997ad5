"""The office's pages of another version: its reason, its submission, giving it up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks
from accounts.posted import posts
from common.ui.answers import refusals_on, refusals_told
from scoring.models import Cycle
from scoring.views.editor import begin_sitting
from workflow.versions.forms import CorrectionReasonForm
from workflow.versions.queries.obstacles import what_keeps_back
from workflow.versions.services.proposing import propose_version, submit_version, withdraw_version
from workflow.versions.views.versions import PROPOSALS


@asks(Action.RUN_CYCLE)
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask why the scheme has to be corrected, then begin the version: it is edited like a draft."""
    cycle = get_object_or_404(Cycle.objects.exclude(opened_at=None), slug=slug)
    form = CorrectionReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            propose_version(cycle=cycle, by=requester(request).user, **form.cleaned_data)
            begin_sitting(request, slug, form.cleaned_data["why"])
            messages.success(request, _("The version is begun. Nothing counts by it before it is signed."))
            return redirect("scheme-edit", slug)
    return render(request, "workflow/versions/propose.html", {"cycle": cycle, "form": form})


@asks(Action.RUN_CYCLE)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the reason once more, then submit the version to the head."""
    proposal = get_object_or_404(PROPOSALS, pk=pk)
    form = CorrectionReasonForm(request.POST or None, initial={"why": proposal.why})
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            submit_version(proposal=proposal, by=requester(request).user, **form.cleaned_data)
            messages.success(request, _("The version waits for the signature of the head of the leading group."))
            return redirect("version", pk)
    doubts = proposal.scheme.findings.filter(settled_at=None)
    context = {"proposal": proposal, "cycle": proposal.cycle, "form": form, "doubts": doubts}
    return render(request, "workflow/versions/submit.html", context | {"keeps": what_keeps_back(proposal)})


@posts(Action.RUN_CYCLE, "version", "pk")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the version up."""
    proposal = get_object_or_404(PROPOSALS, pk=pk)
    with refusals_told(request):
        withdraw_version(proposal=proposal, by=requester(request).user)
        messages.success(request, _("The version is given up; the one in force stays."))
    return redirect("scheme-versions", proposal.cycle.slug)
