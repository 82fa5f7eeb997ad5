"""The leaders' sheet."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor, requester
from accounts.permissions import Action, requires
from common.arrival import arrival_of
from common.numbers import points_in
from common.ui.answers import is_autosave, saved
from workflow.flow.cycles import at_cycle, cycle_shown
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.rating.forms.leaders import GridForm
from workflow.rating.queries.leaders import FIELD, RatedUnit, grid_of, left_the_grid, waiting_for_leaders
from workflow.rating.services.ratings import NO_LONGER_RATED, save_leader_ratings


@requires(Action.RATE)
@require_http_methods(["GET", "POST"])
def leaders_grid(request: HttpRequest) -> HttpResponse:
    """Every unit of a cycle that waits for leaders, one rating each, saved as it is typed."""
    actor = requester(request)
    shown = cycle_shown(request, work=counted_by_cycle(waiting_for_leaders(actor)))
    units = grid_of(actor, shown.cycle)
    form = GridForm(units, request.POST if request.method == "POST" else None)
    if form.is_bound:
        _save(request, form)
        if is_autosave(request):
            errors = {name: str(problems[0]) for name, problems in form.errors.items()}
            return saved(errors | dict.fromkeys(form.gone, str(NO_LONGER_RATED)))
        if lost := _lost(actor, form):
            form.add_error(None, lost)
        if not form.errors:
            messages.success(request, _("Your ratings are saved."))
            return redirect(at_cycle("leaders-grid", shown.cycle))
    context = {
        "lines": [_typed(form, unit) for unit in units],
        "form": form,
        "given": sum(unit.value is not None for unit in units),
        "due": units[0].task.due_at if units else None,
    }
    return render(request, "workflow/rating/leaders_grid.html", shown.context | context)


def _save(request: HttpRequest, form: GridForm) -> None:
    """Keep each rating that is right, also when another is refused; its field says what is wrong with that."""
    form.is_valid()
    outcome = save_leader_ratings(by=requester(request).user, values=form.changed(), arrived_at=arrival_of(request))
    for sheet_id, words in outcome.refused.items():
        form.add_error(f"{FIELD}{sheet_id}", words)


def _lost(actor: Actor, form: GridForm) -> str:
    """What was typed anew for units that left the sheet meanwhile, so that nobody believes it counted."""
    left = left_the_grid(actor, form.gone)
    lost = [f"{name} {form.gone[field]}" for field, name, kept in left if not _same(form.gone[field], kept)]
    not_counted = _("Not counted: %(units)s.") % {"units": "、".join(lost)}
    return f"{NO_LONGER_RATED} {not_counted}" if lost else ""


def _same(text: str, kept: Decimal | None) -> bool:
    """Whether what was typed is what counts already; what is no number is never the same."""
    if not text.strip():
        return kept is None
    return kept is not None and points_in(text) == kept


@dataclass(frozen=True)
class TypedRating:
    """A unit on the sheet, with what was typed there (else what is kept), and what is wrong with it."""

    unit: RatedUnit
    value: str | Decimal | None
    error: str = ""


def _typed(form: GridForm, unit: RatedUnit) -> TypedRating:
    if not form.is_bound:
        return TypedRating(unit, unit.value)
    error = (form.errors.get(unit.field) or [""])[0]
    return TypedRating(unit, form.data.get(unit.field, unit.value), str(error))
