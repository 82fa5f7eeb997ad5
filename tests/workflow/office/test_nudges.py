"""Nudges: many at once after a page that names them, at most once a day for each person and task."""

from datetime import timedelta

import pytest

from accounts.models import Role, User
from audit.models import Event
from audit.verbs import Verb
from outbox.models import Message
from tests.support.clients import browser_of
from tests.support.world import World, a_cycle, a_person
from workflow.office.services.nudges import reach_of

pytestmark = pytest.mark.django_db
URL = "/cycles/2026/nudge/"


def sent() -> int:
    return Message.objects.filter(cause__startswith="nudge:").count()


def nudged(world: World, **data: object):
    ids = [assessment.pk for assessment in world.assessments]
    with world.clock():
        return browser_of(world.office).post(URL, {"ids": ids, "confirmed": "1"} | data)


def whom(world: World) -> set[User]:
    """Everybody whom a nudge would reach."""
    return {reminder.person for reminder in reach_of(world.assessments).reminders}


def test_the_page_names_whom_it_would_remind_and_sends_nothing_yet() -> None:
    world = a_cycle().with_units(3).opened()
    ids = [assessment.pk for assessment in world.assessments]
    with world.clock():
        page = browser_of(world.office).get(URL, {"ids": ids[:2]})
    assert len(page.context["items"]) == 2
    assert sent() == 0


def test_each_filer_gets_one_reminder_a_day_with_the_office_s_own_line() -> None:
    world = a_cycle().with_units(2).opened()
    assert nudged(world, note="请抓紧").status_code == 302
    assert sent() == 2
    assert nudged(world).status_code == 200
    assert sent() == 2
    world.at += timedelta(days=1)
    nudged(world)
    assert sent() == 4
    message = Message.objects.filter(cause__startswith="nudge:").last()
    assert "请抓紧" in message.body
    assert message.path.startswith("/tasks/")
    event = Event.objects.filter(verb=Verb.NUDGED).last()
    assert event.why == "请抓紧"
    assert event.subject.startswith("sheet:")


def test_the_filters_choose_too_and_nothing_chosen_is_said() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").opened()
    with world.clock():
        client = browser_of(world.office)
        assert len(client.get(URL, {"all": "1", "track": "society"}).context["keys"]) == 1
        assert client.get(URL).status_code == 302
        assert client.get(URL, {"ids": ["x"]}).status_code == 302


def test_a_department_is_reminded_of_its_review_but_nobody_of_their_own_unit() -> None:
    world = a_cycle().with_units(1).accepted()
    assessment = world.assessments[0]
    with world.clock():
        assert whom(world) == {world.reviewers["district"]}
        own = a_person(Role.FILER, unit=assessment.sheet.unit)
        own.memberships.create(
            role=Role.REVIEWER, department=world.desks["district"], since=world.at - timedelta(days=1)
        )
        assert whom(world) == {world.reviewers["district"]}


def test_whoever_claimed_a_task_is_reminded_alone_and_former_members_never() -> None:
    world = a_cycle().with_units(1).submitted()
    second = a_person(Role.REVIEWER, department=world.desks["district"])
    task = world.task(world.assessments[0], "acceptance")
    with world.clock():
        assert len(reach_of(world.assessments).reminders) == 2
        second.memberships.update(until=world.at)
        assert whom(world) == {world.reviewers["district"]}
        task.owner = world.heads["district"]
        task.save()
        assert whom(world) == {world.heads["district"]}


def test_many_units_cost_no_more_questions(django_assert_max_num_queries) -> None:
    world = a_cycle().with_units(8).opened()
    assessments = world.assessments
    with world.clock(), django_assert_max_num_queries(5):
        assert len(reach_of(assessments).reminders) == 8


def test_outsiders_remind_nobody() -> None:
    world = a_cycle().with_units(1).opened()
    for user in (world.supervisor, world.chief, *world.filers.values(), *world.reviewers.values()):
        assert browser_of(user).post(URL, {"ids": [world.assessments[0].pk], "confirmed": "1"}).status_code == 403
    assert sent() == 0
