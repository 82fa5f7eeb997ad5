"""Who owes a task, by when: the plan, the returns, the window."""

from datetime import timedelta

import pytest

from accounts.models import Role
from common import clock
from scoring.models import PlannedStep, Responsibility, Step
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import reopen_review
from workflow.filing.services.acceptance import accept, return_for_supplement
from workflow.inbox.services import claim

pytestmark = pytest.mark.django_db


def planned(world: World, step: Step) -> object:
    return clock.end_of(PlannedStep.objects.get(cycle=world.cycle, step=step).ends_on)


@pytest.mark.parametrize(
    ("node", "step"),
    [
        ("acceptance", Step.ACCEPTANCE),
        ("department_review", Step.DEPARTMENT_REVIEW),
        ("consolidation", Step.CONSOLIDATION),
    ],
)
@pytest.mark.parametrize("plan", [True, False], ids=["planned", "not planned"])
def test_a_step_is_due_at_the_end_of_its_plan(node: str, step: Step, plan: bool) -> None:
    world = a_cycle().with_units(1, "society")
    world.opened()
    if not plan:  # opening fills in what the office left open
        PlannedStep.objects.filter(cycle=world.cycle).delete()
    if node == "acceptance":
        world.submitted()
    elif node == "department_review":
        world.accepted()
    else:
        world.reviewed()
    due = world.task(world.assessments[0], node).due_at
    assert due == (planned(world, step) if plan else None)


@pytest.mark.parametrize("node", ["recipient_rating", "leadership_rating"])
def test_ratings_are_nobodys_and_close_with_the_window(node: str) -> None:
    world = a_cycle().with_units(1).accepted()
    task = world.task(world.assessments[0], node)
    assert (task.role, task.owner, task.unit, task.department) == ("", None, None, None)
    assert (task.due_at, task.fires) == (world.cycle.ratings_close_at, True)


@pytest.mark.parametrize("node", ["acceptance", "department_review"])
def test_only_what_the_sweep_may_do_fires(node: str) -> None:
    world = a_cycle().with_units(1).submitted()
    if node == "department_review":
        with world.clock():
            accept(task=world.task(world.assessments[0], "acceptance"), by=world.reviewers["district"])
    assert world.task(world.assessments[0], node).fires is False


def test_every_track_reports_to_its_desk() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").submitted()
    desks = [world.task(assessment, "acceptance").department for assessment in world.assessments]
    assert desks == [world.desks["district"], world.desks["society"]]


@pytest.mark.parametrize("codes", [["2.1"], ["2.1", "B1"], ["B1", "D1"]], ids=["a part", "both", "adjustments"])
def test_each_department_that_answers_gets_one_review(codes: list[str]) -> None:
    world = a_cycle().with_units(1)
    other = world.desks["society"]
    track = world.cycle.tracks.get(code="district")
    Responsibility.objects.filter(track=track, code__in=codes).update(department=other)
    world.accepted()
    tasks = world.assessments[0].task_set.filter(finished=None).exclude(department=None)
    assert sorted(task.department.name for task in tasks if task.department) == sorted(
        desk.name for desk in world.desks.values() if desk
    )


@pytest.mark.parametrize("handed_over", [True, False], ids=["handed over", "held only"])
def test_who_reviews_again_is_who_handed_over_else_who_held_it(handed_over: bool) -> None:
    world = a_cycle().with_units(1, "society").reviewed()
    one, desk = world.assessments[0], world.desks["society"]
    reviewer, head = world.reviewers["society"], world.heads["society"]
    assert desk
    done = one.task_set.filter(department=desk, role=Role.HEAD)
    done.update(handed_over_by=reviewer if handed_over else None, owner=head)
    with world.clock():
        task, until = world.task(one, "consolidation"), world.at + timedelta(days=1)
        reopen_review(task=task, by=world.office, departments=[desk.pk], parts=[], why="复核", until=until)
    assert world.task(one, "department_review").owner == (reviewer if handed_over else head)


def test_a_claim_does_not_survive_a_return() -> None:
    world = a_cycle().with_units(1).submitted()
    one, desk = world.assessments[0], world.reviewers["district"]
    with world.clock():
        claim(task=world.task(one, "acceptance"), by=desk)
        until = world.at + timedelta(days=2)
        return_for_supplement(task=world.task(one, "acceptance"), by=desk, why="补正", until=until, parts=["1.1"])
    task = world.task(one, "self_evaluation")
    assert (task.owner, task.role, task.scope, task.due_at) == (None, Role.FILER, ["1.1"], until)
