"""What the public sees without an account: the lists that are public, and the way to object (R13)."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Action, requires
from audit.attempts import take_turn
from common import clock
from common.arrival import arrival_of, network_of
from common.ui.answers import refusals_on
from common.wording import say_date
from workflow.publicity.forms import ObjectionForm
from workflow.publicity.models import Objection, Publicity
from workflow.publicity.queries.public_list import public_list_of
from workflow.publicity.queries.publicity import public_publicities, standing_of
from workflow.publicity.services.objections import Signed, file_objection
from workflow.publicity.views.prepared import is_for_everybody, prepared, state_of

# Objections from one address in an hour; more are asked to wait.
MOST_IN_AN_HOUR = 10
HOUR = timedelta(hours=1)


@requires(Action.PUBLIC)
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """Every publicity, the newest first."""
    now = clock.now()
    shown = [(publicity, standing_of(publicity, now)) for publicity in public_publicities()]
    return render(request, "workflow/publicity/public_list.html", {"publicities": shown})


@requires(Action.PUBLIC)
@require_GET
def publicity(request: HttpRequest, slug: str) -> HttpResponse:
    """The list by grade and rank, until when it is public, and how to object."""
    if not is_for_everybody(request):
        return _rendered(request, slug)
    state = state_of(request, slug)
    if state is None:
        raise Http404
    return prepared(request, state, lambda words: _rendered(request, slug, **words))


def _rendered(request: HttpRequest, slug: str, **more: object) -> HttpResponse:
    publicity = get_object_or_404(public_publicities().select_related("board__track__cycle__scheme"), slug=slug)
    shown = public_list_of(publicity)
    context = {
        "publicity": publicity,
        "standing": standing_of(publicity, arrival_of(request)),
        "shown": shown,
        "days": _days(publicity),
        "units": sum(len(lines) for _grade, lines in shown.grades),
        "cycle": publicity.board.track.cycle,
    }
    return render(request, "workflow/publicity/public.html", context | more)


def _days(publicity: Publicity) -> list[str]:
    """The working days counted, as people say them."""
    today = clock.today()
    return [say_date(date.fromisoformat(day), today=today) for day in publicity.counted]


def _too_many(request: HttpRequest) -> bool:
    """Whether this address has filed its share within the hour."""
    return not take_turn(kind="objection", place=network_of(request), most=MOST_IN_AN_HOUR, within=HOUR)


@requires(Action.PUBLIC)
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, slug: str) -> HttpResponse:
    """File a signed objection while the publicity runs."""
    publicity = get_object_or_404(public_publicities(), slug=slug)
    form = ObjectionForm(request.POST or None, publicity=publicity, unit=request.GET.get("unit"))
    status = 200
    if request.method == "POST" and form.is_valid():
        if _too_many(request):
            form.add_error(None, _("Many objections came from your address within an hour. Please try again later."))
            status = 429
        elif filed := _filed(request, form, publicity):
            messages.success(request, _("The objection is received."))
            return redirect("public-objection", filed.receipt)
    context = {
        "publicity": publicity,
        "cycle": publicity.board.track.cycle,
        "form": form,
        "standing": standing_of(publicity, arrival_of(request)),
        "kept_days": settings.PERSONAL_DATA_DAYS,
    }
    return render(request, "workflow/publicity/public_objection.html", context, status=status)


def _filed(request: HttpRequest, form: ObjectionForm, publicity: Publicity) -> Objection | None:
    data = form.cleaned_data
    signed = Signed(kind=data["kind"], name=data["name"], contact=data["contact"], workplace=data["workplace"])
    with refusals_on(form):
        return file_objection(
            publicity=publicity,
            sheet=data["sheet"],
            signed=signed,
            text=data["text"],
            arrived_at=arrival_of(request),
        )
    return None


@requires(Action.PUBLIC)
@require_GET
def objection(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of an objection, for whoever has the number of its receipt; nobody is named."""
    objection = get_object_or_404(Objection.objects.select_related("sheet__cycle", "publicity"), receipt=receipt)
    context = {"objection": objection, "cycle": objection.sheet.cycle}
    return render(request, "workflow/publicity/public_receipt.html", context)
