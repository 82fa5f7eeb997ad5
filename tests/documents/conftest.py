"""A unit that fills in its self-evaluation, for the tests of what it hands in."""

import pytest

from accounts.models import User
from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle


@pytest.fixture
def world(db: None) -> World:
    return a_cycle().with_units(1).opened()


@pytest.fixture
def sheet(world: World) -> ScoreSheet:
    return world.cycle.sheets.earliest("pk")


@pytest.fixture
def filer(world: World, sheet: ScoreSheet) -> User:
    return world.filers[sheet.pk]
