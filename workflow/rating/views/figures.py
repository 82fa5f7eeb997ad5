"""Ratings in figures, for the office and the leading group."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actors import requester
from accounts.permissions import Action, reads
from scoring.models import RatingKind
from scoring.wording import component_label
from workflow.flow.cycles import counted_by_cycle, cycle_shown
from workflow.flow.queries.process import open_tasks
from workflow.rating.queries.figures import NODE_OF, RatedUnit, distribution_of, rated_units, turnout_of
from workflow.rating.queries.tally import LEAST


@reads(Action.READ_CYCLE)
def rating_figures(request: HttpRequest) -> HttpResponse:
    """Who took part, unit by unit; and once ratings are over the means of all units beside each other."""
    shown = cycle_shown(request, work=counted_by_cycle(open_tasks(*NODE_OF.values())), all_years=True)
    units = rated_units(requester(request), shown.cycle) if shown.cycle else []
    context = {
        "turnout": turnout_of(shown.cycle) if shown.cycle else None,
        "units": units,
        "means": [(component_label(component), _means(units, component)) for component in RatingKind],
        "least": LEAST,
    }
    return render(request, "workflow/rating/figures.html", shown.context | context)


def _means(units: Sequence[RatedUnit], component: str) -> list[tuple[str, object]]:
    means = [(unit.sheet.unit_name, getattr(unit, component)) for unit in units]
    return [(name, mean.value) for name, mean in means if mean]


@reads(Action.READ_CYCLE)
def unit_distribution(request: HttpRequest, pk: int) -> HttpResponse:
    """How the recipients' ratings of one unit are spread; not found for one's own unit, and for few ratings."""
    distribution = distribution_of(requester(request), pk)
    if distribution is None:
        raise Http404
    sheet, ranges = distribution
    context = {"sheet": sheet, "cycle": sheet.cycle, "ranges": ranges, "count": sum(count for _range, count in ranges)}
    return render(request, "workflow/rating/unit_distribution.html", context)
