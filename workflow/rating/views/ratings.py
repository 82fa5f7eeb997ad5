"""A recipient's ballot and the leaders' sheet."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import requester
from accounts.permissions import Action, requires
from common import clock
from common.arrival import arrival_of
from common.errors import DomainError
from common.numbers import points_in
from workflow.flow.cycles import at_cycle, cycle_shown
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.rating.forms import BallotForm, GridForm
from workflow.rating.queries import GridRow, grid_of, left_the_grid, waiting_for_leaders
from workflow.rating.services.ballots import ballots_for
from workflow.rating.services.ratings import cast_ballot, require_window, save_leader_ratings

GONE = gettext_lazy("A unit no longer waits for leaders' ratings. Reload the page to see how it stands.")


@requires(Action.PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def ballot(request: HttpRequest, token: str) -> HttpResponse:
    """One question on one screen; the link works once, inside the window."""
    found = ballots_for(token).first()
    if found is None:
        return render(request, "errors/expired.html", status=404)
    sheet = found.draw.sheet
    context = {"sheet": sheet, "cycle": sheet.cycle}
    if found.used:
        return render(request, "workflow/rating/ballot_done.html", context)
    try:
        require_window(sheet.cycle, arrival_of(request))
    except DomainError as error:
        return render(request, "workflow/rating/ballot_closed.html", context | {"reason": error.message}, status=403)
    form = BallotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cast_ballot(ballot=found, value=form.cleaned_data["value"], arrived_at=arrival_of(request))
        except DomainError as error:
            form.add_error("value", str(error.message))
        else:
            return redirect("ballot", token=token)
    return render(request, "workflow/rating/ballot.html", context | {"form": form})


@requires(Action.RATE)
@require_http_methods(["GET", "POST"])
def leaders_grid(request: HttpRequest) -> HttpResponse:
    """Every unit of a cycle that waits for leaders, one rating each, saved as it is typed."""
    actor = requester(request)
    shown = cycle_shown(request, work=counted_by_cycle(waiting_for_leaders(actor)))
    rows = grid_of(actor, shown.cycle)
    form = GridForm(rows, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        errors = _save(request, form)
        if request.headers.get("X-Requested-With") == "autosave":
            errors |= dict.fromkeys(form.gone, str(GONE))
            return JsonResponse({"saved_at": f"{clock.now().astimezone(clock.BEIJING):%H:%M}", "errors": errors})
        if form.gone:
            errors |= _gone(request, form)
        if not errors:
            messages.success(request, _("Your ratings are saved."))
            return redirect(at_cycle("leaders-grid", shown.cycle))
        for field, message in errors.items():
            if field not in form.errors:
                form.add_error(field if field in form.fields else None, message)
    return render(request, "workflow/rating/leaders_grid.html", shown.context | _grid_context(rows, form))


def _save(request: HttpRequest, form: GridForm) -> dict[str, str]:
    """Keep each rating that is right, also when another is refused; say at its field what is wrong with it."""
    form.is_valid()
    errors = {name: str(problems[0]) for name, problems in form.errors.items()}
    by, arrived_at = requester(request).user, arrival_of(request)
    for name, (sheet_id, value) in form.changed().items():
        try:
            save_leader_ratings(by=by, values={sheet_id: value}, arrived_at=arrived_at)
        except DomainError as error:
            errors[name] = str(error.message)
    return errors


def _gone(request: HttpRequest, form: GridForm) -> dict[str, str]:
    """What was typed anew for units that left the sheet meanwhile, so that nobody believes it counted."""
    left = left_the_grid(requester(request), form.gone)
    lost = [f"{name} {form.gone[field]}" for field, name, kept in left if not _same(form.gone[field], kept)]
    not_counted = _("Not counted: %(units)s.") % {"units": "、".join(lost)}
    return {"": f"{GONE} {not_counted}"} if lost else {}


def _same(text: str, kept: Decimal | None) -> bool:
    """Whether what was typed is what counts already; what is no number is never the same."""
    if not text.strip():
        return kept is None
    return kept is not None and points_in(text) == kept


def _grid_context(rows: list[GridRow], form: GridForm) -> dict[str, object]:
    lines = [
        {
            "row": row,
            "value": form.data.get(row.field, row.value) if form.is_bound else row.value,
            "error": (form.errors.get(row.field) or [""])[0] if form.is_bound else "",
        }
        for row in rows
    ]
    return {
        "lines": lines,
        "form": form,
        "given": sum(row.value is not None for row in rows),
        "due": rows[0].task.due_at if rows else None,
    }
