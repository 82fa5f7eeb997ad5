"""The nodes of the flow: a task is written with its duty, its step and its announcement, and ends as it should."""

from typing import Any

import pytest

from accounts.models import Role
from audit.models import Event
from outbox.models import Message
from scoring.models import Step
from tests.support.traces import outcomes_of
from tests.support.world import World, a_cycle
from workflow.flow.endings import Ending, hold, is_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.nodes import Duty, FanOut, PersonTask, WaitingTask, once_if
from workflow.flow.queries.process import OF_PEOPLE
from workflow.flows import AssessmentFlow

pytestmark = pytest.mark.django_db


def test_what_waits_in_the_flow_is_named_once() -> None:
    waiting = {node.name for node in AssessmentFlow.instance.nodes() if isinstance(node, PersonTask | WaitingTask)}
    assert waiting == set(Node)


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_what_people_do_are_tasks_of_people(name: Node) -> None:
    node: Any = AssessmentFlow.instance.node(name)
    assert isinstance(node, PersonTask)
    assert node.duty is not None
    assert node.announce is not None, "whoever must act is told"


@pytest.mark.parametrize("name", sorted(set(Node) - set(OF_PEOPLE)))
def test_what_a_sweep_or_a_board_ends_waits(name: Node) -> None:
    assert isinstance(AssessmentFlow.instance.node(name), WaitingTask)


@pytest.mark.parametrize("name", ["split", "rework"])
def test_the_fan_outs_are_ours(name: str) -> None:
    assert isinstance(AssessmentFlow.instance.node(name), FanOut)


@pytest.mark.parametrize(
    ("node", "step"),
    [
        ("self_evaluation", Step.SELF_EVALUATION),
        ("excluded", Step.EXCLUDED),
        ("acceptance", Step.ACCEPTANCE),
        ("department_review", Step.DEPARTMENT_REVIEW),
        ("recipient_rating", Step.DEPARTMENT_REVIEW),
        ("leadership_rating", Step.DEPARTMENT_REVIEW),
        ("consolidation", Step.CONSOLIDATION),
        ("approval", Step.APPROVAL),
        ("publicity", Step.PUBLICITY),
        ("circulation", Step.CIRCULATION),
    ],
)
def test_each_node_has_its_step(node: str, step: Step) -> None:
    assert AssessmentFlow.instance.node(node).step == step


@pytest.mark.parametrize(("condition", "branches"), [(True, [{}]), (False, [])], ids=["a branch", "none"])
def test_a_branch_that_a_track_may_not_have(condition: bool, branches: list[dict[str, Any]]) -> None:
    assert list(once_if(condition)) == branches


def test_a_duty_owes_nothing_unless_it_says_so() -> None:
    duty = Duty()
    assert (duty.role, duty.unit_id, duty.department_id, duty.owner_id, duty.due_at) == (None,) * 5
    assert (duty.scope, duty.fires) == ((), False)


def test_a_task_is_born_with_its_columns_in_the_step_of_its_node() -> None:
    world = a_cycle().with_units(1).opened()
    one = world.assessments[0]
    task = world.task(one, "self_evaluation")
    assert (task.role, task.unit, task.department, task.owner) == (Role.FILER, one.sheet.unit, None, None)
    assert (task.due_at, task.fires, task.scope, task.status) == (world.deadline, True, [], "NEW")
    assert (one.step, task.created) == (Step.SELF_EVALUATION, world.at)


def test_a_claimed_and_an_unclaimed_task_end_alike() -> None:
    world = a_cycle().with_units(2, "society").submitted()
    claimed = world.task(world.assessments[0], "acceptance")
    Task.objects.filter(pk=claimed.pk).update(owner=world.reviewers["society"], status="ASSIGNED")
    with world.clock():
        for assessment in world.assessments:
            with hold([world.task(assessment, "acceptance")]) as held:
                held.end({held.task: Ending(kind=OutcomeKind.ACCEPTED, by=world.reviewers["society"])})
    assert {assessment.step for assessment in world.assessments} == {Step.DEPARTMENT_REVIEW}
    ended = Task.objects.filter(outcome__kind=OutcomeKind.ACCEPTED)
    assert {task.status for task in ended} == {"DONE"}
    assert all(task.finished is not None for task in ended)


class Broken(Exception):
    """Something that fails half-way."""


def broken_off(world: World) -> None:
    with world.clock(), hold([world.task(world.assessments[0], "acceptance")]) as held:
        held.end({held.task: Ending(kind=OutcomeKind.ACCEPTED, by=world.reviewers["society"])})
        raise Broken


def test_what_fails_half_way_leaves_nothing_half_done() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    before = Event.objects.count(), Message.objects.count(), Task.objects.count()
    with pytest.raises(Broken):
        broken_off(world)
    assert (Event.objects.count(), Message.objects.count(), Task.objects.count()) == before
    assert world.assessments[0].step == Step.ACCEPTANCE
    assert outcomes_of(world.assessments[0]) == [("self_evaluation", "submitted")]
    with hold([world.task(world.assessments[0], "acceptance")]) as held:
        assert is_open(held.task), "the error is let out, the task is not marked as failed"
