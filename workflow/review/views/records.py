"""The records of the year: logged by departments, withdrawn with a reason."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import Actor, requester
from accounts.models import Department, Unit
from accounts.permissions import Action, asks
from accounts.posted import posts
from common.ui.answers import refusals_on
from common.ui.asked import page_of, words_in
from common.ui.fields import ReasonForm
from scoring.models import Cycle, RecordKind
from workflow.flow.cycles import CycleShown, at_cycle, cycle_shown
from workflow.review.forms.records import RecordForm
from workflow.review.queries.records import own_record, records_visible_to
from workflow.review.services.records import log_record, withdraw_record


@asks(Action.LOG_RECORD)
def records(request: HttpRequest) -> HttpResponse:
    """What was recorded, and a form for one fact more."""
    actor, shown = requester(request), _shown(request)
    cycle = shown.cycle
    running = cycle if cycle is not None and cycle.closed_at is None else None
    units = Unit.objects.filter(actor.no_stake("pk"), sheets__cycle=running)
    form = RecordForm(units, request.POST if request.method == "POST" else None)
    if request.method == "POST" and running is not None and form.is_valid():
        with refusals_on(form):
            _log(actor, running, form)
            messages.success(request, _("The fact is recorded."))
            return redirect(at_cycle("records", cycle))
    records = records_visible_to(actor).filter(cycle=cycle).annotate(own=own_record(actor))
    kind = request.GET.get("kind", "")
    if kind in RecordKind.values:
        records = records.filter(kind=kind)
    search = words_in(request)
    if search:
        records = records.filter(Q(unit__name__icontains=search) | Q(text__icontains=search))
    page = page_of(request, records)
    context = {"page": page, "form": form, "open": running, "q": search, "kind": kind, "kinds": RecordKind.choices}
    return render(request, "workflow/review/records.html", shown.context | context)


def _shown(request: HttpRequest) -> CycleShown:
    """The cycle whose records are shown: facts are recorded for drafts too, and first for the newest not closed."""
    cycles = list(Cycle.objects.select_related("scheme").order_by("-year", "-pk"))
    newest = next((cycle for cycle in cycles if cycle.closed_at is None), None)
    return cycle_shown(request, among=cycles, work={}, first=newest, all_years=True)


def _log(actor: Actor, cycle: Cycle, form: RecordForm) -> None:
    department = Department.objects.filter(pk__in=actor.department_ids()).order_by("pk").first()
    log_record(cycle=cycle, department=department, by=actor.user, **form.cleaned_data)


@posts(Action.LOG_RECORD, "records")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a record back, with the reason."""
    actor = requester(request)
    record = get_object_or_404(records_visible_to(actor).filter(own_record(actor)), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        withdraw_record(record=record, why=form.cleaned_data["why"], by=actor.user)
        messages.success(request, _("The record is withdrawn."))
    else:
        messages.error(request, _("Please give the reason."))
    return redirect(at_cycle("records", record.cycle))
