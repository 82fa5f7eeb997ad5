"""The office's pages of who answers for what in a cycle, and of holiday orders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks
from common.ui.answers import refusals_on
from scoring.calendar import known_years
from scoring.forms.cycles import HolidayForm, ResponsibilityForm
from scoring.models import HolidayOrder, Track
from scoring.services.cycles import set_responsibilities
from scoring.services.holidays import enter_holiday_order


@asks(Action.RUN_CYCLE)
def responsibilities(request: HttpRequest, slug: str, track: str) -> HttpResponse:
    """The receiving desk of a track and who answers for each of its parts and adjustments."""
    tracks = Track.objects.select_related("cycle__scheme", "desk")
    chosen = get_object_or_404(tracks, cycle__slug=slug, code=track, cycle__scheme__isnull=False)
    form = ResponsibilityForm(chosen, request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            by, desk = requester(request).user, form.cleaned_data["desk"]
            set_responsibilities(track=chosen, desk=desk, answers=form.answers(), by=by)
            messages.success(request, _("Saved."))
            return redirect("cycle-settings", slug)
    context = {"form": form, "track": chosen, "cycle": chosen.cycle, "tracks": chosen.cycle.tracks.all()}
    return render(request, "scoring/responsibilities.html", context)


@asks(Action.RUN_CYCLE)
def holidays(request: HttpRequest) -> HttpResponse:
    """The holiday orders entered by the office, and one to enter."""
    form = HolidayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            enter_holiday_order(**form.cleaned_data, by=requester(request).user)
            messages.success(request, _("The holiday order is kept."))
            return redirect("holidays")
    orders = HolidayOrder.objects.select_related("entered_by")
    return render(request, "scoring/holidays.html", {"form": form, "orders": orders, "known": known_years()})
