"""The receiving desk: what waits, one unit's materials, accepting or returning them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, reads
from accounts.posted import posts
from common.errors import DomainError
from common.ui.answers import is_confirmed, refusals_on, refusals_told
from common.ui.asked import page_of, ticked
from common.ui.tabs import Tab
from documents.services.roster import counts_by_category, masked
from documents.services.submissions import doubts_about
from scoring.models import Cycle
from workflow.bulk.models import BulkKind
from workflow.bulk.services import ask_of_tasks
from workflow.bulk.views import answer
from workflow.filing.forms import ReturnForm
from workflow.filing.queries.acceptance import TrackCounts, counts_by_track, reporting_to, to_accept
from workflow.filing.queries.sheet import SheetPage
from workflow.filing.services.acceptance import accept, return_for_supplement
from workflow.flow.cycles import at_cycle, carried, counted_by_cycle, cycle_of, cycle_shown
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.steps import frame_of
from workflow.flow.queries.timeline import returns_of

PEOPLE_SHOWN = 100


@reads(Action.ACCEPT_MATERIALS)
def acceptance(request: HttpRequest) -> HttpResponse:
    """What waits at the desk, by track, with how many stand where."""
    actor = requester(request)
    shown = cycle_shown(request, work=counted_by_cycle(to_accept(actor)))
    tracks = counts_by_track(actor, shown.cycle)
    track = next((track.code for track in tracks if track.code == request.GET.get("track")), "")
    tasks = to_accept(actor, cycle=shown.cycle, track=track)
    context = shown.context | {
        "tracks": tracks,
        "tabs": _tabs(tracks, track, shown.cycle) if len(tracks) > 1 else [],
        "page": page_of(request, tasks),
    }
    return render(request, "workflow/filing/acceptance.html", context)


def _tabs(tracks: list[TrackCounts], current: str, cycle: Cycle | None) -> list[Tab]:
    every = Tab(at_cycle("acceptance", cycle), _("All"), sum(track.waiting for track in tracks), not current)
    return [every] + [
        Tab(at_cycle("acceptance", cycle, track=track.code), track.name, track.waiting, track.code == current)
        for track in tracks
    ]


@asks(Action.ACCEPT_MATERIALS)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's self-evaluation and materials: accept them, or return them."""
    actor = requester(request)
    assessment = get_object_or_404(reporting_to(actor), pk=pk)
    task = to_accept(actor).filter(process=assessment).first()
    returning = "return" in request.POST
    form = ReturnForm(request.POST if returning else None, rules=assessment.sheet.rules)
    if returning:
        with refusals_on(form):
            waiting = _require_waiting(task)
            if form.is_valid():
                return_for_supplement(task=waiting, by=actor.user, **form.cleaned_data)
                messages.success(request, _("It is returned; the unit has been told."))
                return redirect(at_cycle("acceptance", assessment.sheet.cycle))
    elif request.method == "POST":
        with refusals_told(request):
            accept(task=_require_waiting(task), by=actor.user)
            messages.success(request, _("The materials are accepted."))
            return redirect(at_cycle("acceptance", assessment.sheet.cycle))
    return render(request, "workflow/filing/acceptance_unit.html", _context(assessment, task, form))


def _require_waiting(task: Task | None) -> Task:
    if task is None:
        raise DomainError(_("This has been dealt with meanwhile. Reload the page to see how it stands."))
    return task


def _context(assessment: Assessment, task: Task | None, form: ReturnForm) -> dict[str, Any]:
    sheet = assessment.sheet
    page = SheetPage(sheet)
    context = frame_of(assessment) | {
        "task": task,
        "form": form,
        "page": page,
        "submission": sheet.submissions.select_related("submitted_by").first(),
        "returns": returns_of(assessment),
        "doubts": doubts_about(page.contents) if task else [],
    }
    recipients = sheet.rules.recipients
    if recipients is not None:
        counts = counts_by_category(sheet)
        context |= {
            "counts": counts,
            "sample": recipients.sample,
            "people": masked(list(sheet.roster.all()[:PEOPLE_SHOWN])),
            "people_count": sum(count for _category, count in counts),
        }
    return context


@posts(Action.ACCEPT_MATERIALS, "acceptance")
def many(request: HttpRequest) -> HttpResponse:
    """Accept several at once: first shows how many and which, then asks."""
    actor = requester(request)
    tasks = list(to_accept(actor).filter(pk__in=ticked(request.POST)))
    if not tasks:
        messages.error(request, _("Choose at least one unit."))
        return redirect(carried(request, "acceptance"))
    if not is_confirmed(request):
        sheets = [task.process.sheet for task in tasks]
        context = {
            "keys": [task.pk for task in tasks],
            "items": [{"label": sheet.unit_name, "note": sheet.track.name} for sheet in sheets],
            "cycle": cycle_of(tasks),
        }
        return render(request, "workflow/filing/acceptance_confirm.html", context)
    run = ask_of_tasks(BulkKind.ACCEPT, tasks, by=actor.user)
    return answer(request, run, done=_accepted, back=carried(request, "acceptance"))


def _accepted(count: int) -> str:
    return _("The materials of %(count)d units are accepted.") % {"count": count}
