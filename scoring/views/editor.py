"""The editor of a draft: its outline at the left, the place chosen at the right, every change a step that goes back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, asks
from accounts.posted import posts
from common.ui.answers import is_autosave, refusals_on, refusals_told
from common.ui.asked import ticked
from scoring.engine.edit import Edit, Place
from scoring.engine.track import Body
from scoring.forms.editor import MOST_WORDS, EditorForm, WhyForm, kind_of
from scoring.forms.schemes import StartForm
from scoring.models import Finding, Scheme
from scoring.services.editing import edit_scheme, give_reason, redo_step, undo_step
from scoring.services.starting import start_scheme
from scoring.services.steps import MOST_KEPT
from scoring.views.places import (
    Worked,
    adds_at,
    called,
    crumbs,
    inside,
    outline,
    place_in,
    saved,
    taken,
    worked,
    written,
)

# Rows whose values go together: an effect and its grades; a number, or else a share.
WHOLE = frozenset({"vetoes", "quotas"})


@dataclass
class Draft:
    """A draft as it is edited by somebody."""

    scheme: Scheme
    by: User
    why: str

    @property
    def root(self) -> Place:
        """The whole body."""
        return ()

    @property
    def body(self) -> Body:
        """The body as it stands."""
        body: Body = self.scheme.body
        return body

    @property
    def version(self) -> str:
        """Its SHA-256."""
        return self.scheme.sha256

    def step(self, edit: Edit, *, what: str, seen: str) -> None:
        """Take a step."""
        self.scheme = edit_scheme(scheme=self.scheme, edit=edit, what=what, by=self.by, seen=seen, why=self.why)

    def address(self, place: Place) -> str:
        """Where a place is edited."""
        return address(self.scheme.cycle.slug, place)


def edited_scheme(slug: str) -> Scheme:
    """What the office edits of a cycle: the version that it proposes just now, else the one in force; else 404."""
    schemes = Scheme.objects.select_related("cycle__scheme").filter(cycle__slug=slug)
    return schemes.filter(version=None, frozen_at=None).first() or get_object_or_404(schemes, in_force__slug=slug)


@asks(Action.RUN_CYCLE)
def editor(request: HttpRequest, slug: str, place: str = "") -> HttpResponse:
    """One place of a draft with its values; what is typed is saved by itself, and every button saves it first."""
    scheme = edited_scheme(slug)
    if scheme.frozen_at is not None:
        messages.error(request, _("The cycle is open: its scheme is frozen and can't be changed."))
        return redirect("scheme", slug)
    keys = place_in(scheme.body, place)
    why = reason_of_sitting(request, scheme)
    draft = Draft(scheme, requester(request).user, why)
    if is_autosave(request):
        answer = saved(draft, keys, request)
        doubts = {"findings": _open(draft.scheme), "cycle": scheme.cycle}
        answer["html"]["#doubts"] = render_to_string("scoring/_doubts.html", doubts)
        return JsonResponse(answer)
    work = worked(draft, keys, request)
    if work.after is not None:
        _give(why, scheme, draft.by)
        messages.success(request, _("Saved, and checked anew."))
        return redirect(address(slug, work.after))
    return render(request, "scoring/editor.html", _context(draft, keys, work))


def reason_of_sitting(request: HttpRequest, scheme: Scheme) -> str:
    """The reason that the person gave for this sitting at a draft; what is sent now stands until they sign out.

    A version that is proposed has the reason of the proposal until another is given.
    """
    slug = scheme.cycle.slug
    if "why" in request.POST:
        begin_sitting(request, slug, request.POST["why"])
    why: str = request.session.get(f"why-{slug}", "")
    return why or (scheme.proposal.why[:MOST_WORDS] if scheme.is_proposed else "")


def begin_sitting(request: HttpRequest, slug: str, why: str) -> None:
    """Let what the person changes from now on in the scheme of a cycle have this reason."""
    request.session[f"why-{slug}"] = why.strip()[:MOST_WORDS]


def _give(why: str, scheme: Scheme, by: User) -> None:
    if why:
        give_reason(scheme=scheme, why=why, by=by)


def address(slug: str, place: Place) -> str:
    """Where a place of a draft is edited."""
    return reverse("scheme-edit-place", args=[slug, written(place)]) if place else reverse("scheme-edit", args=[slug])


@dataclass(frozen=True)
class Doubt:
    """An open finding with the name of its track; empty for the letter."""

    finding: Finding
    track_name: str


def _open(scheme: Scheme) -> list[Doubt]:
    names = {track["code"]: track["name"] or track["code"] for track in scheme.body["tracks"]}
    return [Doubt(finding, names.get(finding.track, "")) for finding in scheme.findings.filter(settled_at=None)]


def _context(draft: Draft, place: Place, work: Worked) -> dict[str, Any]:
    scheme, why = draft.scheme, draft.why
    steps = list(scheme.steps.order_by("-number").defer("change")[:20])
    return {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "form": work.form,
        "stale": work.stale,
        "here": address(scheme.cycle.slug, place),
        "crumbs": crumbs(draft, place),
        "inside": inside(draft, place) if place else [],
        "place": written(place),
        "keep": f"edit-{scheme.cycle.slug}-{written(place)}",
        "name": called(draft.body, place),
        "is_row": bool(place),
        "autosave": kind_of(place) not in WHOLE,
        "adds": adds_at(draft.body, place),
        "takes": kind_of(place) in ("tracks", "indicators", "adjustments"),
        "outline": list(outline(draft, place, ())),
        "findings": _open(scheme),
        "why": WhyForm(why),
        "unreasoned": scheme.steps.filter(why="", is_undone=False).count(),
        "steps": steps,
        "most_kept": MOST_KEPT,
        "can_redo": any(step.is_undone for step in steps),
    }


@posts(Action.RUN_CYCLE, "scheme", "slug")
def editor_undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the last step back."""
    return _gone(request, slug, undo_step, _("Taken back: %(what)s"))


@posts(Action.RUN_CYCLE, "scheme", "slug")
def editor_redo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take again the step that was taken back."""
    return _gone(request, slug, redo_step, _("Taken again: %(what)s"))


def _gone(request: HttpRequest, slug: str, service: Callable[..., str], told: str) -> HttpResponse:
    """Keep what was typed as a step of its own, then go a step back or on."""
    scheme, place = edited_scheme(slug), request.POST.get("place", "")
    why = reason_of_sitting(request, scheme)
    draft = Draft(scheme, requester(request).user, why)
    seen = request.POST.get("version", "")
    with refusals_told(request):
        keys = _nearest(draft.body, place)
        form = EditorForm(draft.body, keys, request.POST, version=seen)
        if written(keys) == place and form.is_sent() and form.is_valid():
            taken(draft, keys, form, "")
            seen = draft.version if form.values() else seen
        what = service(scheme=draft.scheme, by=draft.by, seen=seen)
        _give(why, draft.scheme, draft.by)
        messages.success(request, told % {"what": what})
    return redirect(address(slug, _nearest(edited_scheme(slug).body, place)))


def _nearest(body: Body, place: str) -> Place:
    """The place where a person was, or what it lay in where it is gone."""
    keys = place.split("/")
    while keys and keys != [""]:
        with suppress(Http404):
            return place_in(body, "/".join(keys))
        keys = keys[:-2]
    return ()


@asks(Action.RUN_CYCLE)
def scheme_start(request: HttpRequest) -> HttpResponse:
    """Begin a scheme without a notice: from nothing, from another year's, or with items of the library."""
    form = StartForm(request.POST or None, ids=ticked(request.POST, "items") or ticked(request.GET))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            scheme = start_scheme(by=requester(request).user, **form.cleaned_data)
            messages.success(request, _("The scheme is begun. Every change is kept as a step that can be taken back."))
            if like := form.cleaned_data.get("like"):
                return redirect(f"{reverse('cycle-follow', args=[scheme.cycle.slug])}?from={like.cycle_id}")
            return redirect("scheme-edit", scheme.cycle.slug)
    return render(request, "scoring/start.html", {"form": form})
