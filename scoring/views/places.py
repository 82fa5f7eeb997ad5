"""The places of a body that is edited on screen: what a row is called, and what is typed or pressed at it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import clock
from common.saving import Saved
from common.ui.answers import refusals_on, wrong_in
from scoring.engine.edit import Edit, Place, list_of, node_at
from scoring.engine.track import BONUS, DEDUCTION, LEADERS, RECIPIENTS, WORK, Body
from scoring.forms.editor import LETTER, EditorForm, kind_of
from scoring.wording import component_label

# Which rows can be added inside one of each kind.
ADDS: dict[str, tuple[str, ...]] = {
    LETTER: ("tracks", "grade_bands", "quotas"),
    "tracks": ("components", "indicators", BONUS, DEDUCTION, "vetoes"),
    "indicators": ("parts",),
    "parts": ("levels", "losses"),
    "adjustments": ("rules",),
}
INSIDE = (
    "grade_bands",
    "quotas",
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
OF_GRADES = frozenset({"grade_bands", "quotas"})
MOVES = {"up": -1, "down": 1}


class Edited(Protocol):
    """What is edited: a draft, or an item of the library."""

    @property
    def root(self) -> Place:
        """Where it begins in its body: the row that is neither moved nor removed."""

    @property
    def body(self) -> Body:
        """The body as it stands."""

    @property
    def version(self) -> str:
        """The SHA-256 by which a change made meanwhile is seen."""

    def step(self, edit: Edit, *, what: str, seen: str) -> None:
        """Take a step by its service; DomainError where it is refused."""

    def address(self, place: Place) -> str:
        """Where a place of it is edited."""


@dataclass(frozen=True)
class Line:
    """A row of the outline: its address, whether it is the one that is looked at, its name, how deep it lies."""

    url: str
    is_here: bool
    code: str
    label: str
    depth: int


def name_of(kind: str) -> str:
    """What a row of a list is called."""
    return {
        LETTER: _("The letter"),
        "tracks": _("Track"),
        "grade_bands": _("Band of a grade"),
        "quotas": _("Quota of a grade"),
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


NUMBER = re.compile("[0-9]{1,6}")  # more rows no list has


def place_in(body: Body, written: str, root: Place = ()) -> Place:
    """The place that an address names, from `root` on; 404 where there is no row."""
    keys: Place = (*root, *(int(key) if NUMBER.fullmatch(key) else key for key in written.split("/") if key))
    try:
        node = node_at(body, keys)
    except LookupError as error:
        raise Http404 from error
    if not isinstance(node, dict) or kind_of(keys) not in (LETTER, *INSIDE) or len(keys) % 2:
        raise Http404
    return keys


def written(place: Place) -> str:
    """A place as addresses have it."""
    return "/".join(map(str, place))


def called(body: Body, place: Place) -> str:
    """A place as the list of steps calls it: its kind and its code or name."""
    kind = kind_of(place)
    return f"{name_of(kind)} {_code(node_at(body, place), kind)}".strip()


def _code(node: Body, kind: str) -> str:
    if kind == "tracks":
        return str(node["name"])
    if kind == "components":
        return component_label(node["code"])
    return str(node["grade"]) if kind in OF_GRADES else str(node.get("code", ""))


def outline(edited: Edited, here: Place, place: Place, depth: int = 0) -> Iterator[Line]:
    """The rows inside a place, each before those inside it."""
    node = node_at(edited.body, place)
    for name in INSIDE:
        for number, row in enumerate(node.get(name, ())):
            at = (*place, name, number)
            code = _code(row, name)
            label = row.get("text") or (name_of(name) if name not in ("tracks", "components") or not code else "")
            yield Line(edited.address(at), at == here, code, label, depth)
            yield from outline(edited, here, at, depth + 1)


def crumbs(edited: Edited, place: Place) -> list[tuple[str, str]]:
    """The rows in which a place lies, the outermost first: address and name."""
    above = [place[:length] for length in range(len(edited.root) + 2, len(place), 2)]
    return [(edited.address(at), called(edited.body, at)) for at in above]


def inside(edited: Edited, place: Place) -> list[Line]:
    """The rows that lie in a place, without those inside them."""
    return [line for line in outline(edited, place, place) if not line.depth]


def adds_at(body: Body, place: Place) -> list[tuple[str, str]]:
    """Which rows can be added inside a place: kind and name."""
    kinds = ADDS.get(kind_of(place), ())
    return [(kind, name_of(kind)) for kind in kinds if _can_add(body, place, kind)]


def _can_add(body: Body, place: Place, kind: str) -> bool:
    if kind == "components":
        return len(node_at(body, place)["components"]) < len((WORK, RECIPIENTS, LEADERS))
    return kind not in OF_GRADES or bool(body["grades"])


@dataclass(frozen=True)
class Worked:
    """What became of a request about a place: its form, where to go on if it was done, whether its page was old.

    An old page stays old: what was typed is shown and kept, and saved once the place has been looked at again.
    """

    form: EditorForm
    after: Place | None
    stale: bool


def worked(edited: Edited, place: Place, request: HttpRequest) -> Worked:
    """The form of a place; what is sent is saved, and what its button says is done."""
    version = request.POST.get("version") or edited.version
    stale = version != edited.version
    form = EditorForm(edited.body, place, request.POST or None, version=version)
    after = None
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            after = taken(edited, place, form, request.POST.get("do", ""))
    if form.is_bound and not stale:
        kept = request.POST.copy()
        kept["version"] = edited.version
        form.data = kept
    return Worked(form, after, stale)


def taken(edited: Edited, place: Place, form: EditorForm, button: str) -> Place:
    """Save what was typed, then do what the button says; returns the place to go on at."""
    seen = form.cleaned_data["version"] or edited.version
    values = form.values()
    if values:
        what = f"{called(edited.body, place)} · {form.said(values)}"
        edited.step(Edit(place, form.put(values)), what=what, seen=seen)
        seen = edited.version
    return _pressed(edited, place, button, seen)


def _pressed(edited: Edited, place: Place, button: str, seen: str) -> Place:
    verb, _colon, kind = button.partition(":")
    if verb == "add" and kind in ADDS.get(kind_of(place), ()):
        return _added(edited, place, kind, seen)
    if place == edited.root:
        return place
    if verb == "remove":
        what = _("Removed: %(row)s") % {"row": called(edited.body, place)}
        edited.step(Edit(place, remove=True), what=what, seen=seen)
        return place[:-2]
    rows = node_at(edited.body, place[:-1])
    if verb in MOVES and 0 <= (to := int(place[-1]) + MOVES[verb]) < len(rows):
        what = _("Moved: %(row)s") % {"row": called(edited.body, place)}
        edited.step(Edit(place, move=MOVES[verb]), what=what, seen=seen)
        return (*place[:-1], to)
    return place


def _added(edited: Edited, place: Place, kind: str, seen: str) -> Place:
    """Add a row at the end of a list; the person goes on in it."""
    edit = Edit(place, _needed(edited.body, place, kind), add=kind)
    edited.step(edit, what=_("Added: %(row)s") % {"row": name_of(kind)}, seen=seen)
    listed = list_of(kind)
    return (*place, listed, len(node_at(edited.body, place)[listed]) - 1)


def _needed(body: Body, place: Place, kind: str) -> Body:
    """What a new row says at once: a component which it is, a band of which grade, a first level the part's points."""
    if kind == "components":
        held = {component["code"] for component in node_at(body, place)["components"]}
        return {"code": next((code for code in (WORK, RECIPIENTS, LEADERS) if code not in held), WORK)}
    if kind in OF_GRADES:
        return {"grade": next(iter(body["grades"]), "")}
    if kind == "levels" and not (part := node_at(body, place)).get("levels"):
        return {"points": part["points"]}
    return {}


def saved(edited: Edited, place: Place, request: HttpRequest) -> dict[str, Any]:
    """Save the fields that were typed, each by itself: one at fault keeps no other from being saved."""
    changed = request.POST.getlist("changed")
    version = request.POST.get("version", "")
    stale = {"stale": version != edited.version, "here": edited.address(place)}
    form = EditorForm(edited.body, place, request.POST, version=version, changed=changed)
    form.is_valid()
    kept = Saved[str](refused={name: text for name, text in wrong_in(form).items() if name in changed})
    for name, value in form.values().items():
        if name not in changed:
            continue
        with kept.refusing(name):
            what = f"{called(edited.body, place)} · {form.said({name: value})}"
            edited.step(Edit(place, form.put({name: value})), what=what, seen=version)
            version = edited.version
    at = f"{clock.now().astimezone(clock.BEIJING):%H:%M}"
    html = {"#stale": render_to_string("scoring/_stale.html", stale)}
    after = EditorForm(edited.body, place, version=version)
    follows = {name: after[name].value() or "" for name, value in form.old.items() if after.old[name] != value}
    return {"saved_at": at, "errors": kept.refused, "version": version, "html": html, "values": follows}
