"""The receiving desk: what waits, one unit's materials, accepting or returning them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import requester
from accounts.permissions import Action, requires
from accounts.posted import posted_from
from common.errors import DomainError
from common.ui.answers import put_on
from common.ui.ticked import ticked
from documents.services.roster import counts_by_category, masked
from documents.services.submissions import doubts_about
from scoring.models import Cycle
from scoring.queries.sheets import rules_of
from workflow.filing.forms.acceptance import ReturnForm
from workflow.filing.queries.acceptance import counts_by_track, reporting_to, to_accept
from workflow.filing.queries.sheet import SheetPage
from workflow.filing.services.acceptance import accept, accept_many, return_for_supplement
from workflow.flow.cycles import at_cycle, carried, cycle_of, cycle_shown
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.cycles import counted_by_cycle
from workflow.flow.queries.steps import steps_of
from workflow.flow.queries.timeline import returns_of

PER_PAGE = 50
PEOPLE_SHOWN = 100


@requires(Action.ACCEPT_MATERIALS)
@require_safe
def acceptance(request: HttpRequest) -> HttpResponse:
    """What waits at the desk, by track, with how many stand where."""
    actor = requester(request)
    shown = cycle_shown(request, work=counted_by_cycle(to_accept(actor)))
    tracks = counts_by_track(actor, shown.cycle)
    track = next((one["code"] for one in tracks if one["code"] == request.GET.get("track")), "")
    tasks = to_accept(actor, cycle=shown.cycle, track=track)
    context = shown.context | {
        "tracks": tracks,
        "tabs": _tabs(tracks, track, shown.cycle) if len(tracks) > 1 else [],
        "page": Paginator(tasks, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "workflow/filing/acceptance.html", context)


def _tabs(tracks: list[dict[str, Any]], track: str, cycle: Cycle | None) -> list[dict[str, Any]]:
    every = {
        "url": at_cycle("acceptance", cycle),
        "label": _("All"),
        "count": sum(one["waiting"] for one in tracks),
        "current": not track,
    }
    return [every] + [
        {
            "url": at_cycle("acceptance", cycle, track=one["code"]),
            "label": one["name"],
            "count": one["waiting"],
            "current": one["code"] == track,
        }
        for one in tracks
    ]


@requires(Action.ACCEPT_MATERIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's self-evaluation and materials: accept them, or return them."""
    actor = requester(request)
    found = get_object_or_404(reporting_to(actor), pk=pk)
    task = to_accept(actor).filter(process=found).first()
    posted = request.POST if "return" in request.POST else None
    form = ReturnForm(posted, rules=rules_of(found.sheet))
    if request.method == "POST" and _decided(request, task, form):
        return redirect(at_cycle("acceptance", found.sheet.cycle))
    return render(request, "workflow/filing/acceptance_unit.html", _context(found, task, form))


def _decided(request: HttpRequest, task: Task | None, form: ReturnForm) -> bool:
    """Accept or return, as the button says; problems go onto the form or above the page."""
    by = requester(request).user
    try:
        if task is None:
            raise DomainError(_("This has been dealt with meanwhile. Reload the page to see how it stands."))
        if "return" not in request.POST:
            accept(task=task, by=by)
            messages.success(request, _("The materials are accepted."))
            return True
        if not form.is_valid():
            return False
        data = form.cleaned_data
        return_for_supplement(task=task, by=by, why=data["why"], until=form.until_instant(), parts=data["parts"])
    except DomainError as problem:
        if form.is_bound:
            put_on(form, problem)
        else:
            messages.error(request, str(problem.message))
        return False
    messages.success(request, _("It is returned; the unit has been told."))
    return True


def _context(found: Assessment, task: Task | None, form: ReturnForm) -> dict[str, Any]:
    context: dict[str, Any] = {
        "assessment": found,
        "sheet": found.sheet,
        "cycle": found.sheet.cycle,
        "task": task,
        "form": form,
        "page": SheetPage(found.sheet),
        "submission": found.sheet.submissions.select_related("submitted_by").first(),
        "returns": returns_of(found),
        "doubts": doubts_about(found.sheet) if task else [],
        "steps": steps_of(found),
    }
    recipients = rules_of(found.sheet).recipients
    if recipients is not None:
        context |= {
            "counts": counts_by_category(found.sheet),
            "sample": recipients.sample,
            "people": masked(list(found.sheet.roster.all()[:PEOPLE_SHOWN])),
            "people_count": found.sheet.roster.count(),
        }
    return context


@requires(Action.ACCEPT_MATERIALS)
@posted_from("acceptance")
def many(request: HttpRequest) -> HttpResponse:
    """Accept several at once: first shows how many and which, then asks."""
    actor = requester(request)
    tasks = list(to_accept(actor).filter(pk__in=ticked(request.POST)))
    if not tasks:
        messages.error(request, _("Choose at least one unit."))
        return redirect(carried(request, "acceptance"))
    if "confirmed" not in request.POST:
        items = [{"label": one.process.sheet.unit_name, "note": one.process.sheet.track.name} for one in tasks]
        context = {"tasks": tasks, "items": items, "cycle": cycle_of(tasks)}
        return render(request, "workflow/filing/acceptance_confirm.html", context)
    try:
        count = accept_many(tasks=tasks, by=actor.user)
    except DomainError as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, _("The materials of %(count)d units are accepted.") % {"count": count})
    return redirect(carried(request, "acceptance"))
