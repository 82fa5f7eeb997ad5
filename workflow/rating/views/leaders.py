"""The leaders' sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.actors import Actor, requester
from accounts.permissions import Action, asks
from common import clock
from common.arrival import arrival_of
from common.numbers import points_in
from common.ui.answers import is_autosave, saved
from scoring.models import Cycle
from workflow.flow.cycles import at_cycle, counted_by_cycle, cycle_shown
from workflow.rating.forms.leaders import GridForm
from workflow.rating.queries.leaders import (
    ABSTAIN,
    ABSTAINED,
    FIELD,
    Given,
    RatedUnit,
    grid_of,
    left_the_grid,
    waiting_for_leaders,
)
from workflow.rating.services.ratings import NO_LONGER_RATED, save_leader_ratings


@asks(Action.RATE)
def leaders_grid(request: HttpRequest) -> HttpResponse:
    """Every unit of a cycle that waits for leaders: a rating or an abstention for each, saved as it is typed."""
    actor = requester(request)
    shown = cycle_shown(request, work=counted_by_cycle(waiting_for_leaders(actor)))
    units = grid_of(actor, shown.cycle)
    is_bound = request.method == "POST"
    form = GridForm(units, request.POST if is_bound else None, sent=request.POST.getlist("changed"))
    if form.is_bound:
        _save(request, form)
        if is_autosave(request):
            errors = {name: str(problems[0]) for name, problems in form.errors.items()}
            named = [unit.sheet.pk for unit in units if {unit.field, unit.abstain} & form.fields.keys()]
            return saved(errors | dict.fromkeys(form.gone, str(NO_LONGER_RATED)), _anew(actor, shown.cycle, named))
        if lost := _lost(actor, form):
            form.add_error(None, lost)
        if not form.errors:
            messages.success(request, _("Your ratings are saved."))
            return redirect(at_cycle("leaders-grid", shown.cycle))
    context = {
        "lines": [_typed(form, unit) for unit in units],
        "form": form,
        "left": _left(units),
        "shut": _shut(shown.cycle),
    }
    return render(request, "workflow/rating/leaders_grid.html", shown.context | context)


def _save(request: HttpRequest, form: GridForm) -> None:
    """Keep each rating that is right, also when another is refused; its field says what is wrong with that."""
    form.is_valid()
    outcome = save_leader_ratings(by=requester(request).user, values=form.changed, arrived_at=arrival_of(request))
    for sheet_id, words in outcome.refused.items():
        row = form.rows[sheet_id]
        form.add_error(row.field if row.field in form.fields else row.abstain, words)


def _anew(actor: Actor, cycle: Cycle | None, sheets: Sequence[int]) -> Mapping[str, str]:
    """What the page shows anew once some units are saved: how many are left, and how each of them stands."""
    units = grid_of(actor, cycle)
    left = render_to_string("workflow/rating/_leaders_left.html", {"left": _left(units), "total": len(units)})
    states = {
        f"#state-{unit.sheet.pk}": render_to_string("workflow/rating/_leaders_state.html", {"unit": unit})
        for unit in units
        if unit.sheet.pk in sheets
    }
    return {"#left": left} | states


def _left(units: Sequence[RatedUnit]) -> int:
    return sum(unit.given is None for unit in units)


def _shut(cycle: Cycle | None) -> bool:
    """Whether nothing can be given now: before the window of the cycle opens, and from its closing on."""
    opens, closes = (cycle.ratings_open_at, cycle.ratings_close_at) if cycle else (None, None)
    return not (opens and closes and opens <= clock.now() < closes)


def _lost(actor: Actor, form: GridForm) -> str:
    """What was typed anew for units that left the sheet meanwhile, so that nobody believes it counted."""
    left = left_the_grid(actor, form.gone)
    lost = [f"{name} {_said(field, form.gone[field])}" for field, name, kept in left if _is_new(form, field, kept)]
    not_counted = _("Not counted: %(units)s.") % {"units": "、".join(lost)}
    return f"{NO_LONGER_RATED} {not_counted}" if lost else ""


def _said(field: str, text: str) -> str:
    return text if field.startswith(FIELD) else _("Abstain")


def _is_new(form: GridForm, field: str, kept: Given) -> bool:
    """Whether what was typed is not what counts already; what is no number is always new."""
    text = form.gone[field].strip()
    if field.startswith(ABSTAIN):
        return kept is not ABSTAINED
    if not text:
        return isinstance(kept, Decimal)
    return points_in(text) != kept


@dataclass(frozen=True)
class TypedRating:
    """A unit on the sheet, with what was typed there (else what is kept), and what is wrong with it."""

    unit: RatedUnit
    value: str | Decimal | None
    abstains: bool
    error: str = ""


def _typed(form: GridForm, unit: RatedUnit) -> TypedRating:
    if not form.is_bound:
        return TypedRating(unit, unit.value, unit.abstains)
    error = form.errors.get(unit.field) or form.errors.get(unit.abstain) or [""]
    return TypedRating(unit, form.data.get(unit.field, unit.value), unit.abstain in form.data, str(error[0]))
