"""The demo's clock goes forward for everyone; outside a demo it is real time."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Role
from audit.models import ClockShift, Event
from audit.services import load_clock, move_clock
from common import clock
from common.errors import DomainError
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _real_time_again():
    yield
    clock.set_shift(timedelta(0))


def test_the_clock_moves_forward_and_others_follow() -> None:
    target = clock.now() + timedelta(days=3)
    move_clock(to=target, by=a_person(Role.OFFICE))
    assert abs(clock.now() - target) < timedelta(minutes=1)
    clock.set_shift(timedelta(0))
    load_clock()
    assert abs(clock.now() - target) < timedelta(minutes=1)
    assert Event.objects.filter(verb="demo.clock_moved").count() == 1


def test_the_clock_never_goes_back() -> None:
    with pytest.raises(DomainError) as error:
        move_clock(to=clock.now() - timedelta(seconds=1), by=a_person(Role.OFFICE))
    assert error.value.field == "to"


def test_outside_a_demo_the_clock_stays(settings) -> None:
    ClockShift.objects.create(ahead=timedelta(days=9))
    settings.DEMO = False
    with pytest.raises(DomainError):
        move_clock(to=clock.now() + timedelta(days=1), by=a_person(Role.OFFICE))
    load_clock()
    assert clock.now() < datetime.now(clock.BEIJING) + timedelta(hours=1)


def test_a_day_ends_when_the_next_begins() -> None:
    day = datetime(2026, 12, 31).date()
    assert clock.end_of(day) == datetime(2027, 1, 1, tzinfo=clock.BEIJING) == clock.midnight(day + timedelta(days=1))
