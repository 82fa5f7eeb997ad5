"""Reading what was said: one's own messages, everybody's for the office, and the texts of a demo."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Role, User
from common import clock
from outbox.models import Message
from outbox.queries import everyones_messages, messages_of
from outbox.services import mail, mark_read, queue, text
from outbox.written import texts_written
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


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("", ["back:1", "due:2", "due:1"], id="everything"),
        pytest.param("7天", ["due:2", "due:1"], id="a subject"),
        pytest.param("张", ["back:1", "due:1"], id="a name"),
        pytest.param("LEADER", ["back:1", "due:2", "due:1"], id="a user name in any case"),
        pytest.param("请办理", [], id="never what the encrypted body says"),
    ],
)
def test_the_office_finds_messages_by(words: str, found: list[str]) -> None:
    assert causes(everyones_messages(words)) == found


def test_a_text_to_a_number_without_an_account_is_listed_too() -> None:
    queue([text(cause="ballot:1", address="13900000001", subject="评价", body="链接", secret=True)])
    assert causes(everyones_messages("评价")) == ["ballot:1"]
    assert str(Message.objects.get(cause="ballot:1")) == "text ballot:1"


def test_the_names_cost_no_query_of_their_own(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [message.to.name for message in everyones_messages() if message.to] == ["张三", "李四", "张三"]


def test_reading_one_leaves_the_others_unread(zhang: User, li: User) -> None:
    one, other = messages_of(zhang)
    assert mark_read(to=zhang, message_id=one.pk) == 1
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.read_at, other.read_at) == (START, None)


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


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("", ["text-2", "text-1"], id="all, newest first"),
        pytest.param("ballots/b", ["text-2"], id="what it says"),
        pytest.param("0001", ["text-1"], id="where it went"),
        pytest.param("nothing", [], id="none"),
    ],
)
def test_a_demo_shows_the_texts_of_its_folder(settings: Any, tmp_path: Path, words: str, found: list[str]) -> None:
    settings.MAIL_DIR = tmp_path
    (tmp_path / "text-1.txt").write_text("13900000001\nhttp://x/ballots/a/\n", "utf-8")
    (tmp_path / "text-2.txt").write_text("13900000002\n请评价\nhttp://x/ballots/b/\n", "utf-8")
    (tmp_path / "mail-1.log").write_text("no text", "utf-8")
    assert [one.name for one in texts_written(words)] == found


def test_a_text_keeps_its_lines(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path
    (tmp_path / "text-2.txt").write_text("13900000002\n请评价\nhttp://x/\n", "utf-8")
    (only,) = texts_written()
    assert (only.address, only.body) == ("13900000002", "请评价\nhttp://x/")


def test_no_folder_is_no_text(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path / "not there"
    assert texts_written() == []
