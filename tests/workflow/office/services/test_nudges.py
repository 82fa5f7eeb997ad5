"""Nudges: whoever owes a task and can act on it is reminded, each once a day for each task."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Membership, Role, User
from audit.models import Event
from audit.verbs import Verb
from outbox.models import Message
from tests.support.traces import causes, last_event, refused
from tests.support.world import World, a_cycle, a_person
from workflow.bulk import services as bulk
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.queries import refused_of
from workflow.bulk.services import work_off
from workflow.flow.models import Task
from workflow.office.services.nudges import nudge_many, reach_of

pytestmark = pytest.mark.django_db


def whom(world: World) -> set[User]:
    """Everybody whom a nudge would reach."""
    return {reminder.person for reminder in reach_of(world.assessments).reminders}


def test_a_nudge_reaches_who_owes_the_task_once_a_day() -> None:
    world = a_cycle().with_units(2).opened()
    with world.clock():
        nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office, note="请抓紧")
        assert len(causes("nudge:")) == 2
        refused(lambda: nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office))
    with world.clock(world.at + timedelta(days=1)):
        nudge_many(cycle=world.cycle, assessments=world.assessments[:1], by=world.office)
    assert len(causes("nudge:")) == 3
    assert "请抓紧" in Message.objects.filter(cause__startswith="nudge:").earliest("pk").said_body
    assert Event.objects.filter(verb=Verb.NUDGED).count() == 3
    event = last_event(Verb.NUDGED)
    assert (event.subject, event.why) == (f"sheet:{world.assessments[0].sheet_id}", "")


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_to_nudge_is_said(count: int) -> None:
    world = a_cycle().with_units(1, "society").circulated()
    with world.clock():
        refused(lambda: nudge_many(cycle=world.cycle, assessments=world.assessments[:count], by=world.office))


def test_who_claimed_a_task_is_nudged_alone() -> None:
    world = a_cycle().with_units(1).submitted()
    holder = a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        assert whom(world) == {holder, world.reviewers["district"]}
        Task.objects.filter(finished=None).update(owner=holder)
        assert whom(world) == {holder}
        nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office)
    assert last_event(Verb.NUDGED).data["people"] == [holder.username]


def test_who_files_for_the_unit_is_not_nudged_to_judge_it_but_the_head_is() -> None:
    world = a_cycle().with_units(1).submitted()
    by = world.reviewers["district"]
    Membership.objects.create(user=by, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    with world.clock():
        assert whom(world) == {world.heads["district"]}


def test_a_task_without_a_date_is_nudged_without_one() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        dated = reach_of(world.assessments).reminders
        Task.objects.filter(finished=None).update(due_at=None)
        nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office)
    assert len(dated) == 1
    body = Message.objects.get(cause__startswith="nudge:").said_body
    assert len(body.splitlines()) == 1


def test_whoever_has_left_is_nudged_no_more() -> None:
    world = a_cycle().with_units(1).submitted()
    second = a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        assert whom(world) == {world.reviewers["district"], second}
        second.memberships.update(until=world.at)
        assert whom(world) == {world.reviewers["district"]}


def test_many_units_cost_no_more_questions(django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(8).opened()
    assessments = world.assessments
    with world.clock(), django_assert_max_num_queries(5):
        assert len(reach_of(assessments).reminders) == 8


def test_many_are_nudged_in_chunks_and_who_was_meanwhile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(3).opened()
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    with world.clock():
        run = nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office, note="请抓紧")
        assert causes("nudge:") == [], "the workers do it"
        nudge_many(cycle=world.cycle, assessments=world.assessments[:1], by=world.office)
        assert work_off(run)
    assert len(causes("nudge:")) == 3
    assert [item.label for item in refused_of(run)] == [world.assessments[0].sheet.unit_name]
    assert Event.objects.filter(verb=Verb.NUDGED, why="请抓紧").count() == 2


def test_with_nobody_to_remind_nothing_is_asked_of_the_workers() -> None:
    world = a_cycle().with_units(1, "society").circulated()
    with world.clock():
        refused(lambda: nudge_many(cycle=world.cycle, assessments=world.assessments, by=world.office))
    assert not BulkRun.objects.filter(kind=BulkKind.NUDGE).exists()
