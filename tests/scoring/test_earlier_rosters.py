"""Draws from before rosters were fixed are given the roster that they were made from (migration 0010)."""

from importlib import import_module

import pytest
from django.apps import apps

from scoring.models import Draw, PublicRoster
from tests.support.boxes import ballots_of
from tests.support.world import a_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both]
migration = import_module("scoring.migrations.0010_rosters_of_earlier_draws")


def an_earlier_draw(content: str) -> Draw:
    world = a_cycle().with_units(1).accepted()
    ballots_of(world, world.assessments[0], 2)
    PublicRoster.objects.all().delete()
    Draw.objects.update(public_roster=content, drawing=None, roster_sha256="a" * 64)
    return Draw.objects.get()


def test_an_earlier_draw_gets_its_roster_in_the_order_of_its_ids() -> None:
    draw = an_earlier_draw("id,commitment\nb,2\n-a,3\nB,1\n")
    migration.fix(apps, None)
    roster = PublicRoster.objects.get()
    assert roster.content == "id,commitment\n-a,3\nB,1\nb,2\n"
    assert (roster.sheet, roster.sha256, roster.fixed_at) == (draw.sheet, draw.roster_sha256, draw.drawn_at)


def test_a_draw_that_kept_no_roster_gets_none() -> None:
    an_earlier_draw("")
    migration.fix(apps, None)
    assert not PublicRoster.objects.exists()
