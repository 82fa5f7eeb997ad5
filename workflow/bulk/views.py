"""How far a request about many is: true figures that renew themselves; the page may be closed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.actors import requester
from accounts.permissions import Action, reads
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.queries import progress_of, refused_of, runs_visible_to
from workflow.flow.cycles import at_cycle

REFUSED_SHOWN = 200
# Where a request came from: the address of the list, for the cycle.
LISTS = {
    BulkKind.OPEN: "dashboard",
    BulkKind.ACCEPT: "acceptance",
    BulkKind.HAND_OVER: "review",
    BulkKind.APPROVE_REVIEWS: "review",
    BulkKind.CONSOLIDATE: "consolidation",
    BulkKind.SIGN_OFF: "boards",
    BulkKind.PUBLISH: "publicities",
    BulkKind.CIRCULATE: "notices",
    BulkKind.SEND_NOTICE: "notices",
    BulkKind.NEW_VERSION: "dashboard",
    BulkKind.NUDGE: "dashboard",
}


@reads(Action.SIGNED_IN)
def bulk_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, refused with the reason, still to do; asked by the page itself it is the figures alone."""
    actor = requester(request)
    run = get_object_or_404(runs_visible_to(actor), pk=pk)
    refused = refused_of(run)
    context = {
        "run": run,
        "cycle": run.cycle,
        "progress": progress_of(run),
        "refused": refused[:REFUSED_SHOWN],
        "back": at_cycle(LISTS[BulkKind(run.kind)] if run.by_id == actor.user.pk else "dashboard", run.cycle),
    }
    renewed = request.headers.get("X-Requested-With") == "progress"
    return render(request, f"workflow/bulk/{'_figures' if renewed else 'run'}.html", context)


def answer(request: HttpRequest, run: BulkRun, *, done: Callable[[int], str], back: str) -> HttpResponse:
    """What a page answers that asked something of many: what became of few, in the words of `done(count)`, at the
    head of the page `back`; of many the page that shows how far it is."""
    if run.finished_at is None:
        return redirect("bulk-run", run.pk)
    for item in refused_of(run)[:REFUSED_SHOWN]:
        messages.error(request, f"{item.label}：{item.why}")
    count = progress_of(run).done
    if count:
        messages.success(request, done(count))
    return redirect(back)
