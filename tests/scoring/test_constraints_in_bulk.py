"""What the database refuses although it is written in bulk, past every model and service."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from scoring.models import (
    Ballot,
    Cycle,
    Draw,
    HolidayOrder,
    PlannedStep,
    Rating,
    Responsibility,
    Scheme,
    ScoreSheet,
    SheetLine,
    Step,
    Track,
)
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
Deed = Callable[[World], object]


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).opened()


def sheet(world: World) -> ScoreSheet:
    return world.assessments[0].sheet


def a_rating(world: World, value: str, **fields: object) -> Rating:
    return Rating(sheet=sheet(world), component="recipients", value=Decimal(value), **fields)


def by_leader(world: World, number: int = 0, value: int = 90) -> Rating:
    return Rating(sheet=sheet(world), component="leaders", value=value, rater=world.leaders[number], given_at=world.at)


def a_draw(world: World, **fields: object) -> Draw:
    return Draw(
        sheet=sheet(world),
        size=1,
        seed="0" * 64,
        roster_sha256="0" * 64,
        public_roster="",
        drawn=["a"],
        reserves=[],
        drawn_by=world.office,
        **fields,
    )


def drawn_twice(world: World) -> None:
    Draw.objects.bulk_create([a_draw(world), a_draw(world)])


def ballots_of_one_secret(world: World) -> None:
    draw = a_draw(world)
    draw.save()
    Ballot.objects.bulk_create([Ballot(draw=draw, opaque_id=name, token_sha256=name * 64) for name in "ab"])
    Ballot.objects.update(token_sha256="c" * 64)


def leaders_made_one(world: World) -> None:
    Rating.objects.bulk_create([by_leader(world), by_leader(world, 1)])
    Rating.objects.update(rater=world.leaders[0])


def recipient_named_later(world: World) -> None:
    Rating.objects.bulk_create([a_rating(world, "90")])
    Rating.objects.update(rater=world.leaders[0])


def recipient_dated_later(world: World) -> None:
    Rating.objects.bulk_create([a_rating(world, "90")])
    Rating.objects.update(given_at=world.at)


def leader_unnamed_later(world: World) -> None:
    Rating.objects.bulk_create([by_leader(world)])
    Rating.objects.update(rater=None)


def kinds_swapped_later(world: World) -> None:
    Rating.objects.bulk_create([by_leader(world)])
    Rating.objects.update(component="recipients")


REFUSED: dict[str, Deed] = {
    "a claim below zero": lambda w: SheetLine.objects.filter(code="1.1").update(claimed=Decimal("-0.01")),
    "a review below zero": lambda w: SheetLine.objects.filter(code="1.1").update(reviewed=Decimal("-0.01")),
    "a total below zero": lambda w: ScoreSheet.objects.update(total=Decimal("-0.01")),
    "all lines of one code": lambda w: SheetLine.objects.update(code="1.1"),
    "two units made one": lambda w: ScoreSheet.objects.update(unit=sheet(w).unit),
    "a unit once more": lambda w: ScoreSheet.objects.bulk_create(
        [ScoreSheet(cycle=w.cycle, track=sheet(w).track, unit=sheet(w).unit, unit_name="又一次")]
    ),
    "a track once more": lambda w: Track.objects.bulk_create(
        [Track(cycle=w.cycle, code="district", name="又一次", position=9)]
    ),
    "tracks of one code": lambda w: Track.objects.update(code="district"),
    "a part of no code": lambda w: Responsibility.objects.filter(code="1.1").update(code=""),
    "a rating a hundredth above": lambda w: Rating.objects.bulk_create([a_rating(w, "100.01")]),
    "a rating a hundredth below": lambda w: Rating.objects.bulk_create([a_rating(w, "-0.01")]),
    "a leader twice in one stroke": lambda w: Rating.objects.bulk_create([by_leader(w), by_leader(w, value=80)]),
    "two leaders made one": leaders_made_one,
    "a recipient named later": recipient_named_later,
    "a recipient dated later": recipient_dated_later,
    "a leader unnamed later": leader_unnamed_later,
    "a leader turned into a recipient": kinds_swapped_later,
    "a second draw put in force": drawn_twice,
    "two ballots of one secret": ballots_of_one_secret,
    "a step that ends a day too early": lambda w: PlannedStep.objects.update(
        starts_on=date(2027, 1, 1), ends_on=date(2026, 12, 31)
    ),
    "a name twice": lambda w: Cycle.objects.bulk_create([Cycle(slug=w.cycle.slug, year=2025)]),
    "a scheme more": lambda w: Scheme.objects.bulk_create([Scheme(cycle=w.cycle, body={}, sha256="0" * 64)]),
    "holidays of a year twice": lambda w: HolidayOrder.objects.bulk_create(
        [HolidayOrder(year=2027, order="又一令", entered_by=w.office)]
    ),
}
KEPT: dict[str, Deed] = {
    "a rating of nothing": lambda w: Rating.objects.bulk_create([a_rating(w, "0.00")]),
    "a rating of all": lambda w: Rating.objects.bulk_create([a_rating(w, "100.00")]),
    "recipients who agree": lambda w: Rating.objects.bulk_create([a_rating(w, "90"), a_rating(w, "90")]),
    "a total of nothing": lambda w: ScoreSheet.objects.update(total=Decimal("0.00")),
    "a claim of nothing": lambda w: SheetLine.objects.update(claimed=Decimal("0.00")),
    "a step of one day": lambda w: PlannedStep.objects.update(starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1)),
}
NEEDED: dict[str, Callable[[World], models.Model]] = {
    "a unit that takes part": lambda w: sheet(w).unit,
    "a track with units": lambda w: sheet(w).track,
    "a cycle with its scheme": lambda w: w.cycle,
    "a desk of a track": lambda w: w.desks["district"],
    "a department that answers for a part": lambda w: Responsibility.objects.all()[0].department,
    "who entered the holidays": lambda w: w.office,
}


@pytest.mark.parametrize("deed", REFUSED.values(), ids=REFUSED.keys())
def test_what_must_never_be_is_refused_in_bulk_too(world: World, deed: Deed) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        deed(world)


@pytest.mark.parametrize("deed", KEPT.values(), ids=KEPT.keys())
def test_what_lies_just_within_is_kept(world: World, deed: Deed) -> None:
    with transaction.atomic():
        deed(world)


@pytest.mark.parametrize("row_of", NEEDED.values(), ids=NEEDED.keys())
def test_what_others_rest_on_is_not_deleted(world: World, row_of: Callable[[World], models.Model]) -> None:
    with pytest.raises(ProtectedError):
        row_of(world).delete()


def test_a_stroke_that_is_refused_in_part_keeps_nothing_of_it(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.bulk_create([a_rating(world, "90"), a_rating(world, "101"), a_rating(world, "80")])
    assert not Rating.objects.exists()


def test_a_unit_takes_part_again_in_another_year(world: World) -> None:
    later = Cycle.objects.create(slug="2027", year=2027, title="2027年度", issuer="测试市科学技术协会")
    track = Track.objects.create(cycle=later, code="district", name="区县科协", position=1)
    again = ScoreSheet(cycle=later, track=track, unit=sheet(world).unit, unit_name="新名字")
    ScoreSheet.objects.bulk_create([again])
    PlannedStep.objects.create(cycle=later, step=Step.ACCEPTANCE, starts_on=date(2028, 1, 1), ends_on=date(2028, 1, 2))
    assert ScoreSheet.objects.filter(unit=sheet(world).unit).count() == 2
