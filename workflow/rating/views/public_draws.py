"""What the public sees of drawings without an account: every roster's hash, the seed, who was drawn, to be redone."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.permissions import Action, reads
from scoring.models import Draw, Drawing, PublicRoster
from workflow.flow.cycles import cycle_shown
from workflow.rating.queries.drawings import (
    covered_list,
    cycles_with_rosters,
    drawings_shown,
    public_rosters,
    public_row,
)
from workflow.rating.queries.draws import roster_of_draw

PER_PAGE = 50


@reads(Action.PUBLIC)
def public_draws(request: HttpRequest) -> HttpResponse:
    """Every drawing of a cycle, every fixed roster, and what was drawn from it."""
    cycles = list(cycles_with_rosters())
    shown = cycle_shown(request, work={}, among=cycles, first=next(iter(cycles), None), all_years=True)
    page = Paginator(public_rosters(shown.cycle), PER_PAGE).get_page(request.GET.get("page")) if shown.cycle else None
    context = {
        "drawings": drawings_shown(shown.cycle),
        "page": page,
        "rows": [public_row(roster) for roster in page or []],
    }
    return render(request, "workflow/rating/public_draws.html", shown.context | context)


@reads(Action.PUBLIC)
def public_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw, with all by which it is redone, in the visitor's own browser too."""
    draw = get_object_or_404(Draw.objects.select_related("sheet__unit", "sheet__cycle", "drawing__cycle"), pk=pk)
    roster = roster_of_draw(draw)
    context = {
        "draw": draw,
        "sheet": draw.sheet,
        "cycle": draw.sheet.cycle,
        "roster": roster,
        "replacements": draw.replacements.all(),
    }
    return render(request, "workflow/rating/public_draw.html", context)


@reads(Action.PUBLIC)
def drawn_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The public roster that a draw was made from."""
    draw = get_object_or_404(Draw, pk=pk)
    return _file(draw.public_roster, "text/csv", f"roster-{draw.roster_sha256[:8]}.csv")


@reads(Action.PUBLIC)
def drawn_categories(request: HttpRequest, pk: int) -> HttpResponse:
    """The categories of everybody in the roster of a draw, where at least one of each was drawn."""
    draw = get_object_or_404(Draw.objects.select_related("drawing"), pk=pk, drawing__each_category=True)
    roster = roster_of_draw(draw)
    if roster is None:
        raise Http404
    return _file(roster.categories, "text/csv", f"categories-{draw.roster_sha256[:8]}.csv")


@reads(Action.PUBLIC)
def fixed_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """A public roster as it was fixed: ids and commitments, nobody's name."""
    roster = get_object_or_404(PublicRoster, pk=pk)
    return _file(roster.content, "text/csv", f"roster-{roster.sha256[:8]}.csv")


@reads(Action.PUBLIC)
def seed(request: HttpRequest, pk: int) -> HttpResponse:
    """The seed lines of a drawing, as `draw --seed-lines` reads them; not found before they exist."""
    drawing = get_object_or_404(Drawing.objects.exclude(seed_lines=""), pk=pk)
    return _file(drawing.seed_lines, "text/plain", f"seed-{drawing.pk}.txt")


@reads(Action.PUBLIC)
def rosters(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of the rosters that a drawing covers, exactly as its hash in the seed lines is made of it."""
    drawing = get_object_or_404(Drawing.objects.select_related("cycle"), pk=pk)
    return _file(covered_list(drawing), "text/plain", f"rosters-{drawing.pk}.txt")


def _file(content: str, kind: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=disposition)
