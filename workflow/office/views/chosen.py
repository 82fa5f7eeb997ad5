"""What the office does to units chosen in the list of a cycle: remind (催办), extend, reinstate; asked first."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actors import Actor, requester
from accounts.permissions import Action, asks
from common.ui.answers import is_confirmed, refusals_on, tell
from common.ui.asked import ticked
from scoring.models import Cycle
from scoring.rules import none_of_own
from workflow.bulk.views import answer
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import open_tasks
from workflow.office.forms import ExtensionForm, FilterForm, NudgeForm
from workflow.office.queries.dashboard import standing
from workflow.office.services.extensions import EXTENDABLE, extend_many
from workflow.office.services.nudges import Reminder, nudge_many, reach_of

NOTHING_CHOSEN = gettext_lazy("No unit is chosen. Tick the units in the list, then choose below it what to do.")


def running_cycle(slug: str) -> Cycle:
    """The cycle of that name, which must be open; else not found."""
    return get_object_or_404(Cycle, slug=slug, opened_at__isnull=False, closed_at=None)


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


@asks(Action.RUN_CYCLE)
def nudges(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who would be reminded of what, and whom nothing reaches; then remind them."""
    cycle = running_cycle(slug)
    chosen = chosen_of(request, cycle)
    if not chosen:
        messages.info(request, str(NOTHING_CHOSEN))
        return redirect("cycle", slug)
    form = NudgeForm(request.POST if is_confirmed(request) else None)
    if form.is_valid():
        with refusals_on(form):
            run = nudge_many(cycle=cycle, assessments=chosen, by=requester(request).user, **form.cleaned_data)
            return answer(request, run, done=_reminded, back=reverse("cycle", args=[slug]))
    reach = reach_of(chosen)
    context = {
        "cycle": cycle,
        "keys": [assessment.pk for assessment in chosen],
        "items": [_item(reminder) for reminder in reach.reminders],
        "out_of_reach": reach.out_of_reach,
        "form": form,
        "keep": f"nudge-{slug}",
    }
    return render(request, "workflow/office/nudge.html", context)


def _reminded(count: int) -> str:
    text = ngettext("The people of %(count)d unit are reminded.", "The people of %(count)d units are reminded.", count)
    return text % {"count": count}


def _item(reminder: Reminder) -> dict[str, str]:
    process = reminder.task.process
    return {"label": process.sheet.unit_name, "note": f"{process.get_step_display()} · {reminder.person.name}"}


@asks(Action.RUN_CYCLE)
def extensions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show whose deadline would move and who would be reinstated; then do it, each by itself."""
    cycle = running_cycle(slug)
    chosen = chosen_of(request, cycle)
    extendable = open_tasks_of(chosen, *EXTENDABLE)
    if not extendable:
        nothing = _("None of these evaluates itself or is excluded.") if chosen else NOTHING_CHOSEN
        messages.info(request, str(nothing))
        return redirect("cycle", slug)
    tasks, left_out = _apart(extendable, requester(request))
    form = ExtensionForm(request.POST if is_confirmed(request) else None)
    if tasks and form.is_valid():
        with refusals_on(form, field="day"):
            day, why = form.cleaned_data["day"], form.cleaned_data["why"]
            dealt = extend_many(tasks=tasks, by=requester(request).user, until=day, why=why)
            tell(request, dealt, done=_extended, name=lambda task: task.process.sheet.unit_name)
            if dealt.done:
                return redirect("cycle", slug)
    context = {
        "cycle": cycle,
        "keys": [task.process_id for task in tasks],
        "items": [{"label": task.process.sheet.unit_name, "note": _what_comes(task)} for task in tasks],
        "form": form,
        "keep": f"extend-{slug}",
        "left_out": left_out,
    }
    return render(request, "workflow/office/extensions.html", context)


def _apart(tasks: Sequence[Task], actor: Actor) -> tuple[list[Task], list[str]]:
    """The tasks that the person may decide about, and why not about those of their own unit."""
    refusals = [none_of_own.refusal(actor, task.process.sheet) for task in tasks]
    free = [task for task, refusal in zip(tasks, refusals, strict=True) if not refusal]
    return free, [refusal for refusal in refusals if refusal]


def _what_comes(task: Task) -> str:
    return _("is reinstated") if task.flow_task.name == Node.EXCLUDED else _("gets more time")


def _extended(count: int) -> str:
    text = ngettext("%(count)d unit has a new deadline.", "%(count)d units have a new deadline.", count)
    return text % {"count": count}
