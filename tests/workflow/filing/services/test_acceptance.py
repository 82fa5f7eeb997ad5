"""The receiving desk: who may accept or return, what a return carries, and where the corrected piece comes back to."""

from datetime import timedelta

import pytest

from accounts.models import Membership, Role, User
from audit.models import Event
from audit.verbs import Verb
from outbox.models import Message
from scoring.models import Step
from tests.support.traces import causes, last_event, outcomes_of, refused, told
from tests.support.world import World, a_cycle, a_person
from workflow.filing.services.acceptance import accept, accept_many, return_for_supplement
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Node, Task

pytestmark = pytest.mark.django_db


def at_desk(world: World, which: int = 0) -> Task:
    return world.task(world.assessments[which], Node.ACCEPTANCE)


def send_back(world: World, *, why: str = "缺照片", days: int = 3, parts: tuple[str, ...] = ()) -> None:
    by = world.reviewers["district"]
    until = world.at + timedelta(days=days)
    return_for_supplement(task=at_desk(world), by=by, why=why, until=until, parts=parts)


def stranger(world: World, who: str) -> User:
    """Somebody of the cast who is not of the district's desk."""
    return {
        "the unit's filer": world.filers[world.assessments[0].sheet_id],
        "another desk's reviewer": world.reviewers["society"],
        "the office": world.office,
        "a leader": world.leaders[0],
        "the head of the leading group": world.chief,
        "the supervisor": world.supervisor,
    }[who]


CAST = (
    "the unit's filer",
    "another desk's reviewer",
    "the office",
    "a leader",
    "the head of the leading group",
    "the supervisor",
)


@pytest.mark.parametrize("who", CAST)
def test_only_the_desk_accepts(who: str) -> None:
    world = a_cycle().with_units(1).submitted()
    by = stranger(world, who)
    with world.clock():
        refused(lambda: accept(task=at_desk(world), by=by))
    assert world.assessments[0].step == Step.ACCEPTANCE


@pytest.mark.parametrize("who", CAST)
def test_only_the_desk_returns(who: str) -> None:
    world = a_cycle().with_units(1).submitted()
    by, until = stranger(world, who), world.at + timedelta(days=2)
    with world.clock():
        refused(lambda: return_for_supplement(task=at_desk(world), by=by, why="缺", until=until))
    assert world.assessments[0].step == Step.ACCEPTANCE


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.HEAD])
def test_everybody_of_the_desk_accepts(role: Role) -> None:
    world = a_cycle().with_units(1).submitted()
    by = a_person(role, department=world.desks["district"])
    with world.clock():
        accept(task=at_desk(world), by=by)
    event = last_event(Verb.ACCEPTED)
    assert (event.actor_id, event.came_from, event.went_to) == (by.pk, Step.ACCEPTANCE, Step.DEPARTMENT_REVIEW)


def test_nobody_decides_on_their_own_unit() -> None:
    world = a_cycle().with_units(1).submitted()
    by = world.reviewers["district"]
    Membership.objects.create(user=by, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    with world.clock():
        refused(lambda: accept(task=at_desk(world), by=by))
        refused(lambda: send_back(world))
    assert world.assessments[0].step == Step.ACCEPTANCE


def test_of_many_each_is_accepted_by_itself_and_the_refused_are_named() -> None:
    world = a_cycle().with_units(3).submitted()
    by = world.reviewers["district"]
    first, own, done = (at_desk(world, which) for which in (0, 1, 2))
    Membership.objects.create(user=by, role=Role.FILER, unit=own.process.sheet.unit, since=world.at)
    with world.clock():
        accept(task=done, by=world.heads["district"])
        dealt = accept_many(tasks=[done, own, first], by=by)
    assert dealt.done == [first]
    assert [task for task, _error in dealt.refused] == [own, done]
    assert [outcomes_of(assessment)[-1][1] for assessment in world.assessments] == ["accepted", "submitted", "accepted"]
    assert Event.objects.filter(verb=Verb.ACCEPTED).count() == 2


def test_a_person_who_left_the_desk_accepts_nothing_more() -> None:
    world = a_cycle().with_units(1).submitted()
    by = world.reviewers["district"]
    Membership.objects.filter(user=by).update(until=world.at)
    with world.clock():
        refused(lambda: accept(task=at_desk(world), by=by))


def test_accepting_opens_a_review_for_each_department_and_the_ratings() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").accepted()
    district, society = world.assessments
    assert {task.flow_task.name for task in district.task_set.filter(finished=None)} == {
        "department_review",
        "recipient_rating",
        "leadership_rating",
    }
    assert {task.flow_task.name for task in society.task_set.filter(finished=None)} == {"department_review"}
    assert {district.step, society.step} == {Step.DEPARTMENT_REVIEW}


def test_accepting_twice_is_refused_and_changes_nothing() -> None:
    world = a_cycle().with_units(1).submitted()
    task = at_desk(world)
    with world.clock():
        accept(task=task, by=world.reviewers["district"])
        refused(lambda: accept(task=task, by=world.reviewers["district"]))
    assert outcomes_of(world.assessments[0]).count(("acceptance", "accepted")) == 1


def test_a_task_of_another_step_is_no_task_of_the_desk() -> None:
    world = a_cycle().with_units(1).opened()
    task, by = world.task(world.assessments[0], Node.SELF_EVALUATION), world.reviewers["district"]
    with world.clock():
        refused(lambda: accept(task=task, by=by))
        refused(lambda: return_for_supplement(task=task, by=by, why="缺", until=world.at + timedelta(days=1)))


# ---- returned ----


@pytest.mark.parametrize(
    ("why", "days", "field"),
    [("", 3, "why"), (" \n", 3, "why"), ("缺照片", 0, "until"), ("缺照片", -1, "until"), ("", -1, "why")],
    ids=["no reason", "blank", "now", "yesterday", "neither"],
)
def test_a_return_needs_a_reason_and_a_date_ahead(why: str, days: int, field: str) -> None:
    world = a_cycle().with_units(1).submitted()
    with world.clock():
        refused(lambda: send_back(world, why=why, days=days), field)
    assert world.assessments[0].step == Step.ACCEPTANCE


@pytest.mark.parametrize(
    "parts",
    [(), ("1.1",), ("1.1", "B1.1"), ("summary",), ("roster",)],
    ids=["everything", "a part", "a part and a bonus", "the summary", "the roster"],
)
def test_a_return_names_its_parts_and_its_date(parts: tuple[str, ...]) -> None:
    world = a_cycle().with_units(1).submitted()
    with world.clock():
        send_back(world, parts=parts)
    task = world.task(world.assessments[0], Node.SELF_EVALUATION)
    assert (task.scope, task.due_at, task.fires) == (list(parts), world.at + timedelta(days=3), True)
    event = last_event(Verb.RETURNED)
    assert (event.why, event.data["parts"]) == ("缺照片", list(parts))
    assert event.data["until"] == (world.at + timedelta(days=3)).isoformat()


def test_nothing_is_said_of_a_return_that_is_refused() -> None:
    world = a_cycle().with_units(1).submitted()
    before = causes("")
    with world.clock():
        refused(
            lambda: return_for_supplement(
                task=at_desk(world), by=world.reviewers["society"], why="缺", until=world.at + timedelta(days=1)
            )
        )
    assert causes("") == before


def test_the_unit_is_told_who_why_which_parts_and_until_when() -> None:
    world = a_cycle().with_units(1).submitted()
    with world.clock():
        send_back(world, parts=("1.1", "2.1"))
    task, filer = world.task(world.assessments[0], Node.SELF_EVALUATION), world.filers[world.assessments[0].sheet_id]
    message = Message.objects.get(cause=f"task:{task.pk}:{filer.pk}")
    for words in (world.reviewers["district"].name, "缺照片", "1.1、2.1", "12月4日 周五 09:00（北京时间）"):
        assert words in message.said_body
    assert message.path == f"/tasks/{task.pk}/"


def test_the_supplement_comes_straight_back_to_who_returned_it() -> None:
    world = a_cycle().with_units(1).submitted()
    a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        send_back(world)
        assessment = world.assessments[0]
        assert at_desk_is_empty(world)
        filing = world.task(assessment, Node.SELF_EVALUATION)
        submit_assessment(task=filing, by=world.filers[assessment.sheet_id], arrived_at=world.at)
        again = at_desk(world)
    assert again.owner == world.reviewers["district"]
    assert again.status == "ASSIGNED"
    assert again.assigned == world.at


def at_desk_is_empty(world: World) -> bool:
    return not world.assessments[0].task_set.filter(finished=None, role=Role.REVIEWER).exists()


def test_a_unit_may_be_returned_again_and_again() -> None:
    world = a_cycle().with_units(1).submitted()
    assessment = world.assessments[0]
    with world.clock():
        for round_ in range(3):
            send_back(world, why=f"第{round_}次")
            filing = world.task(assessment, Node.SELF_EVALUATION)
            submit_assessment(task=filing, by=world.filers[assessment.sheet_id], arrived_at=world.at)
        accept(task=at_desk(world), by=world.reviewers["district"])
    kinds = [kind for _node, kind in outcomes_of(assessment)]
    assert kinds == ["submitted", *["returned", "submitted"] * 3, "accepted"]
    assert told("task:") == {world.filers[assessment.sheet_id]}
    assert len(causes("task:")) == 4, "one mail for each task"
