"""Deadlines moved by the office, and tasks that change hands, through the services."""

from datetime import timedelta

import pytest

from accounts.models import Role
from audit.models import Event
from common import clock
from common.errors import DomainError
from outbox.models import Message
from tests.support.world import World, a_cycle, a_person
from workflow.filing.services.acceptance import accept
from workflow.filing.services.self_evaluation import exclude_overdue
from workflow.inbox.services import claim, colleagues_for, delegate, release
from workflow.office.services.extensions import extend_deadline

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).opened()


def test_an_extension_moves_the_deadline_and_tells_the_unit(world: World) -> None:
    task = world.task(world.assessments[0], "self_evaluation")
    until = world.deadline + timedelta(days=5)
    with world.clock():
        extend_deadline(task=task, by=world.office, until=until, why="搬迁")
    with clock.travel(world.deadline + timedelta(minutes=1)):
        assert exclude_overdue(task=task) is False
    event = Event.objects.get(verb="assessment.extended")
    assert (event.actor, event.why, event.went_to) == (world.office, "搬迁", until.isoformat())
    assert Message.objects.filter(cause__startswith=f"extended:{task.pk}:").count() == 1
    with clock.travel(until):
        assert exclude_overdue(task=task) is True
    assert Message.objects.filter(cause__startswith="excluded:").count() == 1


@pytest.mark.parametrize(("days", "why"), [(5, " "), (-1, "搬迁")])
def test_an_extension_needs_a_reason_and_a_later_date(world: World, days: int, why: str) -> None:
    task = world.task(world.assessments[0], "self_evaluation")
    with world.clock(), pytest.raises(DomainError):
        extend_deadline(task=task, by=world.office, until=world.deadline + timedelta(days=days), why=why)


def test_only_an_open_self_evaluation_is_extended(world: World) -> None:
    world.submitted()
    until = world.deadline + timedelta(days=5)
    for task in world.assessments[0].task_set.filter(role__in=[Role.FILER, Role.REVIEWER]):
        with world.clock(), pytest.raises(DomainError):
            extend_deadline(task=task, by=world.office, until=until, why="搬迁")


def test_a_task_is_claimed_by_one_and_released_by_the_same() -> None:
    world = a_cycle().with_units(1).submitted()
    task = world.task(world.assessments[0], "acceptance")
    mine, other = world.reviewers["district"], a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        claim(task=task, by=mine)
        claim(task=task, by=mine)
        for refused in (claim, release):
            with pytest.raises(DomainError):
                refused(task=task, by=other)
        release(task=task, by=mine)
        release(task=task, by=mine)
        with pytest.raises(DomainError):
            claim(task=task, by=world.supervisor)
    assert Event.objects.filter(verb="task.claimed").count() == 1


def test_a_task_is_handed_only_to_a_colleague_and_once() -> None:
    world = a_cycle().with_units(1).submitted()
    task = world.task(world.assessments[0], "acceptance")
    mine, colleague = world.reviewers["district"], a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        with pytest.raises(DomainError) as problem:
            delegate(task=task, by=mine, to=world.reviewers["society"])
        assert problem.value.field == "to"
        delegate(task=task, by=mine, to=mine)
        delegate(task=task, by=mine, to=mine)
        delegate(task=task, by=mine, to=colleague, why="出差")
        with pytest.raises(DomainError):
            delegate(task=task, by=mine, to=colleague)
    events = Event.objects.filter(verb="task.delegated").order_by("pk")
    assert [(event.came_from, event.went_to, event.why) for event in events] == [
        ("", mine.name, ""),
        (mine.name, colleague.name, "出差"),
    ]
    assert Message.objects.filter(to=colleague, cause=f"delegated:{events[1].pk}").count() == 1


def test_a_task_that_has_ended_changes_hands_no_more() -> None:
    world = a_cycle().with_units(1).submitted()
    task = world.task(world.assessments[0], "acceptance")
    by, head = world.reviewers["district"], world.heads["district"]
    with world.clock():
        accept(task=task, by=by)
        for refused in (claim, release):
            with pytest.raises(DomainError):
                refused(task=task, by=by)
        with pytest.raises(DomainError):
            delegate(task=task, by=by, to=head)


@pytest.mark.parametrize(
    ("stage", "node", "to_reviewer", "to_head"),
    [("submitted", "acceptance", True, True), ("accepted", "department_review", True, True)],
)
def test_who_may_do_a_task_too(stage: str, node: str, to_reviewer: bool, to_head: bool) -> None:
    world: World = getattr(a_cycle().with_units(1), stage)()
    people = set(colleagues_for(world.task(world.assessments[0], node)))
    assert (world.reviewers["district"] in people, world.heads["district"] in people) == (to_reviewer, to_head)
    assert not people & {world.reviewers["society"], world.office, world.supervisor, *world.filers.values()}


def test_the_office_hands_its_tasks_to_the_office() -> None:
    world = a_cycle().with_units(1).rated()
    colleague = a_person(Role.OFFICE)
    assert set(colleagues_for(world.task(world.assessments[0], "consolidation"))) == {world.office, colleague}


def test_an_extension_tells_each_filer_once_even_of_the_same_date(world: World) -> None:
    task = world.task(world.assessments[0], "self_evaluation")
    until = world.deadline + timedelta(days=5)
    with world.clock():
        extend_deadline(task=task, by=world.office, until=until, why="搬迁")
        with pytest.raises(DomainError) as problem:
            extend_deadline(task=task, by=world.office, until=until, why="搬迁")
    assert problem.value.field == "until"
    (told,) = Message.objects.filter(cause__startswith="extended:")
    assert "搬迁" in told.said_body
    assert "1月5日 周二 24:00（北京时间）" in told.said_body


def test_an_extension_still_works_between_the_deadline_and_the_sweep(world: World) -> None:
    task = world.task(world.assessments[0], "self_evaluation")
    with clock.travel(world.deadline + timedelta(seconds=20)):
        extend_deadline(task=task, by=world.office, until=world.deadline + timedelta(days=1), why="系统故障")
        assert exclude_overdue(task=task) is False
