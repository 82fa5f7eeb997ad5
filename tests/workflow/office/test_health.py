"""/health/ and the office's page of the cycle tell the age of the last finished sweep; deadlines wait for no mail."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery, current_app
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from common import clock
from outbox.services import mail, queue
from outbox.tasks import send
from tests.support.clients import browser_of
from tests.support.waiting import eventually
from tests.support.world import a_cycle, a_person
from workflow.office.models import FinishedSweep
from workflow.tasks import sweep


def swept(ago: timedelta) -> None:
    FinishedSweep.objects.create(pk=1, finished_at=clock.machine_now() - ago)


@pytest.mark.django_db
def test_health_is_the_age_of_the_last_finished_sweep_and_nothing_else(client: Client) -> None:
    never = client.get("/health/")
    assert (never.status_code, never.json()) == (503, {"ok": False, "age": None})
    swept(timedelta(seconds=30))
    answer = client.get("/health/")
    assert answer.status_code == 200 and answer.json()["ok"] is True
    assert answer.json().keys() == {"ok", "age"} and 30 <= answer.json()["age"] < settings.SWEEP_LATE_SECONDS
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_health_is_bad_once_the_last_sweep_is_two_minutes_old(client: Client) -> None:
    swept(timedelta(minutes=2, seconds=1))
    assert client.get("/health/").status_code == 503


@pytest.mark.django_db
def test_a_demos_clock_makes_no_sweep_old(client: Client) -> None:
    swept(timedelta(0))
    with clock.travel(clock.now() + timedelta(days=30)):
        assert client.get("/health/").status_code == 200


@pytest.mark.django_db
def test_health_asks_one_question(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the demo's clock is read with each request
        client.get("/health/")


@pytest.mark.django_db
def test_the_offices_page_of_the_cycle_warns_once_deadlines_are_not_watched() -> None:
    world = a_cycle().with_units(1).opened()
    office, url = browser_of(world.office), reverse("cycle", args=[2026])
    assert "截止时间目前无人值守" in office.get(url).content.decode()
    swept(timedelta(minutes=3))
    assert "起，系统未再处理截止事项" in office.get(url).content.decode()
    FinishedSweep.objects.update(finished_at=clock.machine_now())
    assert not office.get(url).context["attention"].watch.is_late
    assert browser_of(world.supervisor).get(url).context["attention"] is None


@pytest.fixture
def workers() -> Iterator[None]:
    """The two workers of an installation, each with an app of its own, in threads, on a broker in memory."""
    usual = current_app._get_current_object()
    deadlines, rest = (
        Celery(set_as_current=False, config_source="django.conf:settings", namespace="CELERY") for _worker in range(2)
    )
    common = {"pool": "solo", "perform_ping_check": False, "shutdown_timeout": 60}
    with (
        start_worker(deadlines, queues=["deadlines"], **common),
        start_worker(rest, exclude_queues=["deadlines"], **common),
    ):
        usual.set_default()  # starting a worker has made its app the one of this process
        usual.set_current()
        yield


@pytest.mark.smtp
@pytest.mark.django_db(transaction=True)
def test_a_silent_mail_server_does_not_keep_the_sweep_away(
    silent_smtp: list[Any], settings: Any, workers: None
) -> None:
    settings.EMAIL_TIMEOUT = 60
    queue([mail(cause="1", to=a_person(Role.LEADER), subject="s", body="b")])
    current_app.send_task(send.name)
    eventually(lambda: silent_smtp, "a worker talks to the silent server")
    FinishedSweep.objects.all().delete()
    current_app.send_task(sweep.name)
    eventually(FinishedSweep.objects.exists, "the sweep is done while the other worker waits")
    silent_smtp[0].close()
