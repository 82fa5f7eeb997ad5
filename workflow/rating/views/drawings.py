"""Drawings: what each waits for, opened by the office, taken part in by the people of the house."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor, requester
from accounts.permissions import Action, asks, may, reads
from accounts.posted import posts
from common.arrival import arrival_of
from common.ui.answers import refusals_on, refusals_told, tell
from common.ui.fields import ReasonForm
from scoring.models import PublicRoster, SeedShare
from workflow.flow.cycles import at_cycle, counted_by_cycle, cycle_shown
from workflow.rating.forms.drawings import HashForm, NumbersForm, OpenForm, SecretForm
from workflow.rating.queries.drawings import (
    DrawingShown,
    Stage,
    covered_rows,
    drawing_shown,
    drawings_shown,
    free_rosters,
)
from workflow.rating.queries.draws import undrawn, waiting_for_recipients
from workflow.rating.rules import gives_up
from workflow.rating.services.drawings import open_drawing, supersede_drawing
from workflow.rating.services.draws import draw_recipients
from workflow.rating.services.seeds import confirm_numbers, enter_numbers, log_secret, reveal_secret


@reads(Action.WITNESS_DRAW)
def draws(request: HttpRequest) -> HttpResponse:
    """The drawings of a cycle and what each waits for; which units wait, which are drawn, how many have rated."""
    shown = cycle_shown(request, work=counted_by_cycle(undrawn()))
    units = waiting_for_recipients(shown.cycle)
    free = [unit for unit in units if unit.roster and not unit.covered and not unit.draw]
    runs = may(requester(request), Action.RUN_CYCLE)
    context = {
        "drawings": drawings_shown(shown.cycle),
        "rows": units,
        "undrawn": sum(unit.draw is None for unit in units),
        "free": len(free),
        "may_open": bool(free) and runs,
        "runs": runs,
    }
    return render(request, "workflow/rating/draws.html", shown.context | context)


@asks(Action.RUN_CYCLE)
def new_drawing(request: HttpRequest) -> HttpResponse:
    """Open a drawing: which rosters it covers, and the lottery that it names."""
    shown = cycle_shown(request, work=counted_by_cycle(undrawn()))
    if shown.cycle is None:
        raise Http404
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            opened = open_drawing(cycle=shown.cycle, by=requester(request).user, **form.cleaned_data)
            tell(request, opened.rosters, done=_opened, name=_unit_of)
            return redirect("drawing", opened.drawing.pk)
    context = {"form": form, "rosters": free_rosters(shown.cycle), "cycle": shown.cycle}
    return render(request, "workflow/rating/drawing_new.html", context)


def _opened(count: int) -> str:
    return ngettext(
        "The drawing is open: it covers %(count)d roster.", "The drawing is open: it covers %(count)d rosters.", count
    ) % {"count": count}


def _unit_of(roster: PublicRoster) -> str:
    return roster.sheet.unit_name


@reads(Action.WITNESS_DRAW)
def drawing(request: HttpRequest, pk: int) -> HttpResponse:
    """A drawing: what it waits for, by when, from whom."""
    return _page(request, _shown(pk))


@posts(Action.WITNESS_DRAW, "drawing", "pk")
def log_hash(request: HttpRequest, pk: int) -> HttpResponse:
    """Log the hash of one's secret."""
    act = partial(log_secret, by=requester(request).user, arrived_at=arrival_of(request))
    done = _("Your hash is logged. Keep the secret: you reveal it here before the lottery.")
    return _taken(request, pk, act, done, hash_form=HashForm(request.POST))


@posts(Action.WITNESS_DRAW, "drawing", "pk")
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Reveal one's secret."""
    act = partial(reveal_secret, by=requester(request).user, arrived_at=arrival_of(request))
    return _taken(request, pk, act, _("Your secret is revealed."), secret_form=SecretForm(request.POST))


@posts(Action.WITNESS_DRAW, "drawing", "pk")
def numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the numbers of the lottery."""
    act = partial(enter_numbers, by=requester(request).user)
    done = _("The numbers are entered. Somebody else confirms them by typing them too.")
    return _taken(request, pk, act, done, numbers_form=NumbersForm(request.POST))


@posts(Action.WITNESS_DRAW, "drawing", "pk")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the numbers that another has entered."""
    act = partial(confirm_numbers, by=requester(request).user)
    done = _("The numbers are confirmed. Everybody can be drawn now.")
    return _taken(request, pk, act, done, confirm_form=NumbersForm(request.POST))


def _taken(request: HttpRequest, pk: int, act: Callable[..., object], done: str, **typed: forms.Form) -> HttpResponse:
    """Let `act` take what was typed in the one form, and say that it is `done`; else the page with what is wrong."""
    shown, (form,) = _shown(pk), typed.values()
    if form.is_valid():
        with refusals_on(form):
            act(drawing=shown.drawing, **form.cleaned_data)
            messages.success(request, done)
            return redirect("drawing", pk)
    return _page(request, shown, **typed)


@posts(Action.RUN_CYCLE, "drawing", "pk")
def draw_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw from every roster that the drawing covers."""
    shown = _shown(pk)
    with refusals_told(request):
        dealt = draw_recipients(drawing=shown.drawing, by=requester(request).user)
        tell(request, dealt, done=_drawn, name=lambda covered: covered.roster.sheet.unit_name)
    return redirect("drawing", pk)


def _drawn(count: int) -> str:
    return ngettext("Drawn for %(count)d unit.", "Drawn for %(count)d units.", count) % {"count": count}


@posts(Action.WITNESS_DRAW, "drawing", "pk")
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a drawing up, with a reason."""
    shown, form = _shown(pk), ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            supersede_drawing(drawing=shown.drawing, by=requester(request).user, **form.cleaned_data)
            messages.success(request, _("The drawing is given up; its rosters are free for another."))
            return redirect(at_cycle("draws", shown.drawing.cycle))
    return _page(request, shown, why_form=form)


def _shown(pk: int) -> DrawingShown:
    shown = drawing_shown(pk)
    if shown is None:
        raise Http404
    return shown


def _page(request: HttpRequest, shown: DrawingShown, **bound: forms.Form) -> HttpResponse:
    """The page of a drawing; of its forms those `bound` show what was typed and what is wrong."""
    actor = requester(request)
    context = {
        "shown": shown,
        "drawing": shown.drawing,
        "cycle": shown.drawing.cycle,
        "rows": covered_rows(shown.drawing),
        "own": _own(shown, actor),
        **_forms(shown, actor),
        **bound,
    }
    return render(request, "workflow/rating/drawing.html", context)


def _own(shown: DrawingShown, actor: Actor) -> SeedShare | None:
    """What this person has put into the seed."""
    return next((share for share in shown.shares if share.person_id == actor.user.pk), None)


def _forms(shown: DrawingShown, actor: Actor) -> dict[str, Any]:
    """What this person can do now: a form each; None for what is not to be done, or not by them."""
    own, drawing, stage = _own(shown, actor), shown.drawing, shown.stage
    logs = stage in (Stage.LOGGING, Stage.REVEALING) and not any(share.secret for share in shown.shares)
    reveals = stage is Stage.REVEALING and own is not None and not own.secret
    enters = stage is Stage.NUMBERS or (stage is Stage.CONFIRMING and drawing.entered_by_id == actor.user.pk)
    confirms = stage is Stage.CONFIRMING and drawing.entered_by_id != actor.user.pk
    return {
        "hash_form": HashForm() if logs else None,
        "secret_form": SecretForm() if reveals else None,
        "numbers_form": NumbersForm() if enters else None,
        "confirm_form": NumbersForm() if confirms else None,
        "why_form": ReasonForm() if _may_be_given_up(shown, actor) else None,
        "may_draw": stage is Stage.DRAWING and may(actor, Action.RUN_CYCLE),
    }


def _may_be_given_up(shown: DrawingShown, actor: Actor) -> bool:
    return shown.stage is not Stage.SUPERSEDED and gives_up.allows(actor, shown.drawing)
