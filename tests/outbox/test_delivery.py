"""Messages go out exactly once, wait when the server refuses, and never keep each other from being sent."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection

from accounts.models import Role, User
from common import clock
from outbox import delivery
from outbox.carriers import Mails, Parcel, message_id
from outbox.delivery import send_due
from outbox.models import DUE, Message, Reason
from outbox.queries import given_up, messages_of, undelivered
from outbox.services import hold_until, mail, move_due, queue, text, try_again, withdraw
from outbox.tasks import send
from tests.support.mails import say
from tests.support.smtp import Mailbox
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 28, 9, tzinfo=clock.BEIJING)


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with clock.travel(NOW):
        yield


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


@pytest.mark.smtp
def test_a_mail_reaches_the_server_once_with_the_way_to_its_page(smtp: Mailbox, settings, person: User) -> None:
    message = say(person)
    assert [send_due(), send_due()] == [1, 0]
    (received,) = smtp.messages
    assert (received["To"], received["Subject"]) == (person.email, "一件事")
    assert received.get_content().strip().replace("\r\n", "\n") == f"请办理。\n\n{settings.BASE_URL}/tasks/7/"
    message.refresh_from_db()
    assert message.sent_at == NOW and message.attempts == 1


@pytest.mark.smtp
def test_a_refused_mail_waits_longer_each_time_and_is_sent_in_the_end(smtp: Mailbox, person: User) -> None:
    message = say(person)
    smtp.answer = "451 come back later"
    assert send_due() == 0
    message.refresh_from_db()
    first_wait = message.next_attempt_at - NOW
    assert message.sent_at is None and message.attempts == 1 and message.reason == Reason.REFUSED
    assert send_due() == 0 and not smtp.messages
    with clock.travel(message.next_attempt_at):
        send_due()
        message.refresh_from_db()
        assert message.next_attempt_at - clock.now() > first_wait
    smtp.answer = ""
    with clock.travel(message.next_attempt_at):
        assert send_due() == 1
    message.refresh_from_db()
    assert message.sent_at is not None and len(smtp.messages) == 1
    assert (message.reason, message.reason_code) == ("", None), "what went wrong before is over"


@pytest.mark.smtp
def test_a_server_that_is_not_there_loses_nothing(settings, person: User) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = say(person)
    assert send_due() == 0
    message.refresh_from_db()
    assert message.reason == Reason.UNREACHABLE


def test_waiting_never_exceeds_six_hours_however_long_it_goes_on(settings, person: User) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = say(person)
    Message.objects.update(attempts=200)
    send_due()
    message.refresh_from_db()
    assert message.next_attempt_at - NOW == timedelta(hours=6)


def test_one_bad_message_does_not_hold_up_the_others(person: User) -> None:
    bad = a_person(Role.LEADER)
    User.objects.filter(pk=bad.pk).update(email="bad\nBcc: all@example.org")
    say(bad, "cause:bad")
    say(person, "cause:good")
    assert send_due() == 1
    assert [sent.to for sent in django_mail.outbox] == [[person.email]]


def test_a_line_break_in_a_subject_is_no_obstacle(person: User) -> None:
    say(person, subject="一件事\n另一行")
    assert send_due() == 1
    assert django_mail.outbox[0].subject == "一件事 另一行"


def test_a_cause_is_served_once(person: User) -> None:
    say(person)
    say(person, subject="又一次")
    assert Message.objects.count() == 1
    send_due()
    say(person, subject="再一次")
    assert send_due() == 0


def test_whoever_has_no_address_reads_it_in_the_house(person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="")
    message = say(person)
    assert send_due() == 0
    message.refresh_from_db()
    assert message.sent_at is None and message.reason == Reason.NO_ADDRESS and not django_mail.outbox
    assert list(messages_of(person)) == list(undelivered()) == [message]


def test_once_there_is_an_address_the_office_has_it_sent(person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="")
    say(person)
    send_due()
    User.objects.filter(pk=person.pk).update(email="right@example.org")
    assert send_due() == 0
    assert [try_again(to=[a_person(Role.LEADER)]), try_again(to=[person]), try_again()] == [0, 1, 0]
    assert send_due() == 1
    assert [sent.to for sent in django_mail.outbox] == [["right@example.org"]]
    assert not undelivered()


def test_what_has_ended_is_withdrawn_and_stays_to_be_read(person: User) -> None:
    queue(
        [
            mail(cause="1", to=person, subject="还有7天", body="b", about="task:1"),
            mail(cause="2", to=person, subject="还有7天", body="b", about="task:2"),
        ]
    )
    assert withdraw(["task:1"]) == 1
    assert send_due() == 1
    assert [withdraw(["task:1", "task:2"]), send_due()] == [0, 0], "what is sent is said"
    assert messages_of(person).exclude(withdrawn_at=None).get().cause == "1"


def test_what_is_no_longer_true_is_not_sent(person: User) -> None:
    over = NOW + timedelta(hours=1)
    queue([mail(cause="1", to=person, subject="今天截止", body="b", about="task:1", true_until=over)])
    with clock.travel(over):
        assert send_due() == 0
        assert hold_until(["task:1"], over + timedelta(hours=1)) == 1
        assert send_due() == 1


@pytest.mark.parametrize("before", [NOW + timedelta(hours=1), None], ids=["another one", "none yet"])
def test_a_date_that_moves_is_said_as_it_is_when_the_message_goes_out(person: User, before: datetime | None) -> None:
    told = {"subject": f"{DUE}截止", "body": f"请于{DUE}前办理。", "about": "task:1", "due_at": before}
    queue([mail(cause="1", to=person, **told), mail(cause="2", to=person, **told | {"about": "task:2"})])
    assert move_due(["task:1"], datetime(2027, 1, 1, tzinfo=clock.BEIJING)) == 1
    send_due()
    moved, stayed = django_mail.outbox
    assert moved.subject == "12月31日 周四 24:00（北京时间）截止" and f"请于{moved.subject[:-2]}前" in moved.body
    assert "12月31日" not in stayed.subject and DUE not in stayed.subject + stayed.body


def test_what_is_out_of_date_is_neither_sent_again_nor_an_alarm(person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="")
    over = NOW + timedelta(hours=1)
    queue([mail(cause="1", to=person, subject="s", body="b", true_until=over)])
    send_due()
    assert len(undelivered()) == 1
    with clock.travel(over):
        assert not undelivered() and len(given_up()) == 1
        assert try_again() == 0


def test_a_mail_sent_twice_is_one_to_its_reader(person: User) -> None:
    message = say(person)
    other = say(person, "cause:2")
    send_due()
    Message.objects.filter(pk=message.pk).update(sent_at=None, next_attempt_at=NOW)  # a crash before it was noted
    send_due()
    first, second, again = [sent.message()["Message-ID"] for sent in django_mail.outbox]
    assert first == again != second
    assert again == message_id(message.cause) and second == message_id(other.cause)


def a_text() -> Message:
    queue([text(cause="text:1", address="13900000001", subject="提醒", body="请评价")])
    return Message.objects.get(cause="text:1")


def test_without_a_gateway_texts_wait_and_keep_what_they_say(settings) -> None:
    settings.TEXT_GATEWAY = "outbox.texts.no_gateway"
    message = a_text()
    assert send_due() == 0
    message.refresh_from_db()
    assert message.reason == Reason.NO_GATEWAY and message.body and message.sent_at is None


def test_no_more_than_asked_are_sent_at_a_time(person: User) -> None:
    for number in range(5):
        say(person, f"cause:{number}")
    assert [send_due(limit=3), send_due(limit=3)] == [3, 2]


def test_the_queue_runs_it_by_name(person: User) -> None:
    say(person)
    assert send.name == "outbox.send"
    assert send.delay().get() == 1


@pytest.mark.smtp
@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_is_talked_to(
    smtp: Mailbox, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(person)
    seen: list[bool] = []
    carry = Mails.carry

    def watched(self: Mails, parcel: Parcel) -> None:
        seen.append(connection.in_atomic_block)
        carry(self, parcel)

    monkeypatch.setattr(Mails, "carry", watched)
    assert send_due() == 1
    assert seen == [False]
    assert len(smtp.messages) == 1


def test_what_a_worker_died_over_is_sent_once_its_claim_has_run_out(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = say(person)

    def dies(_self: Mails, _parcel: Parcel) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Mails, "carry", dies)
        send_due()
    assert send_due() == 0, "it still belongs to the worker that claimed it"
    with clock.travel(NOW + delivery.CLAIM):
        assert send_due() == 1
    message.refresh_from_db()
    assert message.attempts == 2


@pytest.mark.smtp
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(smtp: Mailbox, person: User) -> None:
    for number in range(20):
        say(person, f"cause:{number}")
    together = threading.Barrier(2)

    def work() -> None:
        with clock.travel(NOW):
            together.wait()
            send_due()
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with clock.travel(NOW):
        send_due()
    assert len(smtp.messages) == 20
    assert not Message.objects.filter(sent_at=None).exists()
