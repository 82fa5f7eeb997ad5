"""Reminders before the deadline: on six mornings, to those who owe, each exactly once."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from common import clock
from outbox.models import Message
from outbox.queries import waiting
from tests.support.single import exclude_overdue
from tests.support.traces import reminded
from tests.support.world import World, a_cycle, a_person
from workflow.filing.services.acceptance import return_for_supplement
from workflow.filing.services.reminders import OFFSETS, offset_due, remind
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Node, Task
from workflow.office.services.extensions import extend_deadline

pytestmark = pytest.mark.django_db
DUE = datetime(2027, 1, 1, tzinfo=clock.BEIJING)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


def reminders() -> list[str]:
    return list(Message.objects.filter(cause__startswith="reminder:").order_by("pk").values_list("cause", flat=True))


@pytest.mark.parametrize(
    ("now", "offset"),
    [
        (at(12, 1, 8, 59), None),
        (at(12, 1, 9), 30),
        (at(12, 15), 30),
        (at(12, 16, 9), 15),
        (at(12, 24, 9), 7),
        (at(12, 28, 8, 59), 7),
        (at(12, 28, 9), 3),
        (at(12, 30, 9), 1),
        (at(12, 31, 8), 1),
        (at(12, 31, 9), 0),
        (at(12, 31, 23, 59), 0),
        (DUE, None),
    ],
)
def test_the_nearest_morning_that_has_come_counts(now: datetime, offset: int | None) -> None:
    assert offset_due(DUE, now) == offset


def test_six_mornings_bring_six_reminders_however_often_one_asks() -> None:
    world = a_cycle().with_units(1)
    world.at = at(11, 30)
    world.opened()
    minute = at(12, 1)
    while minute < DUE:
        with world.clock(minute):
            remind()
        minute += timedelta(hours=5)
    assert len(reminders()) == len(OFFSETS)


def test_nobody_is_reminded_of_what_was_told_that_day() -> None:
    world = a_cycle().with_units(1)
    world.at = at(12, 28, 8)
    world.opened()
    for hour, told in ((9, 0), (23, 0), (24, 0), (24 + 9, 0), (48 + 8, 0), (48 + 9, 1)):
        with world.clock(at(12, 28, 0) + timedelta(hours=hour)):
            assert reminded() == told


def test_a_unit_that_was_returned_or_extended_today_is_left_alone_today() -> None:
    world = a_cycle().with_units(2).submitted()
    back, late = world.assessments
    desk, office = world.reviewers["district"], world.office
    with world.clock(at(12, 14, 10)):
        for assessment in (back, late):
            task = world.task(assessment, Node.ACCEPTANCE)
            return_for_supplement(task=task, by=desk, why="补正", until=clock.end_of(date(2026, 12, 17)))
        assert reminded() == 0
    with world.clock(at(12, 15, 10)):
        task = world.task(late, Node.SELF_EVALUATION)
        extend_deadline(task=task, by=office, until=clock.end_of(date(2026, 12, 18)), why="搬迁")
        assert reminded() == 0
    with world.clock(at(12, 16, 9)):
        assert reminded() == 1
    assert "12月17日" in Message.objects.get(cause__startswith="reminder:").said_body


def test_a_reminder_that_waited_says_nothing_that_is_no_longer_true() -> None:
    world = a_cycle().with_units(3).filled()
    done, moved, silent = world.assessments
    with world.clock(at(12, 28)):
        assert reminded() == 3
        task = world.task(done, Node.SELF_EVALUATION)
        submit_assessment(task=task, by=world.filers[done.sheet_id], arrived_at=at(12, 28))
        task = world.task(moved, Node.SELF_EVALUATION)
        extend_deadline(task=task, by=world.office, until=DUE + timedelta(days=3), why="搬迁")
        (left,) = waiting().filter(cause__startswith="reminder:")
        assert left.to == world.filers[silent.sheet_id]
    with world.clock(DUE - timedelta(seconds=1)):
        assert left in waiting(), "a mail server may be away for days: the words stay true"
    with world.clock(DUE):
        assert left not in waiting()


def test_an_excluded_unit_is_no_longer_told_that_today_is_the_last_day() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock(at(12, 31)):
        remind()
    with world.clock(DUE):
        exclude_overdue(task=world.task(world.assessments[0], Node.SELF_EVALUATION))
        assert [message.cause.partition(":")[0] for message in waiting()] == ["excluded"]


def test_who_begins_late_gets_the_nearest_one_only_and_true_words() -> None:
    world = a_cycle().with_units(1).opened()
    Message.objects.all().delete()  # the filer of now was not there when the unit was told
    world.at = at(12, 26, 10)
    with world.clock():
        assert reminded() == 1
        assert reminded() == 0
    (message,) = Message.objects.filter(cause__startswith="reminder:")
    assert message.cause.split(":")[3] == "7"
    assert message.path == reverse("task", args=[world.task(world.assessments[0], Node.SELF_EVALUATION).pk])
    assert "12月31日 周四 24:00" in message.said_subject


def test_whoever_has_submitted_is_left_alone() -> None:
    world = a_cycle().with_units(2).filled()
    first, second = world.assessments
    with world.clock():
        submit_assessment(
            task=world.task(first, Node.SELF_EVALUATION), by=world.filers[first.sheet_id], arrived_at=world.at
        )
    with world.clock(at(12, 28)):
        remind()
    told = Message.objects.filter(cause__startswith="reminder:").values_list("to", flat=True)
    assert set(told) == {world.filers[second.sheet_id].pk}


def test_an_extended_unit_is_reminded_of_its_own_date() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock(at(12, 31)):
        remind()
    task = world.task(world.assessments[0], Node.SELF_EVALUATION)
    Task.objects.filter(pk=task.pk).update(due_at=DUE + timedelta(days=10))
    with world.clock(datetime(2027, 1, 3, 9, tzinfo=clock.BEIJING)):
        remind()
    last = reminders()[-1]
    assert len(reminders()) == 2 and "2027-01-10" in last


def test_every_filer_of_now_is_told_and_nobody_else() -> None:
    world = a_cycle().with_units(1).opened()
    sheet = world.assessments[0].sheet
    second = a_person(Role.FILER, unit=sheet.unit)
    gone = a_person(Role.FILER, unit=sheet.unit)
    Membership.objects.filter(user=gone).update(until=at(12, 2))
    closed = a_person(Role.FILER, unit=sheet.unit)
    closed.is_active = False
    closed.save()
    with world.clock(at(12, 28)):
        assert reminded() == 2
    told = Message.objects.filter(cause__startswith="reminder:").values_list("to", flat=True)
    assert set(told) == {world.filers[sheet.pk].pk, second.pk}


def _many(count: int) -> World:
    return a_cycle().with_units(count).opened()


@pytest.mark.parametrize("count", [2, 25])
def test_any_number_of_units_takes_a_fixed_number_of_queries(django_assert_max_num_queries, count: int) -> None:
    world = _many(count)
    with world.clock(at(12, 28)), django_assert_max_num_queries(8):
        remind()
    assert len(reminders()) == count


def test_chunks_miss_nobody(monkeypatch) -> None:
    monkeypatch.setattr("workflow.filing.services.reminders.CHUNK", 2)
    world = _many(5)
    with world.clock(at(12, 28)):
        assert reminded() == 5


def test_a_reminder_that_ended_before_it_could_be_sent_told_nobody() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock(at(12, 28)):
        assert reminded() == 1
        Message.objects.filter(cause__startswith="reminder:").update(withdrawn_at=clock.now())
        task = world.task(world.assessments[0], Node.SELF_EVALUATION)
        Task.objects.filter(pk=task.pk).update(due_at=DUE + timedelta(days=1))
    with world.clock(at(12, 28, 23)):
        assert reminded() == 1, "what was withdrawn unsent is no word to anybody"


def test_reminders_stop_at_the_end_of_their_time_and_go_on_at_the_next_call(monkeypatch) -> None:
    monkeypatch.setattr("workflow.filing.services.reminders.CHUNK", 2)
    world = _many(3)
    ticks = iter((0.0, 9.0))
    with world.clock(at(12, 28)):
        with monkeypatch.context() as patched:
            patched.setattr("workflow.filing.services.reminders.time.monotonic", lambda: next(ticks))
            assert remind(end=5) is False
        assert len(reminders()) == 2
        assert remind() is True
    assert len(reminders()) == 3
