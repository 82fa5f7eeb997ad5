"""The demo's clock page: a day or a deadline passes, what is due is done at once, and the page says what happened."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from common import clock
from outbox.models import Message
from scoring.models import Cycle, Step
from tests.support.clients import browser_of, messages_on
from tests.support.world import World, a_cycle
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """A cycle whose deadline lies three days ahead of the real clock, on which a demo's clock is built."""
    world = a_cycle().with_units(2)
    deadline = clock.end_of(clock.today() + timedelta(days=3))
    Cycle.objects.update(
        deadline_at=deadline,
        ratings_open_at=deadline + timedelta(days=1),
        ratings_close_at=deadline + timedelta(days=9),
    )
    world.cycle.refresh_from_db()
    world.at = clock.now()
    return world.opened()


def test_days_pass_and_reminders_go_out(world: World) -> None:
    before, client = clock.now(), browser_of(world.office)
    for passed in (1, 2, 3):
        assert client.post(reverse("clock"), {"pass": "day"}).status_code == 302
        assert timedelta(days=passed) <= clock.now() - before < timedelta(days=passed, minutes=1)
    assert Message.objects.filter(cause__startswith="reminder:").exists()
    assert len(mail.outbox) == Message.objects.count()


def test_the_next_deadline_passes_and_silent_units_are_excluded(world: World) -> None:
    client = browser_of(world.office)
    assert client.get(reverse("clock")).context["next"].due_at == world.cycle.deadline_at
    page = client.post(reverse("clock"), {"pass": "deadline"}, follow=True)
    assert [assessment.step for assessment in world.assessments] == [Step.EXCLUDED] * 2
    assert [told.event.verb for told in page.context["happened"]] == ["assessment.excluded"] * 2
    assert page.context["next"] is None


def test_a_date_is_reached_at_nine_in_the_morning(world: World) -> None:
    day = clock.today() + timedelta(days=30)
    browser_of(world.office).post(reverse("clock"), {"pass": "date", "to": day.isoformat()})
    local = clock.now().astimezone(clock.BEIJING)
    assert (local.date(), local.hour) == (day, 9)
    assert [assessment.step for assessment in world.assessments] == [Step.EXCLUDED] * 2


@pytest.mark.parametrize("typed", ["2020-01-01", "", "no date"])
def test_a_date_that_does_not_lie_ahead_is_refused_at_its_field(world: World, typed: str) -> None:
    before = clock.now()
    answer = browser_of(world.office).post(reverse("clock"), {"pass": "date", "to": typed})
    assert answer.status_code == 200 and answer.context["form"].errors["to"]
    assert clock.now() - before < timedelta(minutes=1)


def test_without_a_deadline_ahead_the_page_says_so(world: World) -> None:
    Task.objects.update(fires=False)
    page = browser_of(world.office).post(reverse("clock"), {"pass": "deadline"})
    assert page.context["next"] is None and len(messages_on(page)) == 1
