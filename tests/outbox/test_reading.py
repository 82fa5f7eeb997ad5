"""Reading what was said to oneself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role, User
from common import clock
from outbox.queries import messages_of
from outbox.services import mail, mark_read, queue
from tests.support.world import START, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with clock.travel(START):
        yield


@pytest.fixture
def zhang() -> User:
    return a_person(Role.LEADER, name="张三")


@pytest.fixture
def li() -> User:
    return a_person(Role.LEADER, name="李四")


@pytest.fixture(autouse=True)
def _said(zhang: User, li: User) -> None:
    for hours, (cause, to, subject) in enumerate(
        [("due:1", zhang, "还有7天"), ("due:2", li, "还有7天"), ("back:1", zhang, "已退回")]
    ):
        with clock.travel(START + timedelta(hours=hours)):
            queue([mail(cause=cause, to=to, subject=subject, body="请办理。")])


def causes(messages: Any) -> list[str]:
    return [message.cause for message in messages]


def test_a_person_reads_their_own_newest_first(zhang: User, li: User) -> None:
    assert causes(messages_of(zhang)) == ["back:1", "due:1"]
    assert causes(messages_of(li)) == ["due:2"]


def test_reading_one_leaves_the_others_unread(zhang: User, li: User) -> None:
    first, other = messages_of(zhang)
    assert mark_read(to=zhang, message_id=first.pk) == 1
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.read_at, other.read_at) == (START, None)


def test_the_first_reading_counts(zhang: User) -> None:
    assert mark_read(to=zhang) == 2
    with clock.travel(START + timedelta(days=1)):
        assert mark_read(to=zhang) == 0
    assert {message.read_at for message in messages_of(zhang)} == {START}


def test_nobody_marks_what_another_was_told(zhang: User, li: User) -> None:
    theirs = messages_of(li).get()
    assert mark_read(to=zhang, message_id=theirs.pk) == 0
    theirs.refresh_from_db()
    assert theirs.read_at is None
