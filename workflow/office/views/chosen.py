"""Which assessments of a cycle a page is about that changes many at once."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from common.ui.ticked import ticked
from scoring.models import Cycle
from workflow.flow.models import Assessment
from workflow.office.forms import FilterForm
from workflow.office.queries.dashboard import standing

NOTHING_CHOSEN = _("No unit is chosen. Tick the units in the list, then choose below it what to do.")


def running_cycle(year: int) -> Cycle:
    """The cycle of the year, which must be open; else not found."""
    return get_object_or_404(Cycle, year=year, opened_at__isnull=False, closed_at=None)


def chosen_of(request: HttpRequest, cycle: Cycle) -> list[Assessment]:
    """Those ticked (`ids`), or all that the filters show (`all`)."""
    asked = request.POST if request.method == "POST" else request.GET
    if asked.get("all"):
        return list(standing(cycle, **FilterForm(cycle, asked).wanted()))
    ids = ticked(asked)
    return list(standing(cycle).filter(pk__in=ids)) if ids else []
