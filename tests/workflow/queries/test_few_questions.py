"""The first pages ask ten questions at most, whoever opens them, with units at every step and everything amiss."""

import pytest
from django.db import connection

from tests.support.pages import Visitor
from tests.workflow.queries.spread import Spread
from workflow.bulk.models import BulkKind, BulkRun
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db
MOST = 10
SEVERAL_ROLES = {"clerk"}  # the office's and a filer's first page at once


def test_the_first_page_of_everybody(found: Spread) -> None:
    found.world.cycle.refresh_from_db()
    apart = 2 if connection.vendor == "sqlite" else 0  # what PostgreSQL is asked in one trip for each node and role
    for name, user in found.cast.items():
        if name not in SEVERAL_ROLES | {"gone"}:
            assert len(Visitor(found.world, user).questions("/")) <= MOST + apart, name


@pytest.mark.parametrize("asked", ["", "?track=society&late=on&search=u&step=acceptance", "?page=9"])
def test_the_cycle_at_a_glance(found: Spread, asked: str) -> None:
    for user in (found.world.office, found.world.supervisor):
        assert len(Visitor(found.world, user).questions(f"/cycles/{found.world.cycle.year}/{asked}")) <= MOST


def test_the_cycle_at_a_glance_with_everything_amiss(found: Spread) -> None:
    cycle = found.world.cycle
    Task.objects.filter(process__sheet__cycle=cycle, finished=None).update(fires=True, attempts=3, owner=None)
    BulkRun.objects.create(kind=BulkKind.NUDGE, cycle=cycle, by=found.world.office)
    visitor = Visitor(found.world, found.world.office)
    assert len(visitor.questions(f"/cycles/{cycle.year}/")) <= MOST
    attention = visitor.get(f"/cycles/{cycle.year}/").context["attention"]
    assert attention.stuck and attention.asked
