"""Reminders: the right day, the right people, each once for its cause."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Membership, Role
from common import clock
from tests.support.traces import causes, reminded, told
from tests.support.world import World, a_cycle, a_person
from workflow.filing.services.reminders import OFFSETS, offset_due
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db
DEADLINE = datetime(2027, 1, 1, tzinfo=clock.BEIJING)
MOMENT = timedelta(microseconds=1)


def beijing(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


# ---- which reminder is due ----


@pytest.mark.parametrize(
    ("now", "offset"),
    [
        pytest.param(beijing(11, 30), None, id="31 days before"),
        pytest.param(beijing(12, 1, 8, 59), None, id="30 days before, too early in the morning"),
        pytest.param(beijing(12, 1), 30, id="30 days before at nine"),
        pytest.param(beijing(12, 15), 30, id="16 days before"),
        pytest.param(beijing(12, 16), 15, id="15 days before"),
        pytest.param(beijing(12, 24, 8, 59), 15, id="7 days before, too early"),
        pytest.param(beijing(12, 24), 7, id="7 days before"),
        pytest.param(beijing(12, 28), 3, id="3 days before"),
        pytest.param(beijing(12, 30, 23, 59), 1, id="the day before, late"),
        pytest.param(beijing(12, 31, 8), 1, id="the day itself, early"),
        pytest.param(beijing(12, 31), 0, id="the day itself"),
        pytest.param(DEADLINE - MOMENT, 0, id="the last instant"),
        pytest.param(DEADLINE, None, id="too late"),
    ],
)
def test_the_nearest_reminder_whose_morning_has_come(now: datetime, offset: int | None) -> None:
    assert offset_due(DEADLINE, now) == offset


def reminded_at(world: World, at: datetime) -> int:
    with world.clock(at):
        return reminded()


def test_over_the_whole_month_each_filer_gets_each_reminder_once() -> None:
    world = a_cycle().with_units(2)
    world.at = beijing(11, 30)
    world.opened()
    written = sum(reminded_at(world, beijing(12, 1) + timedelta(hours=12 * half)) for half in range(70))
    assert written == 2 * len(OFFSETS)
    assert told("reminder:") == set(world.filers.values())
    assert sorted({int(cause.split(":")[3]) for cause in causes("reminder:")}) == sorted(OFFSETS)


def test_who_has_handed_in_is_left_in_peace() -> None:
    world = a_cycle().with_units(2).submitted()
    assert reminded_at(world, beijing(12, 24)) == 0


def test_an_extended_deadline_brings_reminders_of_its_own() -> None:
    world = a_cycle().with_units(1).opened()
    assert reminded_at(world, beijing(12, 31)) == 1
    Task.objects.filter(finished=None).update(due_at=DEADLINE + timedelta(days=1))
    assert reminded_at(world, DEADLINE + timedelta(hours=9)) == 1
    assert len(causes("reminder:")) == 2


@pytest.mark.parametrize("gone", ["left", "inactive", "not yet"])
def test_only_who_files_for_the_unit_now_is_reminded(gone: str) -> None:
    world = a_cycle().with_units(1).opened()
    filer = world.filers[world.assessments[0].sheet_id]
    at = beijing(12, 24)
    if gone == "inactive":
        filer.is_active = False
        filer.save()
    else:
        moved = {"until": at} if gone == "left" else {"since": at + MOMENT}
        Membership.objects.filter(user=filer).update(**moved)
    assert reminded_at(world, at) == 0


def test_every_filer_of_a_unit_is_reminded() -> None:
    world = a_cycle().with_units(1).opened()
    second = a_person(Role.FILER, unit=world.assessments[0].sheet.unit)
    assert reminded_at(world, beijing(12, 24)) == 2
    assert second in told("reminder:")
