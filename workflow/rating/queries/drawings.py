"""Where drawings stand: what is fixed, what is still wanted, by when, and who has taken part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common import clock
from scoring.engine.categories import categories_sha256, parse_categories
from scoring.engine.draw import split_lines
from scoring.engine.seed import FEWEST_SHARES, Covered, Occasion, covered_text
from scoring.models import CoveredRoster, Cycle, Draw, Drawing, PublicRoster, ScoreSheet, SeedShare
from workflow.flow.models import Node
from workflow.flow.queries.process import flow_ref, open_tasks

IN_FORCE = Draw.objects.filter(superseded_at=None)


def waiting_sheets(cycle: Cycle) -> QuerySet[ScoreSheet]:
    """The sheets of a cycle that wait for recipients, and for which nobody has drawn."""
    waiting = open_tasks().filter(process__sheet=OuterRef("pk"), flow_task=flow_ref(Node.RECIPIENT_RATING))
    sheets = ScoreSheet.objects.filter(Exists(waiting), cycle=cycle)
    return sheets.exclude(Exists(IN_FORCE.filter(sheet=OuterRef("pk")))).select_related(
        "unit", "track", "cycle__scheme"
    )


def free_rosters(cycle: Cycle) -> QuerySet[PublicRoster]:
    """The fixed rosters that no drawing in force covers, of units that wait for a draw."""
    covered = CoveredRoster.objects.filter(roster=OuterRef("pk"), drawing__superseded_at=None)
    rosters = PublicRoster.objects.filter(superseded_at=None, sheet__in=waiting_sheets(cycle).values("pk"))
    return rosters.exclude(Exists(covered)).select_related("sheet__unit", "sheet__track", "sheet__cycle__scheme")


def categories_of(roster: PublicRoster) -> dict[str, str]:
    """Id → category, of everybody in a public roster."""
    return parse_categories(split_lines(roster.categories))


def covered_by(drawing: Drawing) -> list[Covered]:
    """The rosters that a drawing covers, as they are hashed into its seed (one query)."""
    rows = drawing.covered.select_related("roster__sheet__unit")
    return [
        Covered(
            unit=row.roster.sheet.unit.code,
            size=row.size,
            roster_sha256=row.roster.sha256,
            categories_sha256=categories_sha256(categories_of(row.roster)) if drawing.each_category else "",
        )
        for row in rows
    ]


def occasion_of(drawing: Drawing) -> Occasion:
    """What is fixed of a drawing since it was opened."""
    return Occasion(
        cycle=drawing.cycle.slug,
        number=drawing.number,
        issue=drawing.lottery_issue,
        day=drawing.lottery_on,
        covered=tuple(covered_by(drawing)),
    )


def covered_list(drawing: Drawing) -> str:
    """The published list of the rosters that a drawing covers: exactly what its seed has the hash of."""
    return covered_text(covered_by(drawing))


class Stage(models.TextChoices):
    """What a drawing waits for, in the order of its way."""

    LOGGING = "logging", _("Two people log a hash")
    REVEALING = "revealing", _("Secrets are to be revealed")
    LOTTERY = "lottery", _("Waits for the lottery")
    NUMBERS = "numbers", _("The numbers are to be entered")
    CONFIRMING = "confirming", _("Somebody else confirms the numbers")
    DRAWING = "drawing", _("Ready to draw")
    DRAWN = "drawn", _("Drawn")
    VOID = "void", _("Too few took part")
    SUPERSEDED = "superseded", _("Given up")


# The way of a drawing as its page shows it.
WAY = (Stage.LOGGING, Stage.REVEALING, Stage.LOTTERY, Stage.NUMBERS, Stage.CONFIRMING, Stage.DRAWING)


@dataclass(frozen=True)
class DrawingShown:
    """A drawing with how far it is: its shares in their order, how many rosters it covers, how many are drawn."""

    drawing: Drawing
    shares: Sequence[SeedShare]
    covered: int
    drawn: int
    stage: Stage

    @property
    def due(self) -> datetime | None:
        """Until when what it waits for can be done, or when the lottery draws; None where nothing presses."""
        if self.stage in (Stage.LOGGING, Stage.REVEALING):
            return self.drawing.closes_at
        return self.drawing.lottery_at if self.stage is Stage.LOTTERY else None

    @property
    def mark(self) -> str:
        """The shape of its state: `done`, `wait`, `late` (somebody must act), `off`."""
        return {Stage.DRAWN: "done", Stage.VOID: "late", Stage.SUPERSEDED: "off"}.get(self.stage, "wait")

    @property
    def steps(self) -> list[dict[str, object]]:
        """Its way, as the steps of a page; none of a drawing that went no further."""
        if self.stage in (Stage.VOID, Stage.SUPERSEDED):
            return []
        here = WAY.index(self.stage) if self.stage in WAY else len(WAY)
        return [{"label": step.label, "state": _place(place, here)} for place, step in enumerate(WAY)]

    @property
    def is_closed(self) -> bool:
        """Whether hashes and secrets came too late now."""
        return clock.now() >= self.drawing.closes_at

    @property
    def missing(self) -> int:
        """How many secrets are not revealed."""
        return sum(not share.secret for share in self.shares)


def _place(place: int, here: int) -> str:
    if place == here:
        return "now"
    return "past" if place < here else "next" if place == here + 1 else "later"


def drawings_shown(cycle: Cycle | None) -> list[DrawingShown]:
    """The drawings of a cycle, the newest first (two queries)."""
    return [_shown(drawing) for drawing in _counted().filter(cycle=cycle).order_by("-number")] if cycle else []


def drawing_shown(pk: int) -> DrawingShown | None:
    """One drawing (two queries)."""
    drawing = _counted().filter(pk=pk).first()
    return None if drawing is None else _shown(drawing)


def _counted() -> QuerySet[Drawing]:
    shares = SeedShare.objects.select_related("person")
    return (
        Drawing.objects.select_related("cycle", "opened_by", "entered_by", "confirmed_by", "superseded_by")
        .prefetch_related(Prefetch("shares", queryset=shares))
        .annotate(
            n_covered=Count("covered", distinct=True),
            n_drawn=Count("draws", filter=Q(draws__superseded_at=None), distinct=True),
        )
    )


def _shown(drawing: Drawing) -> DrawingShown:
    shares = list(drawing.shares.all())
    covered, drawn = int(drawing.n_covered), int(drawing.n_drawn)  # type: ignore[attr-defined]  # annotated above
    return DrawingShown(drawing, shares, covered, drawn, _stage(drawing, shares, all_drawn=drawn >= covered))


def _stage(drawing: Drawing, shares: Sequence[SeedShare], *, all_drawn: bool) -> Stage:
    if drawing.superseded_at is not None:
        return Stage.SUPERSEDED
    if drawing.confirmed_at is not None:
        return Stage.DRAWN if all_drawn else Stage.DRAWING
    enough, now = len(shares) >= FEWEST_SHARES, clock.now()
    if now >= drawing.closes_at:
        return _after_closing(drawing, now) if enough else Stage.VOID
    if not enough:
        return Stage.LOGGING
    return Stage.LOTTERY if all(share.secret for share in shares) else Stage.REVEALING


def _after_closing(drawing: Drawing, now: datetime) -> Stage:
    if now < drawing.lottery_at:
        return Stage.LOTTERY
    return Stage.NUMBERS if drawing.entered_at is None else Stage.CONFIRMING


@dataclass(frozen=True)
class CoveredRow:
    """A roster that a drawing covers, and what was drawn from it there, if anything."""

    covered: CoveredRoster
    draw: Draw | None


def covered_rows(drawing: Drawing) -> list[CoveredRow]:
    """The rosters that a drawing covers, by unit (two queries)."""
    draws = {draw.sheet_id: draw for draw in drawing.draws.defer("public_roster", "drawn", "reserves")}
    rows = drawing.covered.select_related("roster__sheet__unit", "roster__sheet__track")
    return [CoveredRow(row, draws.get(row.roster.sheet_id)) for row in rows]


@dataclass(frozen=True)
class PublicRow:
    """A roster as the public sees it: the drawings that cover it, and what was drawn from it."""

    roster: PublicRoster
    covered: Sequence[CoveredRoster]
    draws: Sequence[Draw]


def public_rosters(cycle: Cycle) -> QuerySet[PublicRoster]:
    """Every roster fixed in a cycle, superseded ones too, by unit; with coverings and draws (three queries)."""
    covering = CoveredRoster.objects.select_related("drawing").order_by("drawing__number")
    draws = Draw.objects.select_related("drawing").defer("public_roster").order_by("drawn_at")
    return (
        PublicRoster.objects.filter(sheet__cycle=cycle)
        .select_related("sheet__unit", "sheet__track")
        .prefetch_related(Prefetch("covered", queryset=covering), Prefetch("sheet__draws", queryset=draws))
    )


def public_row(roster: PublicRoster) -> PublicRow:
    """How a roster of `public_rosters` stands."""
    draws = [draw for draw in roster.sheet.draws.all() if draw.roster_sha256 == roster.sha256]
    return PublicRow(roster, list(roster.covered.all()), draws)


def cycles_with_rosters() -> QuerySet[Cycle]:
    """The cycles in which a roster has been fixed, the newest first."""
    return Cycle.objects.filter(Exists(PublicRoster.objects.filter(sheet__cycle=OuterRef("pk")))).order_by(
        "-year", "-pk"
    )
