"""A lost queue costs a minute, never the work that wanted to hint at it."""

import threading
from collections.abc import Iterator

import pytest
from celery import current_app

from outbox import hints


@pytest.fixture
def queue_that_is_gone(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


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


class HeldQueue:
    """A queue that takes nothing before the door is open."""

    def __init__(self) -> None:
        self.door, self.reached, self.taken = threading.Event(), threading.Event(), list[str]()

    def send_task(self, name: str, **_options: object) -> None:
        self.reached.set()
        self.door.wait()
        if name == "lost":
            raise OSError("the queue is away")
        self.taken.append(name)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldQueue]:
    queue = HeldQueue()
    monkeypatch.setattr(hints, "current_app", queue)
    yield queue
    queue.door.set()


def test_who_leaves_a_hint_goes_on_while_the_queue_holds_another(held: HeldQueue) -> None:
    messenger = hints.Messenger()
    messenger.leave("outbox.send")
    held.reached.wait()
    for _time in range(5):
        messenger.leave("outbox.send")
    messenger.leave("workflow.sweep")
    assert held.taken == []
    held.door.set()
    messenger.wait()
    assert held.taken == ["outbox.send", "outbox.send", "workflow.sweep"], "what waits once is taken once"


def test_hints_that_find_no_room_are_dropped(held: HeldQueue, caplog: pytest.LogCaptureFixture) -> None:
    messenger = hints.Messenger()
    messenger.leave("first")
    held.reached.wait()
    with caplog.at_level("WARNING"):
        for number in range(hints.MOST_WAITING + 1):
            messenger.leave(f"task {number}")
    assert f"no hint for task {hints.MOST_WAITING}" in caplog.text
    held.door.set()
    messenger.wait()
    assert len(held.taken) == hints.MOST_WAITING + 1


def test_a_queue_that_is_away_is_no_error_and_the_next_hint_is_tried(
    held: HeldQueue, caplog: pytest.LogCaptureFixture
) -> None:
    messenger = hints.Messenger()
    held.door.set()
    with caplog.at_level("WARNING"):
        messenger.leave("lost")
        messenger.wait()
    messenger.leave("outbox.send")
    messenger.wait()
    assert held.taken == ["outbox.send"]
    assert "did not take lost (the queue is away)" in caplog.text
