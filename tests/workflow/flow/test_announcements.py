"""Who is told of a new task, once for its cause, in the house's words."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import translation

from accounts.models import Membership, Role
from common.language import in_house_language
from outbox.models import Message
from outbox.queries import waiting
from scoring.models import PlannedStep, Step
from tests.support.drawings import drawn
from tests.support.single import exclude_overdue
from tests.support.traces import causes, told
from tests.support.world import a_cycle, a_person, review
from workflow.filing.services.acceptance import accept, return_for_supplement
from workflow.filing.services.reminders import remind
from workflow.flow.announcements import TO_UNIT, News
from workflow.flow.cases import Facts
from workflow.flow.models import Outcome, OutcomeKind
from workflow.office.services.nudges import nudge_many
from workflow.review.services.review import approve_review

pytestmark = pytest.mark.django_db


def said(cause: str) -> Message:
    return Message.objects.get(cause__startswith=cause)


def test_a_unit_is_told_of_its_self_evaluation_and_until_when() -> None:
    world = a_cycle().with_units(1).opened()
    task, one = world.task(world.assessments[0], "self_evaluation"), world.assessments[0]
    message = said(f"task:{task.pk}:")
    assert (message.to, message.path) == (world.filers[one.sheet_id], f"/tasks/{task.pk}/")
    assert one.sheet.unit_name in message.subject
    assert "12月31日 周四 24:00（北京时间）" in message.said_body
    assert world.cycle.title in message.said_body


def test_every_filer_of_the_unit_is_told_and_nobody_elses() -> None:
    world = a_cycle().with_units(2)
    unit = world.cycle.sheets.order_by("pk")[0].unit
    second, gone = a_person(Role.FILER, unit=unit), a_person(Role.FILER, unit=unit)
    Membership.objects.filter(user=gone).update(until=world.at)
    world.opened()
    task = world.task(world.assessments[0], "self_evaluation")
    assert told(f"task:{task.pk}:") == {world.filers[world.assessments[0].sheet_id], second}


def test_a_return_without_parts_is_about_all() -> None:
    world = a_cycle().with_units(1).submitted()
    with world.clock():
        return_for_supplement(
            task=world.task(world.assessments[0], "acceptance"),
            by=world.reviewers["district"],
            why="总结太短。",
            until=world.at + timedelta(days=3),
        )
    task = world.task(world.assessments[0], "self_evaluation")
    body = said(f"task:{task.pk}:").said_body
    assert "总结太短。" in body
    assert "1.1" not in body


def test_a_return_by_nobody_known_still_reads() -> None:
    world = a_cycle().with_units(1).opened()
    task = world.task(world.assessments[0], "self_evaluation")
    returned = Outcome(kind=OutcomeKind.RETURNED, why="补正")
    news = News(task, task.process.sheet, Step.SELF_EVALUATION, returned, Facts([]))
    with in_house_language():
        message = TO_UNIT.draft(news, world.supervisor).write()
    assert "补正" in message.said_body
    assert "None" not in message.said_body


def test_departments_are_told_once_a_day_and_step() -> None:
    world = a_cycle().with_units(3).submitted()
    reviewer = world.reviewers["district"]
    assert len(causes("tasks:")) == 1
    with world.clock():
        for assessment in world.assessments[:2]:
            accept(task=world.task(assessment, "acceptance"), by=reviewer)
    assert len(causes("tasks:")) == 2, "the review is another step"
    with world.clock(world.at + timedelta(days=1)):
        accept(task=world.task(world.assessments[2], "acceptance"), by=reviewer)
    assert len(causes("tasks:")) == 3, "tomorrow is another day"
    assert told("tasks:") == {reviewer}


def test_the_mail_of_the_day_goes_out_although_its_first_task_has_ended() -> None:
    world = a_cycle().with_units(2).submitted()
    reviewer, reviewed = world.reviewers["district"], Q(cause__contains=":department_review:")
    with world.clock():
        accept(task=world.task(world.assessments[0], "acceptance"), by=reviewer)
        accepted = waiting().get(cause__contains=":acceptance:")
        assert accepted.to == reviewer, "the second unit still waits"
        accept(task=world.task(world.assessments[1], "acceptance"), by=reviewer)
        review(world.task(world.assessments[0], "department_review"), reviewer)
        approve_review(task=world.task(world.assessments[0], "department_review"), by=world.heads["district"])
        assert waiting().filter(reviewed).count() == 1


def test_the_excluded_are_told_what_can_be_done() -> None:
    world = a_cycle().with_units(1).opened()
    one = world.assessments[0]
    with world.clock(world.deadline):
        exclude_overdue(task=world.task(one, "self_evaluation"))
    message = said("excluded:")
    assert message.path == f"/assessments/{one.pk}/"
    assert one.sheet.unit_name in message.said_body
    assert message.to == world.filers[one.sheet_id]


@pytest.mark.parametrize(("track", "people"), [("district", 3), ("society", 0)])
def test_leaders_are_told_once_a_cycle_where_there_is_something_to_rate(track: str, people: int) -> None:
    world = a_cycle().with_units(2, track).accepted()
    assert len(causes("leaders:")) == people
    assert told("leaders:") == ({*world.leaders, world.chief} if people else set())


@pytest.mark.parametrize("dated", [True, False], ids=["with a closing", "without one"])
def test_leaders_are_told_until_when_where_that_is_known(dated: bool) -> None:
    world = a_cycle().with_units(1)
    if not dated:
        world.cycle.ratings_close_at = None
        world.cycle.save()
    world.accepted()
    body = Message.objects.filter(cause__startswith="leaders:")[0].said_body
    assert ("1月15日 周五 24:00（北京时间）" in body) is dated
    assert body == body.strip()


def test_a_leader_who_is_also_the_head_is_told_once() -> None:
    world = a_cycle().with_units(1)
    Membership.objects.create(user=world.chief, role=Role.LEADER, since=world.at - timedelta(days=9))
    world.accepted()
    assert len(causes(f"leaders:{world.cycle.pk}:{world.chief.pk}")) == 1


def test_a_task_without_a_date_is_told_without_one() -> None:
    world = a_cycle().with_units(1).opened()
    PlannedStep.objects.filter(cycle=world.cycle, step=Step.ACCEPTANCE).delete()
    world.submitted()
    message = said(f"tasks:{world.cycle.pk}:acceptance:")
    assert message.due_at is None
    assert message.said_body == message.said_body.strip()
    assert "2027" not in message.said_body.replace(world.cycle.title, "")


def test_what_is_said_is_in_the_houses_language_whoever_caused_it() -> None:
    world, spoken = a_cycle().with_units(2).submitted(), []
    for number, language in enumerate(("en", "zh-hans")):
        with world.clock(world.at + timedelta(days=number)), translation.override(language):
            accept(task=world.task(world.assessments[number], "acceptance"), by=world.reviewers["district"])
        spoken.append(Message.objects.filter(cause__startswith="tasks:").latest("pk").subject)
    first, second = (
        subject.replace(one.sheet.unit_name, "") for subject, one in zip(spoken, world.assessments, strict=True)
    )
    assert first == second


def _reminded() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock(world.deadline - timedelta(days=7)):
        remind()
        nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office)


def _drawn() -> None:
    world = a_cycle().with_units(1).accepted()
    drawn(world)


@pytest.mark.parametrize(
    ("happen", "deadline"),
    [
        (_reminded, "12月31日 周四 24:00（北京时间）"),
        (_drawn, "1月15日 周五 24:00（北京时间）"),
        (lambda: a_cycle().with_units(1).published(), "1月22日 周五 24:00（北京时间）"),
    ],
    ids=["reminders", "ballots", "announcements"],
)
def test_mails_and_texts_say_instants_as_the_pages_do(happen: Callable[[], object], deadline: str) -> None:
    happen()
    bodies = [message.said_body for message in Message.objects.all()]
    assert any(deadline in body for body in bodies)
    assert not [body for body in bodies if re.search(r"\d{4}-\d\d-\d\d", body)]
