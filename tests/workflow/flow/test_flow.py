"""The flow from the opening of a cycle to department review, through the services."""

from datetime import timedelta

import pytest

from accounts.models import Role
from audit.models import Event
from common import clock
from common.errors import DomainError
from outbox.models import Message
from scoring.models import Step
from tests.support.single import exclude_overdue
from tests.support.world import a_cycle
from workflow.filing.services.acceptance import return_for_supplement
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import OutcomeKind
from workflow.office.services.extensions import reinstate

pytestmark = pytest.mark.django_db


def test_opening_freezes_the_scheme_and_begins_every_assessment() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").opened()
    assert world.cycle.scheme.frozen_at is not None
    assert [assessment.step for assessment in world.assessments] == [Step.SELF_EVALUATION] * 3
    assert Message.objects.filter(cause__startswith="task:").count() == 3


def test_submission_goes_to_the_desk_and_then_fans_out() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").accepted()
    district, society = world.assessments
    nodes = {task.flow_task.name for task in district.task_set.filter(finished=None)}
    assert nodes == {"department_review", "recipient_rating", "leadership_rating", "join"} - {"join"}
    assert {task.flow_task.name for task in society.task_set.filter(finished=None)} == {"department_review"}


def test_a_silent_unit_is_excluded_and_can_be_reinstated() -> None:
    world = a_cycle().with_units(1).opened()
    assessment = world.assessments[0]
    task = world.task(assessment, "self_evaluation")
    late = world.deadline
    with clock.travel(late - timedelta(seconds=1)):
        assert exclude_overdue(task=task) is False
    with clock.travel(late):
        assert exclude_overdue(task=task) is True
        assert exclude_overdue(task=task) is False
        assessment.refresh_from_db()
        assert assessment.step == Step.EXCLUDED
        reinstate(
            task=world.task(assessment, "excluded"), by=world.office, until=late + timedelta(days=3), why="网络故障"
        )
        again = world.task(assessment, "self_evaluation")
    assert again.due_at == late + timedelta(days=3)
    assert again.role == Role.FILER


def test_a_request_that_arrived_at_the_deadline_is_late_and_a_repeated_click_gets_the_same_receipt() -> None:
    world = a_cycle().with_units(1).opened().filled()
    task = world.task(world.assessments[0], "self_evaluation")
    by = world.filers[world.assessments[0].sheet_id]
    late = world.deadline
    with clock.travel(late + timedelta(seconds=5)):
        with pytest.raises(DomainError):
            submit_assessment(task=task, by=by, arrived_at=late)
        first = submit_assessment(task=task, by=by, arrived_at=late - timedelta(milliseconds=1))
        second = submit_assessment(task=task, by=by, arrived_at=late + timedelta(seconds=1))
    assert first == second
    assert Event.objects.filter(verb="assessment.submitted").count() == 1


def test_a_returned_unit_that_stays_silent_goes_on_as_submitted_and_back_to_who_returned_it() -> None:
    world = a_cycle().with_units(1).submitted()
    assessment = world.assessments[0]
    until = world.at + timedelta(days=3)
    with world.clock():
        desk = world.reviewers["district"]
        return_for_supplement(
            task=world.task(assessment, "acceptance"), by=desk, why="总结缺公章", until=until, parts=["1.1"]
        )
        again = world.task(assessment, "self_evaluation")
    assert (again.due_at, again.scope) == (until, ["1.1"])
    with clock.travel(until):
        assert exclude_overdue(task=again)
        back = world.task(assessment, "acceptance")
    assert back.owner == desk
    assert again.outcome.kind == OutcomeKind.LAPSED
