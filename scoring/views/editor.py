"""The editor of a draft: its outline at the left, the place chosen at the right, every change a step that goes back."""

from collections.abc import Callable, Iterator
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
from common import clock
from common.saving import Saved
from common.ui.answers import is_autosave, refusals_on, refusals_told, wrong_in
from scoring.engine.edit import Edit, Place, node_at
from scoring.engine.track import BONUS, DEDUCTION, LEADERS, RECIPIENTS, WORK, Body
from scoring.forms.editor import LETTER, EditorForm, kind_of
from scoring.forms.schemes import StartForm
from scoring.models import Finding, Scheme
from scoring.services.editing import edit_scheme, redo_step, undo_step
from scoring.services.starting import start_scheme
from scoring.wording import component_label

# Which rows can be added inside one of each kind.
ADDS: dict[str, tuple[str, ...]] = {
    LETTER: ("tracks", "grade_bands"),
    "tracks": ("components", "indicators", BONUS, DEDUCTION, "vetoes"),
    "indicators": ("parts",),
    "parts": ("levels", "losses"),
    "adjustments": ("rules",),
}
INSIDE = (
    "grade_bands",
    "tracks",
    "components",
    "indicators",
    "parts",
    "levels",
    "losses",
    "adjustments",
    "rules",
    "vetoes",
)


@dataclass(frozen=True)
class Line:
    """A row of the outline: where it stands, what it is called, how deep it lies."""

    place: str
    code: str
    label: str
    depth: int


def _name(kind: str) -> str:
    """What a row of a list is called."""
    return {
        LETTER: _("The letter"),
        "tracks": _("Track"),
        "grade_bands": _("Band of a grade"),
        "components": _("Component"),
        "indicators": _("Indicator"),
        "parts": _("Part"),
        "levels": _("Level"),
        "losses": _("Deduction within the part"),
        BONUS: _("Bonus item"),
        DEDUCTION: _("Deduction item"),
        "adjustments": _("Item"),
        "rules": _("Rule"),
        "vetoes": _("Veto"),
    }[kind]


def _draft(slug: str) -> Scheme:
    return get_object_or_404(Scheme.objects.select_related("cycle"), cycle__slug=slug)


def _place(body: Body, place: str) -> Place:
    keys: Place = tuple(int(key) if key.isdecimal() else key for key in place.split("/") if key)
    try:
        node = node_at(body, keys)
    except LookupError as error:
        raise Http404 from error
    if not isinstance(node, dict) or kind_of(keys) not in (LETTER, *INSIDE) or len(keys) % 2:
        raise Http404
    return keys


def _written(place: Place) -> str:
    return "/".join(map(str, place))


@asks(Action.RUN_CYCLE)
def editor(request: HttpRequest, slug: str, place: str = "") -> HttpResponse:
    """One place of a draft with its values; what is typed is saved by itself, and every button saves it first."""
    scheme = _draft(slug)
    if scheme.frozen_at is not None:
        messages.error(request, _("The cycle is open: its scheme is frozen and can't be changed."))
        return redirect("scheme", slug)
    keys = _place(scheme.body, place)
    if is_autosave(request):
        return _saved(request, scheme, keys)
    version = request.POST.get("version") or scheme.sha256
    form = EditorForm(scheme.body, keys, request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            after = _taken(request, scheme, keys, form)
            messages.success(request, _("Saved, and checked anew."))
            return redirect(_address(slug, after))
    if form.is_bound:
        kept = request.POST.copy()
        kept["version"] = Scheme.objects.values_list("sha256", flat=True).get(pk=scheme.pk)
        form.data = kept
    return render(request, "scoring/editor.html", _context(scheme, keys, form))


def _address(slug: str, place: Place) -> str:
    return reverse("scheme-edit-place", args=[slug, _written(place)]) if place else reverse("scheme-edit", args=[slug])


def _taken(request: HttpRequest, scheme: Scheme, place: Place, form: EditorForm) -> Place:
    """Save what was typed, then do what the button says; returns the place to go on at."""
    by, seen = requester(request).user, form.cleaned_data["version"] or scheme.sha256
    values = form.values()
    if values:
        put = Edit(place, form.put(values))
        seen = edit_scheme(scheme=scheme, edit=put, what=_said(scheme, place, form, values), by=by, seen=seen).sha256
    return _pressed(request.POST.get("do", ""), place, scheme, by, seen)


def _pressed(button: str, place: Place, scheme: Scheme, by: User, seen: str) -> Place:
    verb, _colon, kind = button.partition(":")
    if verb == "add" and kind in ADDS.get(kind_of(place), ()):
        return _added(kind, place, scheme, by, seen)
    rows = node_at(scheme.body, place[:-1]) if place else []
    if place and verb == "remove":
        what = _("Removed: %(row)s") % {"row": _called(scheme, place)}
        edit_scheme(scheme=scheme, edit=Edit(place, remove=True), what=what, by=by, seen=seen)
        return place[:-2]
    moves = {"up": -1, "down": 1}
    if place and verb in moves and 0 <= (to := int(place[-1]) + moves[verb]) < len(rows):
        what = _("Moved: %(row)s") % {"row": _called(scheme, place)}
        edit_scheme(scheme=scheme, edit=Edit(place, move=moves[verb]), what=what, by=by, seen=seen)
        return (*place[:-1], to)
    return place


def _added(kind: str, place: Place, scheme: Scheme, by: User, seen: str) -> Place:
    """Add a row at the end of a list; the person goes on in it."""
    edit = Edit(place, _needed(scheme.body, place, kind), add=kind)
    draft = edit_scheme(scheme=scheme, edit=edit, what=_("Added: %(row)s") % {"row": _name(kind)}, by=by, seen=seen)
    listed = "adjustments" if kind in (BONUS, DEDUCTION) else kind
    return (*place, listed, len(node_at(draft.body, place)[listed]) - 1)


def _needed(body: Body, place: Place, kind: str) -> Body:
    """What a new row must say at once: a component which it is, a band of which grade."""
    if kind == "components":
        taken = {component["code"] for component in node_at(body, place)["components"]}
        return {"code": next((code for code in (WORK, RECIPIENTS, LEADERS) if code not in taken), WORK)}
    if kind == "grade_bands":
        return {"grade": next(iter(body["grades"]), "")}
    return {}


def _said(scheme: Scheme, place: Place, form: EditorForm, values: dict[str, Any]) -> str:
    return f"{_called(scheme, place)} · {form.said(values)}"


def _called(scheme: Scheme, place: Place) -> str:
    """A place as the list of steps calls it: its kind and its code or name."""
    node = node_at(scheme.body, place)
    return f"{_name(kind_of(place))} {_code(node, kind_of(place))}".strip()


def _code(node: Body, kind: str) -> str:
    if kind == "tracks":
        return str(node["name"])
    if kind == "components":
        return component_label(node["code"])
    return str(node.get("grade", "")) if kind == "grade_bands" else str(node.get("code", ""))


def _saved(request: HttpRequest, scheme: Scheme, place: Place) -> JsonResponse:
    """Save the fields that were typed, each by itself: one at fault keeps no other from being saved."""
    changed = request.POST.getlist("changed")
    version = request.POST.get("version", "")
    form = EditorForm(scheme.body, place, request.POST, version=version, changed=changed)
    form.is_valid()
    saved = Saved[str](refused={name: text for name, text in wrong_in(form).items() if name in changed})
    for name, value in form.values().items():
        if name not in changed:
            continue
        with saved.refusing(name):
            edit = Edit(place, form.put({name: value}))
            what = _said(scheme, place, form, {name: value})
            scheme = edit_scheme(scheme=scheme, edit=edit, what=what, by=requester(request).user, seen=version)
            version = scheme.sha256
    html = {"#doubts": render_to_string("scoring/_doubts.html", {"findings": _open(scheme), "cycle": scheme.cycle})}
    at = f"{clock.now().astimezone(clock.BEIJING):%H:%M}"
    return JsonResponse({"saved_at": at, "errors": saved.refused, "html": html, "version": version})


@dataclass(frozen=True)
class Doubt:
    """An open finding with the name of its track; empty for the letter."""

    finding: Finding
    track_name: str


def _open(scheme: Scheme) -> list[Doubt]:
    names = {track["code"]: track["name"] or track["code"] for track in scheme.body["tracks"]}
    return [Doubt(finding, names.get(finding.track, "")) for finding in scheme.findings.filter(settled_at=None)]


def _context(scheme: Scheme, place: Place, form: EditorForm) -> dict[str, Any]:
    kind = kind_of(place)
    steps = list(scheme.steps.order_by("-number").defer("before", "after")[:20])
    return {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "form": form,
        "place": _written(place),
        "name": _called(scheme, place),
        "is_row": bool(place),
        "autosave": kind != "vetoes",  # its effect and its grades go together
        "adds": [(added, _name(added)) for added in ADDS.get(kind, ()) if _can_add(scheme.body, place, added)],
        "outline": list(_outline(scheme.body, (), 0)),
        "findings": _open(scheme),
        "steps": steps,
        "can_redo": any(step.is_undone for step in steps),
    }


def _can_add(body: Body, place: Place, kind: str) -> bool:
    if kind == "components":
        return len(node_at(body, place)["components"]) < len((WORK, RECIPIENTS, LEADERS))
    return kind != "grade_bands" or bool(body["grades"])


def _outline(node: Body, place: Place, depth: int) -> Iterator[Line]:
    for name in INSIDE:
        for number, row in enumerate(node.get(name, ())):
            here = (*place, name, number)
            label = row.get("text") or (_name(name) if name not in ("tracks", "components") else "")
            yield Line(_written(here), _code(row, name), label, depth)
            yield from _outline(row, here, depth + 1)


@posts(Action.RUN_CYCLE, "scheme", "slug")
def editor_undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the last step back."""
    return _gone(request, slug, undo_step, _("Taken back: %(what)s"))


@posts(Action.RUN_CYCLE, "scheme", "slug")
def editor_redo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take again the step that was taken back."""
    return _gone(request, slug, redo_step, _("Taken again: %(what)s"))


def _gone(request: HttpRequest, slug: str, service: Callable[..., str], told: str) -> HttpResponse:
    scheme = _draft(slug)
    with refusals_told(request):
        what = service(scheme=scheme, by=requester(request).user, seen=request.POST.get("version", ""))
        messages.success(request, told % {"what": what})
    scheme.refresh_from_db()
    return redirect(_address(slug, _nearest(scheme.body, request.POST.get("place", ""))))


def _nearest(body: Body, place: str) -> Place:
    """The place where a person was, or what it lay in where it is gone."""
    keys = place.split("/")
    while keys and keys != [""]:
        with suppress(Http404):
            return _place(body, "/".join(keys))
        keys = keys[:-2]
    return ()


@asks(Action.RUN_CYCLE)
def scheme_start(request: HttpRequest) -> HttpResponse:
    """Begin a scheme without a notice: from nothing, or from another year's."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            scheme = start_scheme(by=requester(request).user, **form.cleaned_data)
            messages.success(request, _("The scheme is begun. Every change is kept as a step that can be taken back."))
            return redirect("scheme-edit", scheme.cycle.slug)
    return render(request, "scoring/start.html", {"form": form})
