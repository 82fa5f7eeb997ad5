"""Which assessments of a cycle a page is about that changes many at once."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from common.ui.asked import ticked
from scoring.models import Cycle
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import open_tasks
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
        return list(standing(cycle, **FilterForm(cycle.tracks.all(), asked).wanted()))
    ids = ticked(asked)
    return list(standing(cycle).filter(pk__in=ids)) if ids else []


def open_tasks_of(chosen: Sequence[Assessment], *nodes: Node) -> list[Task]:
    """The open tasks of these assessments at these nodes, in the order of the list."""
    places = {assessment.pk: place for place, assessment in enumerate(chosen)}
    tasks = open_tasks(*nodes).filter(process__in=places).select_related("process__sheet")
    return sorted(tasks, key=lambda task: places[task.process_id])
