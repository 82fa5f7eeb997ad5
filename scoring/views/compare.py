"""One scheme beside another on a page: what its notice says differently from the other's, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Action, reads
from common.ui.tabs import Tab
from scoring.compared import StateShown, ValueShown, say_state, say_values
from scoring.engine.compare import SAME, ComparedTrack, Pair, Words, compare
from scoring.engine.track import Adjustment, Indicator, Part, Rule
from scoring.models import Scheme
from scoring.wording import say_points, say_worth


@dataclass(frozen=True)
class Side:
    """One side of a row: its code, its words, marked where the other's differ, and its points."""

    code: str
    words: tuple[Words, ...]
    points: str


@dataclass(frozen=True)
class RowShown:
    """A row, or a piece `inside` one, as either scheme has it."""

    state: StateShown
    inside: bool
    before: Side | None
    after: Side | None
    values: tuple[ValueShown, ...]


@dataclass(frozen=True)
class TrackShown:
    """A track: what it says differently as a whole, its rows that differ, and how many are the same."""

    code: str
    name: str
    only: str
    values: tuple[ValueShown, ...]
    rows: tuple[RowShown, ...]
    same: int


@reads(Action.READ_CYCLE)
def compare_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The scheme of a cycle beside the one before, of the same word if there is one; or that which `with` names."""
    loaded = Scheme.objects.exclude(in_force=None).select_related("cycle").order_by("-cycle__year", "-cycle__pk")
    schemes = {scheme.cycle.slug: scheme for scheme in loaded}
    scheme = schemes.pop(slug, None)
    if scheme is None:
        raise Http404
    other = _other(request, scheme, schemes)
    context: dict[str, Any] = {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "other": other,
        "tabs": _tabs(schemes, slug, other),
    }
    if other:
        context |= compared(other, scheme) | {"before": other.cycle.slug, "after": scheme.cycle.slug}
    return render(request, "scoring/compare.html", context)


def compared(before: Scheme, after: Scheme) -> dict[str, Any]:
    """What `scoring/_compared.html` shows of two schemes, besides how it calls them."""
    comparison = compare(before.rules, after.rules)
    return {
        "comparison": comparison,
        "values": say_values(comparison.values),
        "tracks": [_shown(track) for track in comparison.tracks],
    }


def _other(request: HttpRequest, scheme: Scheme, schemes: dict[str, Scheme]) -> Scheme | None:
    asked = request.GET.get("with")
    if asked is not None:
        other = schemes.get(asked)
        if other is None:
            raise Http404
        return other
    earlier = [other for other in schemes.values() if other.cycle.year < scheme.cycle.year]
    alike = [other for other in earlier if other.cycle.word == scheme.cycle.word]
    return next(iter([*alike, *earlier, *schemes.values()]), None)


def _tabs(schemes: dict[str, Scheme], slug: str, other: Scheme | None) -> Sequence[Tab]:
    url = reverse("scheme-compare", args=[slug])
    labelled = [(scheme, _("Beside %(year)s") % {"year": scheme.cycle.short_title}) for scheme in schemes.values()]
    return [Tab(f"{url}?with={scheme.cycle.slug}", label, current=scheme == other) for scheme, label in labelled]


def _shown(track: ComparedTrack) -> TrackShown:
    sides = [side for side in (track.after, track.before) if side]
    only = "" if len(sides) == 2 else _("New") if track.after else _("Gone")  # noqa: PLR2004  # either of both
    rows = tuple(row for compared in track.differences for row in _rows(compared.row, compared.inside, compared.state))
    same = len(track.rows) - len(track.differences)
    return TrackShown(track.code, sides[0].name, only, say_values(track.values), rows, same)


def _rows(
    row: Pair[Indicator] | Pair[Adjustment], inside: Sequence[Pair[Part] | Pair[Rule]], state: str
) -> Iterator[RowShown]:
    yield _row(row, state, inside=False)
    yield from (_row(pair, pair.state, inside=True) for pair in inside if pair.state != SAME)


def _row(pair: Pair[Indicator] | Pair[Adjustment] | Pair[Part] | Pair[Rule], state: str, *, inside: bool) -> RowShown:
    before, after = pair.words
    return RowShown(
        say_state(state), inside, _side(pair.before, before), _side(pair.after, after), say_values(pair.values)
    )


def _side(piece: Indicator | Adjustment | Part | Rule | None, words: tuple[Words, ...]) -> Side | None:
    return None if piece is None else Side(piece.code, words, _points(piece))


def _points(piece: Indicator | Adjustment | Part | Rule) -> str:
    match piece:
        case Indicator() | Part():
            return say_points(piece.points)
        case Rule():
            return say_worth(piece)
    return say_points(piece.cap)
