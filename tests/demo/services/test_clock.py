"""The demo's clock goes forward for everyone and never back; each request and each task of the queue follows it."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Role
from audit.models import ClockShift, Event
from common import clock
from common.errors import DomainError
from demo.services.clock import load_clock, move_clock
from outbox.tasks import send
from tests.support.world import a_person
from workflow.tasks import sweep

pytestmark = pytest.mark.django_db
AHEAD = timedelta(days=3)


def ahead() -> timedelta:
    """How far this thread's clock runs ahead, in whole days."""
    return timedelta(days=round((clock.now() - clock.machine_now()) / timedelta(days=1)))


def test_the_clock_moves_forward_and_others_follow() -> None:
    move_clock(to=clock.now() + AHEAD, by=a_person(Role.OFFICE))
    assert ahead() == AHEAD
    clock.set_shift(timedelta(0))
    load_clock()
    assert ahead() == AHEAD
    assert Event.objects.filter(verb="demo.clock_moved").count() == 1
    assert "2 days, 23:59" in str(ClockShift.objects.get())


def test_the_clock_never_goes_back() -> None:
    with pytest.raises(DomainError) as refused:
        move_clock(to=clock.now() - timedelta(seconds=1), by=a_person(Role.OFFICE))
    assert refused.value.field == "to"


def test_before_a_request_is_answered_the_clock_is_read() -> None:
    ClockShift.objects.create(ahead=AHEAD)
    Client().get("/health/")
    assert ahead() == AHEAD


@pytest.mark.parametrize("task", [send, sweep])
def test_before_a_task_runs_the_clock_is_read(task: object) -> None:
    ClockShift.objects.create(ahead=AHEAD)
    task.apply()
    assert ahead() == AHEAD
