"""What would come of it: the units of a cycle under another year's rules, or under other weights and limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.permissions import Action, reads
from common.tables.written import csv_lines
from common.ui.asked import page_of
from common.ui.downloads import attachment
from common.ui.tabs import Tab
from common.wording import NONE
from scoring.engine.numbers import plain
from scoring.engine.track import LEADERS, RECIPIENTS
from scoring.engine.what_if import INCIDENT, Carrying, Tried, changed, try_rules
from scoring.models import Cycle, Scheme
from scoring.wording import component_label
from workflow.board.forms import TryForm
from workflow.board.queries.trying import Ranked, ranked_units

RULES = "rules"  # whose rules the address names: a cycle's


@dataclass(frozen=True)
class Row:
    """A unit as it stands and as it would, and what of its numbers could not be carried, in words."""

    ranked: Ranked
    tried: Tried
    left: str

    @property
    def change(self) -> str:
        """By how many points the total would change, with its sign."""
        return _signed(self.tried.change)

    @property
    def climbed(self) -> str:
        """By how many ranks the unit would rise, with its sign."""
        return _signed(self.tried.climbed)


@dataclass(frozen=True)
class CarryingShown:
    """How the numbers of a track were carried: how many pieces match, and what does not, in words."""

    track: str
    matched: int
    lost: tuple[str, ...]
    fresh: tuple[str, ...]


@dataclass(frozen=True)
class Trying:
    """What the page and the table of a trial show."""

    cycle: Cycle
    other: Scheme
    schemes: list[Scheme]
    form: TryForm
    rows: list[Row]
    carried: list[CarryingShown]


@reads(Action.READ_BOARD)
def trying(request: HttpRequest, slug: str) -> HttpResponse:
    """Every unit on a board, with its total and rank as they are and as they would be; nothing is kept."""
    trial = _trial(request, slug)
    asked = request.GET.copy()
    asked.pop("page", None)
    context: dict[str, Any] = {
        "cycle": trial.cycle,
        "other": trial.other,
        "form": trial.form,
        "page": page_of(request, trial.rows),
        "carried": [track for track in trial.carried if track.lost or track.fresh],
        "tabs": _tabs(trial),
        "query": asked.urlencode(),
    }
    status = 200 if trial.form.is_valid() or not trial.form.is_bound else 422
    return render(request, "workflow/board/trying.html", context, status=status)


@reads(Action.READ_BOARD)
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """The same units as a table for spreadsheets."""
    trial = _trial(request, slug)
    if trial.form.is_bound and not trial.form.is_valid():
        return trying(request, slug)
    response = HttpResponse(csv_lines(_cells(trial.rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = attachment(f"try-{slug}.csv")
    return response


def _trial(request: HttpRequest, slug: str) -> Trying:
    cycle = get_object_or_404(Cycle.objects.select_related("scheme").exclude(opened_at=None), slug=slug)
    schemes = list(Scheme.objects.exclude(in_force=None).select_related("cycle").order_by("-cycle__year", "-cycle__pk"))
    asked = request.GET.get(RULES, slug)
    other = next((scheme for scheme in schemes if scheme.cycle.slug == asked), None)
    if other is None:
        raise Http404
    typed = any(name not in (RULES, "page") for name in request.GET)
    form = TryForm(request.GET if typed else None, rules=other.rules)
    rules = changed(other.rules, form.changes()) if form.is_valid() else other.rules
    ranked = ranked_units(cycle)
    trial = try_rules(cycle.scheme.rules, rules, [each.unit for each in ranked])
    rows = [Row(each, tried, _left(tried)) for each, tried in zip(ranked, trial.units, strict=True)]
    names = {track.code: track.name for track in rules.tracks}
    carried = [_shown(names[code], carrying) for code, carrying in trial.carryings.items()]
    return Trying(cycle, other, schemes, form, rows, carried)


def _tabs(trial: Trying) -> list[Tab]:
    return [
        Tab(
            f"?{RULES}={scheme.cycle.slug}",
            _("Rules of %(year)s") % {"year": scheme.cycle.short_title},
            current=scheme == trial.other,
        )
        for scheme in trial.schemes
    ]


def _shown(track: str, carrying: Carrying) -> CarryingShown:
    lost, fresh = (
        tuple(f"{piece.code} {piece.text}" for piece in pieces) for pieces in (carrying.lost, carrying.fresh)
    )
    return CarryingShown(track, len(carrying.parts) + len(carrying.rules), lost, fresh)


def _left(tried: Tried) -> str:
    if tried.after is None:
        return _("These rules have no such track.")
    names = {INCIDENT: _("Incidents")} | {code: component_label(code) for code in (RECIPIENTS, LEADERS)}
    return "、".join(names.get(code, code) for code in tried.not_carried)


def _signed(number: Any) -> str:
    if number is None:
        return NONE
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{plain(abs(number)) if number else 0}"


def _cells(rows: list[Row]) -> Iterator[list[object]]:
    yield [
        _("Code"),
        _("Unit"),
        _("Track"),
        _("Total"),
        _("Total as tried"),
        _("Difference"),
        _("Rank"),
        _("Rank as tried"),
        _("Grade"),
        _("Grade as tried"),
        _("Not carried"),
    ]
    for row in rows:
        before, after = row.tried.before, row.tried.after
        yield [
            row.ranked.unit.unit,
            row.ranked.name,
            row.ranked.track,
            before.total,
            after and after.total,
            row.tried.change,
            before.rank,
            after and after.rank,
            row.ranked.grade,
            after and after.grade,
            row.left,
        ]
