"""What the walk of the flow refuses, since it would go wrong in silence."""

from typing import Any

import pytest
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.token import Token

from scoring.models import Responsibility, Step
from tests.support.world import World, a_cycle
from workflow.flow.endings import Ending, hold
from workflow.flow.models import Assessment, Node, OutcomeKind, Task
from workflow.flow.nodes import FanOut, PersonTask, WaitingTask
from workflow.flow.queries.process import flow_ref
from workflow.flow.walk import require_known
from workflow.flows import AssessmentFlow

pytestmark = pytest.mark.django_db


def waiting() -> WaitingTask:
    return WaitingTask(step=Step.APPROVAL).Next(this.end)


@pytest.mark.parametrize(
    "node",
    [
        lambda: flow.Function(lambda _activation: None).Next(this.end),
        lambda: flow.Split().Next(this.end),
        lambda: FanOut().Next(this.end, each=lambda _case: []),
        lambda: flow.Switch().Default(this.end).Case(this.end, lambda _case: True),
        lambda: flow.Switch().Case(this.end, lambda _case: True),
        lambda: waiting().OnTimeout(None, then=this.end),
        lambda: flow.Join(continue_on_condition=lambda *_: True).Next(this.end),
        lambda: PersonTask(step=Step.APPROVAL, duty=None).Assign(username="somebody").Next(this.end),
        lambda: PersonTask(step=Step.APPROVAL, duty=None).onCreate(lambda _activation: None).Next(this.end),
        lambda: WaitingTask(step=Step.APPROVAL).Next(this.end, task_data=lambda _activation: {}),
    ],
    ids=[
        "function",
        "stock split",
        "split to an end",
        "default first",
        "no default",
        "timer",
        "early join",
        "owner",
        "hook",
        "data",
    ],
)
def test_a_flow_with_what_is_not_walked_here_is_refused(node: Any) -> None:
    class Odd(flow.Flow):
        process_class = Assessment
        task_class = Task
        start = flow.StartHandle().Next(this.odd)
        odd = node()
        end = flow.End()

    with pytest.raises(FlowRuntimeError, match=r"Odd\.odd"):
        require_known(Odd)


def test_the_flow_of_the_house_is_walked() -> None:
    require_known(AssessmentFlow)


def ended(world: World, task: Task, kind: OutcomeKind) -> None:
    with world.clock(), hold([task]) as held:
        held.end({held.task: Ending(kind=kind, by=world.office)})


def test_what_has_ended_does_not_end_again() -> None:
    world = a_cycle().with_units(1).opened()
    task = world.task(world.assessments[0], Node.SELF_EVALUATION)
    ended(world, task, OutcomeKind.SUBMITTED)
    with pytest.raises(FlowRuntimeError, match="can't be ended"):
        ended(world, task, OutcomeKind.SUBMITTED)


def test_a_task_is_ended_as_it_is_held() -> None:
    world = a_cycle().with_units(1).opened()
    task = world.task(world.assessments[0], Node.SELF_EVALUATION)
    with pytest.raises(FlowRuntimeError, match="as it is held"), hold([task]) as held:
        held.end({task: Ending(kind=OutcomeKind.SUBMITTED, by=None)})


def test_nothing_is_held_and_nothing_ended(django_assert_num_queries: Any) -> None:
    with hold([]) as held:
        assert held.tasks == []
        with django_assert_num_queries(0):
            held.end({})


def half_joined() -> tuple[World, Assessment]:
    """One branch of three has arrived."""
    world = a_cycle().with_units(1).accepted()
    ended(world, world.task(world.assessments[0], Node.RECIPIENT_RATING), OutcomeKind.RATED)
    return world, world.assessments[0]


def test_a_gateway_is_not_ended_by_anybody() -> None:
    world, one = half_joined()
    with pytest.raises(FlowRuntimeError, match="can't be ended"):
        ended(world, one.task_set.get(flow_task=flow_ref("join")), OutcomeKind.RATED)


def test_nothing_splits_while_a_join_is_open() -> None:
    world, one = half_joined()
    stray = Task.objects.create(process=one, flow_task=AssessmentFlow.acceptance, status="NEW", token=Token("start"))
    with pytest.raises(FlowRuntimeError, match="while a join of its process is open"):
        ended(world, stray, OutcomeKind.ACCEPTED)


@pytest.mark.parametrize("token", ["start", "start/1_1/2_1", "other/1_1"])
def test_a_join_takes_branches_of_its_own_split_only(token: str) -> None:
    world, one = half_joined()
    task = world.task(one, Node.DEPARTMENT_REVIEW)
    Task.objects.filter(pk=task.pk).update(token=Token(token))
    with pytest.raises(FlowRuntimeError, match="waits for others"):
        ended(world, task, OutcomeKind.REVIEWED)


def test_a_split_without_branches_is_refused() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    Responsibility.objects.all().delete()
    task = world.task(world.assessments[0], Node.ACCEPTANCE)
    with pytest.raises(FlowRuntimeError, match="has no branch"):
        ended(world, task, OutcomeKind.ACCEPTED)
