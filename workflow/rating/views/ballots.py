"""A recipient's ballot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import Action, requires
from common.arrival import arrival_of
from common.errors import DomainError
from common.ui.answers import refusals_on
from workflow.rating.forms.ballots import BallotForm
from workflow.rating.services.ballots import ballots_for, cast_ballot, require_in_time


@requires(Action.PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def ballot(request: HttpRequest, token: str) -> HttpResponse:
    """One question on one screen; the link works once, inside the window."""
    ballot = ballots_for(token).first()
    if ballot is None:
        return render(request, "errors/expired.html", status=404)
    sheet = ballot.draw.sheet
    context = {"sheet": sheet, "cycle": sheet.cycle}
    if ballot.spent:
        return render(request, "workflow/rating/ballot_done.html", context)
    try:
        require_in_time(ballot, arrival_of(request))
    except DomainError as error:
        return render(request, "workflow/rating/ballot_closed.html", context | {"reason": error.message}, status=403)
    form = BallotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, field="value"):
            cast_ballot(ballot=ballot, value=form.cleaned_data["value"], arrived_at=arrival_of(request))
            return redirect("ballot", token=token)
    return render(request, "workflow/rating/ballot.html", context | {"form": form})
