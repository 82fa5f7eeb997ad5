"""Closing a cycle: once all have come to their end, and the excluded with it."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from audit.verbs import Verb
from scoring.models import Step
from tests.support.single import exclude_overdue
from tests.support.traces import outcomes_of, refused
from tests.support.world import World, a_cycle
from workflow.bulk import services as bulk
from workflow.inbox.queries.decisions import running_cycles
from workflow.office.services.closing import close_cycle, still_running
from workflow.office.services.opening import open_cycle
from workflow.versions.services.proposing import propose_version, withdraw_version

pytestmark = pytest.mark.django_db
TRACK = "society"


def closed(world: World) -> datetime | None:
    with world.clock():
        close_cycle(cycle=world.cycle, by=world.office)
    world.cycle.refresh_from_db()
    return world.cycle.closed_at


def test_a_cycle_closes_once_all_have_come_to_their_end() -> None:
    world = a_cycle().with_units(1, TRACK).circulated()
    assert still_running(world.cycle) == 0
    first = closed(world)
    assert first == world.at
    world.at = world.at.replace(year=2028)
    assert closed(world) == first, "closing again changes nothing"
    assert Event.objects.filter(verb=Verb.CYCLE_CLOSED, subject=f"cycle:{world.cycle.year}").count() == 1


def test_a_correction_that_is_proposed_keeps_it_open() -> None:
    world = a_cycle().with_units(1, TRACK).circulated()
    with world.clock():
        proposal = propose_version(cycle=world.cycle, why="通知有误", by=world.office)
        refused(lambda: close_cycle(cycle=world.cycle, by=world.office))
        withdraw_version(proposal=proposal, by=world.office)
    assert closed(world)


def test_excluded_units_end_with_their_cycle(django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(4, TRACK).opened()
    with world.clock(world.deadline):
        for assessment in world.assessments:
            exclude_overdue(task=world.task(assessment, "self_evaluation"))
    with django_assert_max_num_queries(24):  # whatever their number is
        assert closed(world)
    for assessment in world.assessments:
        assert (assessment.step, assessment.finished is not None) == (Step.EXCLUDED, True)
        assert [kind for _node, kind in outcomes_of(assessment)] == ["excluded", "cycle_closed"]


def test_one_that_still_runs_keeps_it_open() -> None:
    world = a_cycle().with_units(2, TRACK).opened()
    with world.clock(world.deadline):
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
        refused(lambda: close_cycle(cycle=world.cycle, by=world.office))
    world.cycle.refresh_from_db()
    assert world.cycle.closed_at is None
    assert world.assessments[0].finished is None


def test_units_that_have_not_begun_keep_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(3, TRACK)
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    with world.clock():
        open_cycle(cycle=world.cycle, by=world.office)  # left to the workers
        assert still_running(world.cycle) == 3
        refused(lambda: close_cycle(cycle=world.cycle, by=world.office))
        assert not [decision for decision in running_cycles(deciding=True).decisions if decision.place == "cycle-close"]


@pytest.mark.postgres
def test_the_processes_are_locked_before_the_cycle() -> None:
    world = a_cycle().with_units(1, TRACK).circulated()
    with CaptureQueriesContext(connection) as asked:
        closed(world)
    locks = [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]
    assert "workflow_assessment" in locks[0] and "scoring_cycle" in locks[1]
