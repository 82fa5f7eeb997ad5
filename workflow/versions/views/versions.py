"""The versions of a scheme with reasons, dates and signatures, any two of them side by side, and what one would do."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, may, reads
from common.numbers import key_in
from common.ui.asked import page_of
from scoring.models import Cycle, Scheme, SchemeProposal
from scoring.queries.versions import open_proposals, versions_of
from scoring.views.compare import compared
from workflow.versions.queries.effect import effect_of
from workflow.versions.queries.obstacles import what_keeps_back
from workflow.versions.queries.told import Told
from workflow.versions.rules import signs_version

PROPOSALS = SchemeProposal.objects.select_related(
    "scheme", "instead_of", "cycle__scheme", "proposed_by", "submitted_by", "returned_by", "signed_by", "withdrawn_by"
)


@dataclass(frozen=True)
class Summary:
    """How many units a version touches, and how; whether any of them has a result that is whole."""

    units: int
    changed: int
    incomplete: int
    lost: int
    back: int
    counted: bool


@reads(Action.READ_CYCLE)
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version by which was counted, the newest first; and the one that is proposed just now."""
    cycle = get_object_or_404(Cycle.objects.exclude(opened_at=None), slug=slug)
    actor = requester(request)
    proposal = open_proposals().filter(cycle=cycle).select_related("proposed_by").first()
    context = {
        "cycle": cycle,
        "versions": list(versions_of(cycle)),
        "proposal": proposal if may(actor, Action.READ_PROPOSAL) else None,
        "may_read": may(actor, Action.READ_PROPOSAL),
        "may_propose": cycle.is_open and proposal is None and may(actor, Action.RUN_CYCLE),
    }
    return render(request, "workflow/versions/versions.html", context)


@reads(Action.READ_CYCLE)
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """A version beside an earlier one: beside the one before it, unless `with` names another."""
    seen = _seen(request, slug)
    after = _named(request, seen, "of") or next(iter(seen), None)
    if after is None:
        raise Http404
    before = _named(request, seen, "with") or _before(seen, after)
    context: dict[str, Any] = {
        "cycle": after.cycle,
        "all": [(scheme.pk, name_of(scheme)) for scheme in seen],
        "older": before,
        "newer": after,
        "before": name_of(before),
        "after": name_of(after),
    }
    return render(request, "workflow/versions/compare.html", context | compared(before, after))


def _seen(request: HttpRequest, slug: str) -> list[Scheme]:
    """The versions of a cycle that exist for the person, the newest first; what is only proposed not for everybody."""
    schemes: QuerySet[Scheme] = Scheme.objects.filter(cycle__slug=slug).select_related("cycle")
    proposed = schemes.filter(version=None, proposal__in=open_proposals())
    if not may(requester(request), Action.READ_PROPOSAL):
        proposed = proposed.none()
    return list(chain(proposed, schemes.exclude(version=None).order_by("-version")))


def _named(request: HttpRequest, seen: list[Scheme], name: str) -> Scheme | None:
    if name not in request.GET:
        return None
    key = key_in(request.GET[name])
    scheme = next((scheme for scheme in seen if scheme.pk == key), None)
    if scheme is None:
        raise Http404
    return scheme


def _before(seen: list[Scheme], scheme: Scheme) -> Scheme:
    later = seen[seen.index(scheme) + 1 :]
    return next(iter(later), scheme)


def name_of(scheme: Scheme) -> str:
    """What a version is called."""
    return _("Proposed version") if scheme.version is None else _("Version %(n)s") % {"n": scheme.version}


@reads(Action.READ_PROPOSAL)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version: why, what keeps it back, what it would do unit by unit; afterwards what it did, as it was signed."""
    proposal = get_object_or_404(PROPOSALS, pk=pk)
    actor = requester(request)
    told = told_of(proposal)
    every = proposal.is_open and "all" in request.GET
    context = {
        **said_differently(proposal),
        "proposal": proposal,
        "cycle": proposal.cycle,
        "keeps": what_keeps_back(proposal) if proposal.is_open else [],
        "told": told,
        "summary": summary_of(told) if told else None,
        "every": every,
        "page": page_of(request, (told.rows if every else told.touched) if told else []),
        "may_edit": proposal.is_open and may(actor, Action.RUN_CYCLE),
        "may_sign": proposal.is_waiting and may(actor, Action.SIGN_BOARD),
        "why_not": signs_version.refusal(actor, proposal),
    }
    return render(request, "workflow/versions/version.html", context)


def said_differently(proposal: SchemeProposal) -> dict[str, Any]:
    """What a version says differently from the one that it corrects; tracks that say the same are left out."""
    said = compared(proposal.instead_of, proposal.scheme)
    tracks = [track for track in said["tracks"] if track.values or track.rows or track.only]
    return said | {"tracks": tracks, "before": name_of(proposal.instead_of), "after": name_of(proposal.scheme)}


def told_of(proposal: SchemeProposal) -> Told | None:
    """What it would do, or did; None where that was not kept, as of what was given up."""
    if proposal.is_open:
        return Told.of(effect_of(proposal))
    return Told.from_json(proposal.effect) if proposal.effect else None


def summary_of(told: Told) -> Summary:
    return Summary(
        units=told.units,
        changed=sum(row.is_changed and not row.asked for row in told.rows),
        incomplete=sum(bool(row.asked) for row in told.rows),
        lost=sum(bool(row.touched) for row in told.rows),
        back=sum(row.goes_back for row in told.rows),
        counted=any(row.before for row in told.rows),
    )
