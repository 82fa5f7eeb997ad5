"""A lost queue costs a minute, never the work that wanted to hint at it."""

import pytest
from celery import Celery, current_app

from outbox import hints


@pytest.fixture
def queue_that_is_gone(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    usual = current_app._get_current_object()
    Celery("gone", broker=settings.REDIS_URL).set_current()
    yield
    usual.set_current()


@pytest.mark.django_db(transaction=True)
def test_a_closed_port_is_no_error(queue_that_is_gone, caplog) -> None:
    with caplog.at_level("WARNING"):
        hints.hint("outbox.send")
    assert "outbox.send" in caplog.text


def test_every_process_hints_to_the_queue_of_the_settings(settings) -> None:
    assert current_app.main == "kaohe"
    assert current_app.conf.broker_url == settings.CELERY_BROKER_URL


@pytest.mark.django_db
def test_nothing_is_hinted_before_the_commit(queue_that_is_gone, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        hints.hint("outbox.send")
    assert len(callbacks) == 1


@pytest.mark.django_db
def test_without_a_queue_nothing_is_hinted(settings, django_capture_on_commit_callbacks) -> None:
    settings.REDIS_URL = ""
    with django_capture_on_commit_callbacks() as callbacks:
        hints.hint("outbox.send")
    assert not callbacks
