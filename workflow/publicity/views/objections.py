"""Objections for the office: read, and decided with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, may
from accounts.rules import not_own_unit
from common.ui.answers import refusals_on
from workflow.flow.queries.steps import frame_of
from workflow.publicity.forms import DecisionForm
from workflow.publicity.queries.publicity import objections_listed
from workflow.publicity.services.objections import decide_objection


@asks(Action.READ_BOARD)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection; who filed it is shown to the office only, and the office decides (R13, R17)."""
    objection = get_object_or_404(objections_listed(), pk=pk)
    actor = requester(request)
    is_office = may(actor, Action.RUN_CYCLE)
    why_not = not_own_unit.refusal(actor, objection.sheet) if is_office else ""
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and is_office and form.is_valid():
        with refusals_on(form):
            decide_objection(objection=objection, by=actor.user, **form.cleaned_data)
            messages.success(request, _("The objection is decided."))
            return redirect("objection", pk)
    context = frame_of(objection.sheet.assessment) | {
        "objection": objection,
        "form": form,
        "is_office": is_office,
        "may_decide": is_office and not objection.decision and not why_not,
        "why_not": why_not,
    }
    return render(request, "workflow/publicity/objection.html", context)
