"""The steps of an assessment: where it stands, with planned or actual dates."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from common.wording import say_date
from scoring.models import Step
from tests.support.single import exclude_overdue
from tests.support.world import a_cycle
from workflow.flow.queries.steps import steps_of
from workflow.office.services.extensions import reinstate

pytestmark = pytest.mark.django_db


def test_a_new_assessment_stands_at_its_first_step_of_seven() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        steps = steps_of(world.assessments[0])
    assert [step.state for step in steps] == ["now", "next", *["later"] * 5]
    assert "31" in steps[0].dates
    assert "—" in steps[1].dates


def test_a_past_step_shows_when_it_ended_and_ratings_belong_to_the_district_only() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").accepted()
    with world.clock():
        district, society = (steps_of(assessment) for assessment in world.assessments)
    assert [step.state for step in district[:4]] == ["past", "past", "now", "next"]
    assert "1" in district[0].dates
    assert district[2].label != society[2].label


def test_an_excluded_unit_sees_how_it_ended() -> None:
    world = a_cycle().with_units(1).opened()
    late = world.deadline
    with clock.travel(late + timedelta(minutes=1)):
        assert exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
        steps = steps_of(world.assessments[0])
    assert [step.state for step in steps] == ["missed", "now"], "what was not handed in is not drawn as done"
    assert steps[1].label == Step.EXCLUDED.label
    assert steps[1].dates


def test_the_dates_of_a_unit_that_is_excluded_again_do_not_run_backwards() -> None:
    world = a_cycle().with_units(1).opened()
    assessment = world.assessments[0]
    again = world.deadline + timedelta(days=10)
    with clock.travel(world.deadline + timedelta(minutes=1)):
        exclude_overdue(task=world.task(assessment, "self_evaluation"))
        reinstate(task=world.task(assessment, "excluded"), by=world.office, until=again, why="系统故障")
    with clock.travel(again + timedelta(minutes=1)):
        exclude_overdue(task=world.task(assessment, "self_evaluation"))
        steps = steps_of(world.assessments[0])
    day = again.astimezone(clock.BEIJING).date()
    assert [step.dates for step in steps] == [say_date(day, today=day)] * 2


def test_steps_take_two_queries(django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(1).accepted()
    assessment = world.assessments[0]
    with world.clock(), django_assert_num_queries(2):
        steps_of(assessment)
