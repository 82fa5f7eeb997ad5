"""The ballot box of a cycle: its key, its opening, what is decided where too few have rated; the public list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.actors import requester
from accounts.permissions import Action, asks, may, reads
from common.many import Dealt
from common.shares import NEEDED, SHARES
from common.ui.answers import refusals_on, tell
from common.ui.fields import ReasonForm
from scoring.models import Cycle, KeyHolding, TallyDecision
from workflow.flow.cycles import CycleShown, at_cycle, counted_by_cycle, cycle_shown
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks
from workflow.rating.envelope import code_in, receipt_sha256
from workflow.rating.forms.tally import HoldingForm, ReceiptForm, SharesForm, TooFewForm
from workflow.rating.queries.tally import (
    LEAST,
    BoxState,
    boxes_among,
    boxes_of,
    cycles_opened,
    key_in_force,
    last_key,
    opened_tallies,
    reserves_of,
    to_open,
    waiting_tasks,
)
from workflow.rating.services.keys import give_up_key, make_key, prove_shares
from workflow.rating.services.opening import AT_ONCE, open_box
from workflow.rating.services.too_few import draw_more, give_more_time, take_what_is_there


def _shown(request: HttpRequest) -> CycleShown:
    return cycle_shown(request, work=counted_by_cycle(open_tasks(Node.RECIPIENT_RATING)))


@reads(Action.READ_CYCLE)
def ballot_box(request: HttpRequest) -> HttpResponse:
    """Who holds the key, and of each unit how many have rated, what waits and what came out."""
    shown = _shown(request)
    actor, cycle = requester(request), shown.cycle
    boxes = boxes_of(cycle, actor) if cycle else []
    context = {
        "boxes": boxes,
        "key": last_key(cycle.pk) if cycle else None,
        "ready": sum(box.state is BoxState.READY for box in boxes),
        "least": LEAST,
        "runs": may(actor, Action.RUN_CYCLE),
    }
    return render(request, "workflow/rating/ballot_box.html", shown.context | context)


@asks(Action.RUN_CYCLE)
@never_cache
@sensitive_variables("made")
def ballot_box_key(request: HttpRequest) -> HttpResponse:
    """Make the key: its three sheets are shown once, in answer to the form, and are nowhere else."""
    shown = _shown(request)
    form = HoldingForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and shown.cycle:
        with refusals_on(form):
            holding = KeyHolding(form.cleaned_data["holding"])
            made = make_key(cycle=shown.cycle, holding=holding, by=requester(request).user)
            if made.shares:
                sheets = list(zip(_holders(), made.shares, strict=True))
                context = {"sheets": sheets, "key": made.key}
                return render(request, "workflow/rating/ballot_box_shares.html", shown.context | context)
            messages.success(request, _("The key is made; the system keeps it until the box is open."))
            return redirect(at_cycle("ballot-box", shown.cycle))
    context = {"form": form, "key": key_in_force(shown.cycle.pk) if shown.cycle else None}
    return render(request, "workflow/rating/ballot_box_key.html", shown.context | context)


def _holders() -> list[str]:
    """Who keeps a share each."""
    return [_("Supervisor"), _("Office of the leading group"), _("Head of the leading group")]


@asks(Action.RUN_CYCLE)
@never_cache
@sensitive_post_parameters()
def ballot_box_proof(request: HttpRequest) -> HttpResponse:
    """All three type their words from paper: only then the key counts."""
    shown = _shown(request)
    form = SharesForm(SHARES, request.POST or None)
    if request.method == "POST" and form.is_valid() and shown.cycle:
        with refusals_on(form):
            prove_shares(cycle=shown.cycle, shares=form.shares, by=requester(request).user)
            messages.success(request, _("All three shares are right: ballots can go out."))
            return redirect(at_cycle("ballot-box", shown.cycle))
    return render(request, "workflow/rating/ballot_box_proof.html", shown.context | {"form": form})


@asks(Action.RUN_CYCLE)
@never_cache
@sensitive_post_parameters()
def ballot_box_open(request: HttpRequest) -> HttpResponse:
    """Two shares are typed, and what can be opened is; where there is more the words stand there still, to go on."""
    shown = _shown(request)
    form = SharesForm(NEEDED, request.POST or None)
    if request.method == "POST" and form.is_valid() and shown.cycle:
        with refusals_on(form):
            dealt = open_box(cycle=shown.cycle, shares=form.shares, by=requester(request).user)
            tell(request, dealt, done=_opened, name=lambda task: task.process.sheet.unit_name)
            if not _goes_on(shown.cycle, dealt):
                return redirect(at_cycle("ballot-box", shown.cycle))
    boxes = boxes_of(shown.cycle) if shown.cycle else []
    context = {
        "form": form,
        "ready": [box for box in boxes if box.state is BoxState.READY],
        "undecided": [box for box in boxes if box.to_decide],
        "at_once": AT_ONCE,
    }
    return render(request, "workflow/rating/ballot_box_open.html", shown.context | context)


def _goes_on(cycle: Cycle, dealt: Dealt[Task]) -> bool:
    """Whether more can be opened than what was refused just now."""
    return bool(dealt.done) and len(to_open(cycle)) > len(dealt.refused)


def _opened(count: int) -> str:
    text = ngettext("The ballots of %(count)d unit are opened.", "The ballots of %(count)d units are opened.", count)
    return text % {"count": count}


@asks(Action.RUN_CYCLE)
def ballot_box_give_up(request: HttpRequest) -> HttpResponse:
    """Give up a key whose shares are lost."""
    shown = _shown(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and shown.cycle:
        with refusals_on(form, field="why"):
            give_up_key(cycle=shown.cycle, why=form.cleaned_data["why"], by=requester(request).user)
            messages.success(request, _("The key is given up. Make another one, and see that rating is open."))
            return redirect(at_cycle("ballot-box", shown.cycle))
    context = {"form": form, "boxes": boxes_of(shown.cycle) if shown.cycle else []}
    return render(request, "workflow/rating/ballot_box_give_up.html", shown.context | context)


@asks(Action.RUN_CYCLE)
def too_few(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on a unit: more time, more people, or what is there."""
    task = get_object_or_404(waiting_tasks(), process__sheet=pk)
    (box,) = boxes_among([task], requester(request))
    form = TooFewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, field="why"):
            _decide(task, form, request)
            messages.success(request, _("Decided."))
            return redirect(at_cycle("ballot-box", box.sheet.cycle))
    context = {
        "form": form,
        "box": box,
        "cycle": box.sheet.cycle,
        "reserves": len(reserves_of(box.sheet)),
        "least": LEAST,
    }
    return render(request, "workflow/rating/too_few.html", context)


def _decide(task: Task, form: TooFewForm, request: HttpRequest) -> None:
    by, why, count = requester(request).user, form.cleaned_data["why"], form.cleaned_data["count"]
    match form.cleaned_data["decision"]:
        case TallyDecision.EXTEND:
            give_more_time(task=task, until=form.last_instant(), why=why, by=by)
        case TallyDecision.DRAW_MORE:
            draw_more(task=task, count=count, until=form.last_instant(), why=why, by=by)
        case _take:
            take_what_is_there(task=task, why=why, by=by)


@asks(Action.PUBLIC)
@never_cache
def ballot_receipts(request: HttpRequest) -> HttpResponse:
    """The hashes of all receipts that counted, by unit: whoever kept theirs finds it; what is typed is not kept."""
    shown = cycle_shown(request, work={}, among=list(cycles_opened()), all_years=True)
    tallies = list(opened_tallies(shown.cycle)) if shown.cycle else []
    form = ReceiptForm(request.POST or None)
    context = {"tallies": tallies, "form": form}
    if request.method == "POST" and form.is_valid():
        digest = receipt_sha256(code_in(form.cleaned_data["code"]))
        context |= {"digest": digest, "found": next((each for each in tallies if digest in each.receipts), None)}
    return render(request, "workflow/rating/ballot_receipts.html", shown.context | context)
