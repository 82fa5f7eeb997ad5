"""Each thing is said once for its cause, only if the cause holds, and unreadable at rest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import IntegrityError, connection, transaction

from accounts.models import Role, User
from common import clock
from outbox.delivery import send_due
from outbox.models import Message, Reason
from outbox.services import mail, mark_read, queue, text
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 31, 23, 59, tzinfo=clock.BEIJING)
PHONE, WORDS = "13900000001", "您的申诉已受理"


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with clock.travel(NOW):
        yield


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


def a_text(cause: str = "text:1") -> Message:
    queue([text(cause=cause, address=PHONE, subject="答复", body=WORDS)])
    return Message.objects.get(cause=cause)


def at_rest() -> str:
    """Everything that the table of messages holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM outbox_message")
        return str(cursor.fetchall())


def test_a_cause_that_did_not_happen_says_nothing(person: User) -> None:
    class Broken(Exception):
        """The cause fails after it was told."""

    with pytest.raises(Broken), transaction.atomic():
        queue([mail(cause="cause:1", to=person, subject="s", body="b")])
        raise Broken
    assert not Message.objects.exists()
    assert queue([mail(cause="cause:1", to=person, subject="s", body="b")]) == 1


def test_of_one_cause_named_twice_at_once_the_last_is_said(person: User) -> None:
    mails = [mail(cause="cause:1", to=person, subject=subject, body="b") for subject in ("先", "后")]
    assert queue(mails) == 1
    assert [message.subject for message in Message.objects.all()] == ["后"]


def test_what_is_new_among_what_was_said_is_counted_alone(person: User) -> None:
    def causes(*names: str) -> list[Message]:
        return [mail(cause=name, to=person, subject="s", body="b") for name in names]

    assert [queue(causes("a", "b")), queue(causes("b", "c")), queue(causes("a", "b", "c")), queue([])] == [2, 1, 0, 0]
    assert Message.objects.count() == 3


def test_the_database_takes_no_cause_twice_in_bulk(person: User) -> None:
    queue([mail(cause=name, to=person, subject="s", body="b") for name in "ab"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(cause="a")


def test_the_same_words_for_two_causes_are_two_mails(person: User) -> None:
    queue([mail(cause=name, to=person, subject="s", body="b") for name in "ab"])
    assert send_due() == 2
    assert len(django_mail.outbox) == 2


def test_a_text_waits_and_the_mails_go_out(person: User, settings: Any) -> None:
    settings.TEXT_GATEWAY = "outbox.texts.no_gateway"
    told = a_text()
    queue([mail(cause="cause:1", to=person, subject="s", body="b")])
    assert send_due() == 1
    told.refresh_from_db()
    assert told.next_attempt_at == NOW + timedelta(minutes=2)


def test_the_wait_doubles_with_each_failure(settings: Any) -> None:
    settings.TEXT_GATEWAY = "outbox.texts.no_gateway"
    told, waits = a_text(), []
    for _time in range(10):
        with clock.travel(told.next_attempt_at):
            send_due()
            told.refresh_from_db()
            waits.append(int((told.next_attempt_at - clock.now()).total_seconds() // 60))
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_neither_phone_nor_words_can_be_read_in_the_database() -> None:
    a_text()
    assert not any(word in at_rest() for word in (PHONE, WORDS))


def test_what_was_said_in_a_mail_cannot_be_read_in_the_database(person: User) -> None:
    queue([mail(cause="cause:1", to=person, subject="一件事", body="您单位被取消评优资格。")])
    assert "取消评优" not in at_rest()
    send_due()
    assert "取消评优" in Message.objects.get().body


def test_a_text_that_was_refused_is_taken_once(settings: Any, tmp_path: Path) -> None:
    settings.TEXT_GATEWAY, settings.MAIL_DIR = "outbox.texts.no_gateway", tmp_path
    told = a_text()
    send_due()
    told.refresh_from_db()
    settings.TEXT_GATEWAY = "demo.mail_folder.carry_text"
    with clock.travel(told.next_attempt_at):
        assert [send_due(), send_due()] == [1, 0]
    told.refresh_from_db()
    assert told.reason == ""
    assert len(list(tmp_path.iterdir())) == 1


def test_a_text_can_be_read_later(settings: Any, tmp_path: Path) -> None:
    settings.TEXT_GATEWAY, settings.MAIL_DIR = "demo.mail_folder.carry_text", tmp_path
    queue([text(cause="t", address=PHONE, subject="提醒", body="明天截止")])
    send_due()
    assert [(message.address, message.body) for message in Message.objects.all()] == [(PHONE, "明天截止")]


def test_many_texts_of_one_instant_are_as_many_files(settings: Any, tmp_path: Path) -> None:
    settings.TEXT_GATEWAY, settings.MAIL_DIR = "demo.mail_folder.carry_text", tmp_path / "new" / "folder"
    for number in range(20):
        a_text(f"text:{number}")
    assert send_due() == 20
    assert len(list(settings.MAIL_DIR.iterdir())) == 20


def test_a_folder_that_cannot_be_written_loses_no_text(settings: Any, tmp_path: Path) -> None:
    settings.TEXT_GATEWAY, settings.MAIL_DIR = "demo.mail_folder.carry_text", tmp_path / "file"
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    told = a_text()
    assert send_due() == 0
    told.refresh_from_db()
    assert told.body == WORDS and told.reason == Reason.GATEWAY_REFUSED


def test_a_link_leads_to_the_house_and_a_mail_without_a_page_has_none(person: User, settings: Any) -> None:
    settings.BASE_URL = "https://kaohe.example.org"
    queue([mail(cause="a", to=person, subject="s", body="请办理。", path="/tasks/7/")])
    queue([mail(cause="b", to=person, subject="s", body="已办结。")])
    send_due()
    bodies = [sent.body for sent in django_mail.outbox]
    assert bodies == ["请办理。\n\nhttps://kaohe.example.org/tasks/7/", "已办结。"]


def test_a_subject_too_long_is_cut_and_everything_else_is_kept(person: User) -> None:
    queue([mail(cause="a", to=person, subject="题" * 201, body="文" * 20_000)])
    message = Message.objects.get()
    assert (len(message.subject), len(message.body)) == (200, 20_000)


def test_what_was_read_before_it_was_sent_is_sent_all_the_same(person: User) -> None:
    queue([mail(cause="a", to=person, subject="s", body="b")])
    assert [mark_read(to=person), mark_read(to=person)] == [1, 0]
    assert send_due() == 1
    message = Message.objects.get()
    assert message.read_at == message.sent_at == NOW
