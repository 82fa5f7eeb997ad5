"""The desk's decisions, asked of the services: who may, when, with what said; all or none of many."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import Department, Role, User
from audit.models import Event
from common.errors import DomainError
from outbox.models import Message
from scoring.models import Step
from tests.support.world import World, a_cycle, a_person
from workflow.filing.services.acceptance import accept, accept_many, return_for_supplement
from workflow.flow.models import Outcome, OutcomeKind, Task

pytestmark = pytest.mark.django_db
Act = Callable[[World, Task, User], object]


def send_back(world: World, task: Task, by: User) -> None:
    return_for_supplement(task=task, by=by, why="缺公章", until=world.at + timedelta(days=2))


ACTS: dict[str, Act] = {
    "accept": lambda _world, task, by: accept(task=task, by=by),
    "accept many": lambda _world, task, by: accept_many(tasks=[task], by=by),
    "return": send_back,
}
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).submitted()


def waiting(world: World, number: int = 0) -> Task:
    return world.task(world.assessments[number], "acceptance")


def steps(world: World) -> list[str]:
    return [one.step for one in world.assessments]


def refused(world: World, act: Act, task: Task, by: User) -> None:
    with world.clock(), pytest.raises(DomainError):
        act(world, task, by)
    assert steps(world) == [Step.ACCEPTANCE] * 2


@every_act
@pytest.mark.parametrize("who", ["reviewers", "heads"])
def test_the_desk_s_reviewers_and_its_head_act(world: World, act: Act, who: str) -> None:
    with world.clock():
        act(world, waiting(world), getattr(world, who)["district"])
    assert steps(world)[0] != Step.ACCEPTANCE
    assert steps(world)[1] == Step.ACCEPTANCE


@every_act
@pytest.mark.parametrize("who", ["office", "chief", "supervisor"])
def test_nobody_acts_by_rank(world: World, act: Act, who: str) -> None:
    refused(world, act, waiting(world), getattr(world, who))


@every_act
def test_another_department_does_not_act(world: World, act: Act) -> None:
    refused(world, act, waiting(world), world.reviewers["society"])
    elsewhere = Department.objects.create(code="x", name="别的部")
    refused(world, act, waiting(world), a_person(Role.HEAD, department=elsewhere))


@every_act
def test_a_filer_does_not_act_on_their_own_unit_even_as_the_desk_s_head(world: World, act: Act) -> None:
    task = waiting(world)
    refused(world, act, task, world.filers[task.process.sheet_id])
    unit = task.process.sheet.unit
    world.heads["district"].memberships.create(role=Role.FILER, unit=unit, since=world.at - timedelta(days=9))
    refused(world, act, task, world.heads["district"])


@every_act
def test_a_membership_that_is_over_gives_no_right(world: World, act: Act) -> None:
    world.reviewers["district"].memberships.update(until=world.at - timedelta(days=1))
    refused(world, act, waiting(world), world.reviewers["district"])


@every_act
def test_only_a_task_of_the_desk_is_acted_on(world: World, act: Act) -> None:
    with world.clock():
        accept(task=waiting(world), by=world.reviewers["district"])
        review = world.task(world.assessments[0], "department_review")
        with pytest.raises(DomainError):
            act(world, review, world.reviewers["district"])
    assert steps(world)[0] == Step.DEPARTMENT_REVIEW


@pytest.mark.parametrize("act", [ACTS["accept"], ACTS["return"]], ids=["accept", "return"])
def test_what_a_colleague_dealt_with_meanwhile_is_not_done_again(world: World, act: Act) -> None:
    task = waiting(world)
    with world.clock():
        accept(task=task, by=world.heads["district"])
        with pytest.raises(DomainError):
            act(world, task, world.reviewers["district"])
    assert Event.objects.filter(verb="assessment.accepted").count() == 1


def test_many_pass_over_what_was_accepted_meanwhile(world: World) -> None:
    tasks = [waiting(world, number) for number in (1, 0)]
    with world.clock():
        accept(task=tasks[0], by=world.heads["district"])
        assert accept_many(tasks=tasks, by=world.reviewers["district"]) == 1
        assert accept_many(tasks=tasks, by=world.reviewers["district"]) == 0
    assert steps(world) == [Step.DEPARTMENT_REVIEW] * 2
    assert Event.objects.filter(verb="assessment.accepted").count() == 2


def test_of_many_one_that_may_not_be_accepted_holds_all(world: World) -> None:
    tasks = [waiting(world, number) for number in (0, 1)]
    by = world.reviewers["district"]
    by.memberships.create(role=Role.FILER, unit=tasks[1].process.sheet.unit, since=world.at - timedelta(days=9))
    with world.clock(), pytest.raises(DomainError):
        accept_many(tasks=tasks, by=by)
    assert steps(world) == [Step.ACCEPTANCE] * 2
    assert not Event.objects.filter(verb="assessment.accepted").exists()


@pytest.mark.parametrize(
    ("why", "days", "field"), [("", 2, "why"), (" \n", 2, "why"), ("缺公章", 0, "until"), ("缺公章", -1, "until")]
)
def test_a_return_has_a_reason_and_a_date_ahead(world: World, why: str, days: int, field: str) -> None:
    until = world.at + timedelta(days=days)
    with world.clock(), pytest.raises(DomainError) as problem:
        return_for_supplement(task=waiting(world), by=world.reviewers["district"], why=why, until=until)
    assert problem.value.field == field
    assert steps(world)[0] == Step.ACCEPTANCE


def test_a_return_is_written_down_and_every_filer_of_the_unit_gets_one_mail(world: World) -> None:
    task = waiting(world)
    colleague = a_person(Role.FILER, unit=task.process.sheet.unit)
    until = world.at + timedelta(days=2)
    Message.objects.all().delete()
    with world.clock():
        return_for_supplement(
            task=task, by=world.reviewers["district"], why="缺公章", until=until, parts=["summary", "1.1"]
        )
    outcome = Outcome.objects.get(task=task)
    assert (outcome.kind, outcome.why, outcome.until) == (OutcomeKind.RETURNED, "缺公章", until)
    event = Event.objects.get(verb="assessment.returned")
    assert (event.actor, event.why, event.went_to) == (world.reviewers["district"], "缺公章", Step.SELF_EVALUATION)
    assert event.data == {"parts": ["summary", "1.1"], "until": until.isoformat()}
    told = list(Message.objects.order_by("to"))
    assert {one.to for one in told} == {world.filers[task.process.sheet_id], colleague}
    for word in (world.reviewers["district"].name, "缺公章", "工作总结、1.1", "12月3日 周四 09:00（北京时间）"):
        assert all(word in one.said_body for one in told)


def test_the_mail_of_a_return_stands_or_falls_with_it(world: World) -> None:
    before = Message.objects.count()
    with world.clock(), pytest.raises(DomainError):
        send_back(world, waiting(world), world.reviewers["society"])
    assert Message.objects.count() == before
    assert not Event.objects.filter(verb="assessment.returned").exists()
