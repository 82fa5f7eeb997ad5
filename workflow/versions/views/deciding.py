"""The head's pages of another version: signing it with the password once more, or giving it back with words."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks
from common.ui.answers import refusals_on
from common.ui.fields import ReasonForm
from scoring.models import SchemeProposal
from workflow.board.forms import SignForm
from workflow.bulk.models import BulkKind
from workflow.bulk.queries import being_worked_off
from workflow.versions.rules import signs_version
from workflow.versions.services.signing import return_version, sign_version
from workflow.versions.views.versions import PROPOSALS, summary_of, told_of


@asks(Action.SIGN_BOARD)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the password and let the version that was seen count from now on."""
    proposal = get_object_or_404(PROPOSALS, pk=pk)
    if refusal := signs_version.refusal(requester(request), proposal) or _not_waiting(proposal):
        messages.error(request, refusal)
        return redirect("version", pk)
    form = SignForm(request.POST or None, request=request)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            sign_version(proposal=proposal, seen=form.cleaned_data["seen"], by=requester(request).user)
            messages.success(request, _("The version is signed: from now on it counts."))
            run = being_worked_off(proposal.cycle, BulkKind.NEW_VERSION)
            return redirect("bulk-run", run.pk) if run else redirect("version", pk)
    seen = request.POST.get("seen") or request.GET.get("seen") or proposal.scheme.sha256
    told = told_of(proposal)
    context = {"proposal": proposal, "cycle": proposal.cycle, "form": form, "seen": seen}
    context["summary"] = summary_of(told) if told else None
    return render(request, "workflow/versions/sign.html", context)


@asks(Action.SIGN_BOARD)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is to be done, then give the version back to the office."""
    proposal = get_object_or_404(PROPOSALS, pk=pk)
    if request.method == "GET" and (refusal := _not_waiting(proposal)):
        messages.error(request, refusal)
        return redirect("version", pk)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            return_version(proposal=proposal, by=requester(request).user, **form.cleaned_data)
            messages.success(request, _("The version is back at the office."))
            return redirect("version", pk)
    return render(
        request, "workflow/versions/return.html", {"proposal": proposal, "cycle": proposal.cycle, "form": form}
    )


def _not_waiting(proposal: SchemeProposal) -> str:
    """Why nothing is decided on a version any more, or not yet, in words; empty while it waits."""
    if not proposal.is_open:
        return _("This version is signed or given up.")
    return "" if proposal.is_waiting else _("This version has not been submitted.")
