"""A recipient's ballot: its secret comes in the body of a form, never in an address."""

from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.permissions import Action, reads
from accounts.posted import posts
from common.arrival import arrival_of, network_of
from common.errors import DomainError
from common.ui.answers import put_on, refusals_on
from scoring.models import Ballot
from workflow.rating.forms.ballots import BallotForm, TokenForm
from workflow.rating.queries.ballots import closing_of, deeds_in_brief
from workflow.rating.services.ballots import require_in_time
from workflow.rating.services.entering import TooManyTriesError, ballot_of, hand_in

DEVICE = "ballot-device"
DEVICE_LASTS = 60 * 60 * 24 * 180  # seconds


@reads(Action.PUBLIC)
@never_cache
def ballot(request: HttpRequest) -> HttpResponse:
    """Where every link leads: a script takes the code from behind the `#`, without one it is typed."""
    return _entry(request, TokenForm())


@posts(Action.PUBLIC, "ballot")
@never_cache
def ballot_sheet(request: HttpRequest) -> HttpResponse:
    """The ballot that a code opens: one question on one screen. Looking at it changes nothing."""
    form = TokenForm(request.POST)
    if (ballot := _ballot_of(request, form)) is None:
        return _entry(request, form)
    closed = _closed(request, ballot)
    kept = {name: form.cleaned_data[name] for name in ("token", "value", "comment")}
    return closed or _with_device(request, _sheet(request, ballot, BallotForm(initial=kept)))


@posts(Action.PUBLIC, "ballot")
@never_cache
def ballot_cast(request: HttpRequest) -> HttpResponse:
    """Take a rating, as often as it is changed inside the window, and show what proves that it counts."""
    entry = TokenForm(request.POST)
    if (ballot := _ballot_of(request, entry)) is None:
        return _entry(request, entry)
    if closed := _closed(request, ballot):
        return closed
    form = BallotForm(request.POST)
    if form.is_valid():
        with refusals_on(form, field="value"):
            receipt = hand_in(
                ballot=ballot,
                value=form.cleaned_data["value"],
                comment=form.cleaned_data["comment"],
                device=_device(request) or token_urlsafe(16),
                arrived_at=arrival_of(request),
            )
            context = _about(ballot) | {"receipt": receipt, "token": form.cleaned_data["token"]}
            return render(request, "workflow/rating/ballot_done.html", context)
    return _sheet(request, ballot, form)


def _ballot_of(request: HttpRequest, form: TokenForm) -> Ballot | None:
    """The ballot of the code; without one the form says why."""
    if form.is_valid():
        try:
            return ballot_of(typed=form.cleaned_data["token"], network=network_of(request))
        except DomainError as error:
            form.wait = error.seconds if isinstance(error, TooManyTriesError) else 0
            put_on(form, error)
    return None


def _entry(request: HttpRequest, form: TokenForm) -> HttpResponse:
    """The page that asks for a code; a wrong one is no page, one too many has to wait."""
    page = render(request, "workflow/rating/ballot_entry.html", {"form": form})
    if form.errors:
        page.status_code = 429 if form.wait else 404
    if form.wait:
        page.headers["Retry-After"] = str(form.wait)
    return page


def _closed(request: HttpRequest, ballot: Ballot) -> HttpResponse | None:
    """The page for who comes too early or too late, with the dates."""
    try:
        require_in_time(ballot, arrival_of(request))
    except DomainError as error:
        context = _about(ballot) | {"reason": error.message}
        return render(request, "workflow/rating/ballot_closed.html", context, status=403)
    return None


def _sheet(request: HttpRequest, ballot: Ballot, form: BallotForm) -> HttpResponse:
    deeds = deeds_in_brief(ballot.draw.sheet)
    return render(request, "workflow/rating/ballot.html", _about(ballot) | {"form": form, "deeds": deeds})


def _about(ballot: Ballot) -> dict[str, object]:
    sheet = ballot.draw.sheet
    return {"ballot": ballot, "sheet": sheet, "cycle": sheet.cycle, "closes": closing_of(sheet)}


def _device(request: HttpRequest) -> str:
    """What this browser was given to carry, by which several ballots from one device are counted."""
    return request.COOKIES.get(DEVICE, "")


def _with_device(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if not _device(request):
        answer.set_cookie(
            DEVICE,
            token_urlsafe(16),
            max_age=DEVICE_LASTS,
            path=reverse("ballot"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return answer
