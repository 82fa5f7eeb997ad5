"""Which cycle a page is about: said in its address, else the one with work; its tabs; addresses that carry it on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from common.numbers import key_in
from common.ui.tabs import Tab
from scoring.models import Cycle
from scoring.queries.cycles import first_to_show, opened_cycles
from workflow.flow.models import Task

# The words for the cycle in an address: by its key, as our pages write it, or by its name, as people write it.
ASKED = "cycle"
ASKED_BY_NAME = "year"


@dataclass(frozen=True)
class CycleShown:
    """The cycle that a page is about, None before the first one opens, and its tabs: none where there is no choice."""

    cycle: Cycle | None
    tabs: list[Tab]

    @property
    def context(self) -> dict[str, Any]:
        """What the frame of the page reads: the head names the cycle, the tabs stand above everything else."""
        return {"cycle": self.cycle, "cycle_tabs": self.tabs}


def cycle_shown(
    request: HttpRequest,
    *,
    work: Mapping[int, int],
    among: Sequence[Cycle] | None = None,
    first: Cycle | None = None,
    all_years: bool = False,
    keep: Sequence[str] = (),
) -> CycleShown:
    """The cycle that the address asks for; without one, or where the page has not that one, `first` or that with work.

    `work` is how much waits there for the person, by the cycle's key: the tabs say it. The page chooses `among` these
    cycles (newest first; else all that were opened); ended cycles without work have a tab with `all_years` only. Tabs
    `keep` these other words of the address. Not found if the address names a cycle that there is not.
    """
    cycles = list(opened_cycles()) if among is None else among
    asked = _asked(request, cycles)
    cycle = asked or first or first_to_show(cycles, work)
    offered = [each for each in cycles if all_years or each == cycle or each.closed_at is None or work.get(each.pk)]
    kept = {name: request.GET[name] for name in keep if name in request.GET}
    return CycleShown(
        cycle, cycle_tabs(offered, cycle, work=work, url=lambda cycle: "?" + urlencode({ASKED: cycle.pk, **kept}))
    )


OF_TASK = "process__sheet__cycle"  # the way from a task to its cycle


def counted_by_cycle(rows: QuerySet[Any], path: str = OF_TASK) -> dict[int, int]:
    """Key of a cycle → how many of `rows` are of it; `path` leads from a row to its cycle (one query)."""
    return dict(rows.order_by().values_list(path).annotate(many=Count("pk", distinct=True)))


def _asked(request: HttpRequest, cycles: Sequence[Cycle]) -> Cycle | None:
    """The one of `cycles` that the address names; None where it names none, or one that is not among them."""
    for word, read, field in ((ASKED, key_in, "pk"), (ASKED_BY_NAME, str, "slug")):
        if text := request.GET.get(word, ""):
            value = read(text)
            for cycle in cycles:
                if getattr(cycle, field) == value:
                    return cycle
            if value is None or not Cycle.objects.filter(**{field: value}).exists():
                raise Http404
            return None
    return None


def cycle_tabs(
    cycles: Sequence[Cycle], current: Cycle | None, *, work: Mapping[int, int], url: Callable[[Cycle], str]
) -> list[Tab]:
    """A tab for each cycle, with how much waits there; none if there is but one cycle."""
    if len(cycles) <= 1:
        return []
    return [Tab(url(cycle), cycle.short_title, work.get(cycle.pk), cycle == current) for cycle in cycles]


def cycle_of(tasks: Sequence[Task]) -> Cycle | None:
    """The cycle of the tasks that a page asks about before it acts: they were chosen on the page of one cycle."""
    return tasks[0].process.sheet.cycle if tasks else None


def at_cycle(name: str, cycle: Cycle | int | None, *args: object, **more: str) -> str:
    """The address `name` (with its arguments), asked for this cycle (or its key), and for what else is named."""
    key = cycle.pk if isinstance(cycle, Cycle) else cycle
    asked = ({ASKED: str(key)} if key is not None else {}) | more
    return reverse(name, args=args) + ("?" + urlencode(asked) if asked else "")


def carried(request: HttpRequest, name: str, *args: object) -> str:
    """The address `name` (with its arguments) for the cycle that this request asks for: where a form leads back to."""
    return at_cycle(name, key_in(request.GET.get(ASKED, "")), *args)
