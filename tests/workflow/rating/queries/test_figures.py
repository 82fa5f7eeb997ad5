"""Ratings in figures: the turnout says no score, the distribution nothing of few, and neither anybody's own unit."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.actors import actor_of
from accounts.models import Membership, Role
from scoring.models import Rating, ScoreSheet
from tests.support.drawings import drawn
from tests.support.world import World, a_cycle
from workflow.flow.endings import Ending, hold
from workflow.flow.models import OutcomeKind
from workflow.rating.queries.figures import buckets, distribution_of, rated_units, turnout_of

pytestmark = pytest.mark.django_db
FIVE = ("60", "88", "89", "90", "99.5")


def rate(world: World, unit: int, component: str, *values: str, over: bool = True) -> ScoreSheet:
    """Ratings of a unit, and its task ended."""
    assessment = world.assessments[unit]
    leaders = iter([*world.leaders, world.chief])
    for value in values:
        rater = next(leaders) if component == "leaders" else None
        Rating.objects.create(sheet=assessment.sheet, component=component, value=Decimal(value), rater=rater)
    node = {"recipients": "recipient_rating", "leaders": "leadership_rating"}[component]
    if over:
        with world.clock(), hold([world.task(assessment, node)]) as held:
            held.end({held.task: Ending(kind=OutcomeKind.RATED, by=None, data={"component": component})})
    return assessment.sheet


def shown(world: World, who: Any = None) -> dict[int, tuple[Any, Any]]:
    """Sheet's key → its means as they are shown."""
    units = rated_units(actor_of(who or world.office), world.cycle)
    return {
        unit.sheet.pk: tuple(mean and (str(mean.value), mean.count) for mean in (unit.recipients, unit.leaders))
        for unit in units
    }


def test_the_mean_is_shown_with_how_many_once_ratings_are_over() -> None:
    world = a_cycle().with_units(2).accepted()
    sheet = rate(world, 0, "recipients", *FIVE)
    rate(world, 1, "recipients", *FIVE, over=False)
    assert shown(world) == {sheet.pk: (("85.30", 5), None)}


def test_of_few_recipients_nothing_is_shown() -> None:
    world = a_cycle().with_units(1).accepted()
    sheet = rate(world, 0, "recipients", *FIVE[:4])
    assert shown(world) == {}
    assert distribution_of(actor_of(world.office), world.assessments[0].pk) is None
    rate(world, 0, "leaders", "80", "90")
    assert shown(world) == {sheet.pk: (None, ("85.00", 2))}


def test_while_leaders_may_still_rate_their_mean_is_not_shown() -> None:
    world = a_cycle().with_units(1).accepted()
    rate(world, 0, "leaders", "80", "90", over=False)
    assert shown(world) == {}


def test_one_own_unit_is_not_shown() -> None:
    world = a_cycle().with_units(1).accepted()
    sheet = rate(world, 0, "recipients", *FIVE)
    Membership.objects.create(user=world.chief, role=Role.FILER, unit=sheet.unit, since=world.at)
    with world.clock():
        assert shown(world, world.chief) == {}
        assert distribution_of(actor_of(world.chief), world.assessments[0].pk) is None


def test_a_distribution_counts_every_rating_once() -> None:
    world = a_cycle().with_units(1).accepted()
    rate(world, 0, "recipients", *FIVE)
    found = distribution_of(actor_of(world.office), world.assessments[0].pk)
    assert found is not None
    assert [count for _range, count in found[1]] == [0, 1, 0, 2, 2]


@pytest.mark.parametrize(
    ("value", "named"),
    [("0", "0–60"), ("59.99", "0–60"), ("60", "60–70"), ("89.99", "80–90"), ("90", "90–100"), ("100", "90–100")],
)
def test_the_lower_edge_belongs_to_a_range_and_100_to_the_last(value: str, named: str) -> None:
    assert [name for name, count in buckets([Decimal(value)]) if count] == [named]


def test_the_turnout_counts_ballots_of_the_drawn() -> None:
    world = a_cycle().with_units(1).accepted()
    drawn(world)
    ballot = world.assessments[0].sheet.draws.get().ballots.first()
    ballot.spent = True
    ballot.save()
    with world.clock():
        turnout = turnout_of(world.cycle)
    assert [(box.sheet.pk, box.spent, box.ballots) for box in turnout.boxes] == [(world.assessments[0].sheet_id, 1, 3)]
    assert (turnout.spent, turnout.ballots) == (1, 3)


@pytest.mark.parametrize("units", [1, 4])
def test_means_of_many_units_are_read_together(units: int, django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(units).accepted()
    for unit in range(units):
        rate(world, unit, "recipients", *FIVE)
    actor = actor_of(world.office)
    with django_assert_num_queries(2):
        assert len(rated_units(actor, world.cycle)) == units
