"""Extending a deadline: by the office, for a reason, while the self-evaluation is open (R6)."""

from datetime import datetime, timedelta

import pytest

from audit.models import Event
from audit.verbs import Verb
from outbox.models import Message
from outbox.queries import waiting
from scoring.models import Step
from tests.support.single import exclude_overdue
from tests.support.traces import causes, last_event, refused, told
from tests.support.world import World, a_cycle
from workflow.filing.services.acceptance import return_for_supplement
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Task
from workflow.office.services.extensions import extend_deadline, extend_many
from workflow.office.services.nudges import nudge_many
from workflow.office.services.sweep import sweep

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def filing(world: World) -> Task:
    return world.task(world.assessments[0], "self_evaluation")


def extend(world: World, until: datetime, why: str = "道路中断") -> None:
    extend_deadline(task=filing(world), by=world.office, until=until, why=why)


@pytest.mark.parametrize(
    "after", [-20 * DAY, -DAY, timedelta(seconds=5)], ids=["early", "the day before", "in between"]
)
def test_an_open_self_evaluation_gets_a_new_deadline(after: timedelta) -> None:
    world = a_cycle().with_units(2).opened()
    until = world.deadline + 3 * DAY
    with world.clock(world.deadline + after):
        extend(world, until)
    assert filing(world).due_at == until
    other = world.task(world.assessments[1], "self_evaluation")
    assert other.due_at == world.deadline, "nobody else's"


def test_an_extension_says_from_when_to_when_and_why() -> None:
    world = a_cycle().with_units(1).opened()
    until = world.deadline + 3 * DAY
    with world.clock():
        extend(world, until)
    event = last_event(Verb.EXTENDED)
    assert (event.actor_id, event.why) == (world.office.pk, "道路中断")
    assert (event.came_from, event.went_to) == (_utc(world.deadline), until.isoformat())


def _utc(instant: datetime) -> str:
    return instant.astimezone(tz=datetime.fromisoformat("2026-01-01T00:00:00+00:00").tzinfo).isoformat()


def test_the_units_filers_are_told_once() -> None:
    world = a_cycle().with_units(1).opened()
    until = world.deadline + DAY
    with world.clock():
        extend(world, until)
    assert told("extended:") == {world.filers[world.assessments[0].sheet_id]}
    message = Message.objects.get(cause__startswith="extended:")
    assert "1月1日 周五 24:00（北京时间）" in message.said_body
    assert "道路中断" in message.said_body


def test_what_waits_to_be_sent_keeps_what_it_says_and_names_the_new_deadline() -> None:
    world = a_cycle().with_units(1).submitted()
    with world.clock():
        task, desk = world.task(world.assessments[0], "acceptance"), world.reviewers["district"]
        return_for_supplement(task=task, by=desk, why="总结缺公章", parts=["1.1"], until=world.at + DAY)
        until = world.deadline + DAY
        extend(world, until)
        nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office)
        extend(world, until + DAY)
        filer = world.filers[world.assessments[0].sheet_id]
        kinds = {message.cause.split(":")[0]: message.said_body for message in waiting().filter(to=filer)}
    assert {"task", "extended", "nudge"} <= set(kinds)
    assert "总结缺公章" in kinds["task"] and "1.1" in kinds["task"]
    assert all("1月2日 周六 24:00" in kinds[kind] for kind in ("task", "extended", "nudge"))


def test_each_extension_is_told() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        extend(world, world.deadline + DAY)
        extend(world, world.deadline + 2 * DAY)
    assert len(causes("extended:")) == 2
    assert Event.objects.filter(verb=Verb.EXTENDED).count() == 2


@pytest.mark.parametrize(
    ("days", "why", "field"),
    [
        pytest.param(3, "", "why", id="no reason"),
        pytest.param(3, "\t ", "why", id="a blank reason"),
        pytest.param(0, "道路中断", "until", id="the deadline that there is"),
        pytest.param(-3, "道路中断", "until", id="an earlier deadline"),
        pytest.param(-90, "道路中断", "until", id="an instant in the past"),
    ],
)
def test_what_is_refused(days: int, why: str, field: str) -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        refused(lambda: extend(world, world.deadline + days * DAY, why), field)
    assert filing(world).due_at == world.deadline
    assert not causes("extended:")


def test_a_deadline_that_is_past_can_only_move_ahead_of_now() -> None:
    world = a_cycle().with_units(1).opened()
    now = world.deadline + 2 * DAY
    with world.clock(now):
        refused(lambda: extend(world, world.deadline + DAY), "until")
        extend(world, now + DAY)
    assert filing(world).due_at == now + DAY


def test_who_is_excluded_is_reinstated_instead() -> None:
    world = a_cycle().with_units(1).opened()
    task = filing(world)
    with world.clock(world.deadline):
        exclude_overdue(task=task)
        later = world.deadline + DAY
        refused(lambda: extend_deadline(task=task, by=world.office, until=later, why="道路中断"))
        excluded = world.task(world.assessments[0], "excluded")
        refused(lambda: extend_deadline(task=excluded, by=world.office, until=later, why="道路中断"))
    assert world.assessments[0].step == Step.EXCLUDED


def test_many_get_the_new_deadline_each_by_itself_and_the_excluded_come_back_by_it() -> None:
    world = a_cycle().with_units(3).opened()
    excluded, late, later = world.assessments
    with world.clock(world.deadline + timedelta(minutes=1)):
        exclude_overdue(task=world.task(excluded, "self_evaluation"))
        tasks = [
            world.task(excluded, "excluded"),
            *(world.task(assessment, "self_evaluation") for assessment in (late, later)),
        ]
        until, longer = world.deadline + 3 * DAY, world.deadline + 9 * DAY
        extend_deadline(task=tasks[2], by=world.office, until=longer, why="道路中断")
        dealt = extend_many(tasks=tasks, by=world.office, until=until, why="网络故障")
    assert (dealt.done, [task for task, _refusal in dealt.refused]) == (tasks[:2], tasks[2:])
    due = [world.task(assessment, "self_evaluation").due_at for assessment in (excluded, late, later)]
    assert due == [until, until, longer]


def test_only_a_self_evaluation_has_a_deadline_to_extend() -> None:
    world = a_cycle().with_units(1).submitted()
    task = world.task(world.assessments[0], "acceptance")
    with world.clock():
        refused(lambda: extend_deadline(task=task, by=world.office, until=world.deadline + DAY, why="道路中断"))


def test_the_sweep_keeps_to_the_new_deadline() -> None:
    world = a_cycle().with_units(2).filled()
    until = world.deadline + 2 * DAY
    with world.clock():
        extend(world, until)
    with world.clock(world.deadline + DAY):
        assert sweep()["self_evaluation"] == 1
        assert [assessment.step for assessment in world.assessments] == [Step.SELF_EVALUATION, Step.EXCLUDED]
        filer = world.filers[world.assessments[0].sheet_id]
        submit_assessment(task=filing(world), by=filer, arrived_at=world.deadline + DAY)
    assert world.assessments[0].step == Step.ACCEPTANCE


def test_an_extension_lets_a_task_that_failed_be_tried_at_once() -> None:
    world = a_cycle().with_units(1).opened()
    Task.objects.filter(pk=filing(world).pk).update(attempts=4, retry_at=world.deadline + 9 * DAY)
    with world.clock():
        extend(world, world.deadline + DAY)
    assert (filing(world).attempts, filing(world).retry_at) == (0, None)
    with world.clock(world.deadline + 2 * DAY):
        assert sweep()["self_evaluation"] == 1
