"""The office's ballots of a unit: printed on paper, issued anew; never what was given."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.actors import requester
from accounts.permissions import Action, asks, reads
from accounts.posted import posts
from common.ui.answers import is_confirmed, refusals_on, refusals_told
from common.ui.asked import ticked
from scoring.models import Draw
from scoring.rules import none_of_own
from workflow.flow.models import Node
from workflow.flow.queries.process import open_task
from workflow.rating.forms.slips import ReissueForm
from workflow.rating.queries.ballots import closing_of, issued_ballots, sharing_a_device
from workflow.rating.services.links import address_of, entry_address
from workflow.rating.services.slips import print_slips, reissue_ballot
from workflow.rating.services.tokens import grouped


@reads(Action.RUN_CYCLE)
def ballots(request: HttpRequest, pk: int) -> HttpResponse:
    """Every ballot in force with its person, masked, and whether it was used; how many came from shared devices."""
    draw = _draw(pk)
    issued = issued_ballots(draw)
    over = "" if open_task(draw.sheet.assessment, Node.RECIPIENT_RATING) else _("Rating is over.")
    context = {
        "rows": issued,
        "spent": sum(row.ballot.spent for row in issued),
        "sharing": sharing_a_device(draw),
        "why_not": over or none_of_own.refusal(requester(request), draw.sheet),
    }
    return render(request, "workflow/rating/ballots.html", _about(draw) | context)


@posts(Action.RUN_CYCLE, "ballots", "pk")
@never_cache
def ballot_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Show for whom and what ends by it; then print, this once."""
    draw, keys = _draw(pk), ticked(request.POST)
    chosen = [row for row in issued_ballots(draw) if row.ballot.pk in keys and not row.ballot.spent]
    if not chosen:
        messages.error(request, _("No ballot was chosen that can be printed."))
        return redirect("ballots", pk)
    if not is_confirmed(request):
        context = {
            "keys": [row.ballot.pk for row in chosen],
            "items": [{"label": row.ballot.opaque_id, "note": row.person.name if row.person else ""} for row in chosen],
            "ending": sum(row.ballot.token_sha256 is not None for row in chosen),
        }
        return render(request, "workflow/rating/slips_confirm.html", _about(draw) | context)
    with refusals_told(request):
        printed = print_slips(draw=draw, ballots=keys, by=requester(request).user)
        slips = [
            {"id": slip.opaque_id, "code": grouped(slip.token), "address": address_of(slip.token)} for slip in printed
        ]
        context = {"slips": slips, "entry": entry_address(), "closes": closing_of(draw.sheet)}
        return render(request, "workflow/rating/slips.html", _about(draw) | context)
    return redirect("ballots", pk)


@asks(Action.RUN_CYCLE)
def ballot_reissue(request: HttpRequest, pk: int, ballot_pk: int) -> HttpResponse:
    """Ask why, then revoke the ballot and send its person the link of another."""
    draw = _draw(pk)
    ballot = get_object_or_404(draw.ballots.select_related("draw__sheet__assessment"), pk=ballot_pk)
    form = ReissueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            reissue_ballot(ballot=ballot, why=form.cleaned_data["why"], by=requester(request).user)
            messages.success(request, _("The earlier link opens nothing any more; a new one is on its way."))
            return redirect("ballots", pk)
    return render(request, "workflow/rating/ballot_reissue.html", _about(draw) | {"ballot": ballot, "form": form})


def _draw(pk: int) -> Draw:
    return get_object_or_404(Draw.objects.select_related("sheet__unit", "sheet__cycle", "sheet__assessment"), pk=pk)


def _about(draw: Draw) -> dict[str, object]:
    return {"draw": draw, "sheet": draw.sheet, "cycle": draw.sheet.cycle}
