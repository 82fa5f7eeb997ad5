"""What becomes of mails when the conversation with a mail server goes wrong at each of its turns."""

import logging
import smtplib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from accounts.models import Role, User
from common import clock
from outbox.delivery import send_due
from outbox.models import Message, Reason
from outbox.queries import held_up, undelivered
from outbox.services import queue, text
from tests.support.mails import say
from tests.support.smtp import Mailbox
from tests.support.world import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
NOW = datetime(2026, 12, 31, 23, 59, tzinfo=clock.BEIJING)


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with clock.travel(NOW):
        yield


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


def later(message: Message) -> int:
    """Send again at the instant that the message waits for."""
    message.refresh_from_db()
    with clock.travel(message.next_attempt_at):
        return send_due()


def test_a_refusal_for_good_ends_after_few_tries_and_is_the_offices(smtp: Mailbox, person: User) -> None:
    refuse(smtp, person.email)
    message = say(person)
    assert [send_due(), later(message), later(message), later(message)] == [0] * 4
    message.refresh_from_db()
    assert (message.attempts, message.reason, message.reason_code) == (3, Reason.REFUSED, 550)
    assert list(undelivered()) == [message] and not held_up()


def test_a_refusal_for_now_is_tried_on_and_seen_as_held_up(smtp: Mailbox, person: User) -> None:
    refuse(smtp, person.email, "450 mailbox busy")
    message = say(person)
    for _time in range(6):
        assert later(message) == 0
    message.refresh_from_db()
    with clock.travel(message.next_attempt_at):
        assert list(held_up()) == [message] and not undelivered()


def test_one_conversation_carries_a_whole_round(smtp: Mailbox, person: User) -> None:
    greetings = 0

    async def greet(server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]) -> list[str]:
        nonlocal greetings
        greetings += 1
        session.host_name = name
        return answers

    smtp.handle_EHLO = greet  # type: ignore[attr-defined]  # a hook found by its name
    for number in range(3):
        say(person, f"cause:{number}")
    assert send_due() == 3
    assert greetings == 1


def test_a_silent_server_ends_the_round_and_costs_one_attempt(silent_smtp: list[object], person: User) -> None:
    for number in range(3):
        say(person, f"cause:{number}")
    assert send_due() == 0
    assert len(silent_smtp) == 1, "the first dead connection ends the round"
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_round_ends_with_its_time_and_the_next_goes_on(smtp: Mailbox, person: User) -> None:
    for number in range(3):
        say(person, f"cause:{number}")
    assert send_due(seconds=0) == 0
    assert not Message.objects.exclude(attempts=0)
    assert send_due() == 3


def test_a_dead_mail_server_does_not_hold_up_the_texts(silent_smtp: list[object], person: User, settings: Any) -> None:
    say(person)
    settings.TEXT_GATEWAY = "tests.outbox.test_smtp_conversation.taken"
    queue([text(cause="t", address="13900000001", subject="s", body="b")])
    assert send_due() == 1


def taken(_address: str, _text: str) -> None:
    """A gateway that takes everything."""


def busy(_address: str, _text: str) -> None:
    """A gateway that takes this one not now."""
    raise OSError


def gone(_address: str, _text: str) -> None:
    """A gateway that does not answer."""
    raise TimeoutError


@pytest.mark.parametrize(("gateway", "tried"), [("busy", 2), ("gone", 1)])
def test_a_gateway_that_does_not_answer_ends_the_round_of_texts(settings: Any, gateway: str, tried: int) -> None:
    settings.TEXT_GATEWAY = f"tests.outbox.test_smtp_conversation.{gateway}"
    queue(text(cause=f"t{number}", address="13900000001", subject="s", body="b") for number in range(2))
    assert send_due() == 0
    assert Message.objects.filter(attempts=1).count() == tried


class Refusing(Mailbox):
    """Refuses one address when it is named, as a server does that does not know it."""

    def __init__(self, address: str, answer: str) -> None:
        super().__init__()
        self.address, self.said = address, answer

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answers to the address."""
        if address == self.address:
            return self.said
        envelope.rcpt_tos.append(address)
        return "250 OK"


def refuse(smtp: Mailbox, address: str, answer: str = "550 no such user") -> None:
    """Let the running server refuse one address."""
    smtp.handle_RCPT = Refusing(address, answer).handle_RCPT  # type: ignore[attr-defined]  # a hook found by its name


def test_an_address_that_the_server_does_not_know_waits_and_the_others_go_out(smtp: Mailbox, person: User) -> None:
    other = a_person(Role.LEADER)
    refuse(smtp, person.email)
    lost, kept = say(person, "cause:lost"), say(other, "cause:kept")
    assert send_due() == 1
    assert [received["To"] for received in smtp.messages] == [other.email]
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert lost.sent_at is None and (lost.reason, lost.reason_code) == (Reason.REFUSED, 550) and lost.attempts == 1
    assert kept.sent_at == NOW and kept.reason == ""


@pytest.mark.parametrize("answer", ["550 not from you", "552 too large"])
def test_a_letter_that_is_refused_before_it_is_read_does_not_keep_the_others(
    smtp: Mailbox, person: User, answer: str
) -> None:
    answers = [answer]

    async def name_sender(
        _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from, envelope.mail_options = address, options
        return answers.pop() if answers else "250 OK"

    smtp.handle_MAIL = name_sender  # type: ignore[attr-defined]  # a hook found by its name
    refused, kept = say(person, "cause:1"), say(person, "cause:2")
    assert send_due() == 1
    refused.refresh_from_db()
    kept.refresh_from_db()
    assert (refused.refusals, refused.reason_code) == (1, int(answer[:3])) and kept.sent_at


def test_a_letter_that_the_server_cannot_take_does_not_keep_the_others(
    smtp: Mailbox, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, other = smtplib.SMTP.sendmail, a_person(Role.LEADER)

    def cannot(server: smtplib.SMTP, sender: str, to: list[str], *rest: Any) -> Any:
        if person.email in to:
            raise smtplib.SMTPNotSupportedError
        return send(server, sender, to, *rest)

    monkeypatch.setattr(smtplib.SMTP, "sendmail", cannot)
    message = say(person, "cause:1")
    say(other, "cause:2")
    assert send_due() == 1
    message.refresh_from_db()
    assert (message.refusals, message.reason) == (1, Reason.REFUSED)


def test_a_corrected_address_is_the_one_that_is_tried_next(smtp: Mailbox, person: User) -> None:
    refuse(smtp, person.email)
    message = say(person)
    send_due()
    User.objects.filter(pk=person.pk).update(email="right@example.org")
    assert later(message) == 1
    assert [received["To"] for received in smtp.messages] == ["right@example.org"]


def test_an_address_that_was_taken_away_while_it_waited_is_tried_no_more(smtp: Mailbox, person: User) -> None:
    refuse(smtp, person.email)
    message = say(person)
    send_due()
    User.objects.filter(pk=person.pk).update(email="")
    assert later(message) == 0
    message.refresh_from_db()
    assert message.reason == Reason.NO_ADDRESS and not smtp.messages
    assert later(message) == 0


@pytest.mark.parametrize("answer", ["450 come back later", "552 too much", "554 no", "421 closing"])
def test_whatever_the_server_says_no_with_the_mail_comes_once_it_says_yes(
    smtp: Mailbox, person: User, answer: str
) -> None:
    message = say(person)
    smtp.answer = answer
    assert send_due() == 0
    smtp.answer = ""
    assert later(message) == 1
    assert len(smtp.messages) == 1
    message.refresh_from_db()
    assert message.attempts == 2


def test_a_server_that_hangs_up_before_it_says_yes_gets_the_mail_again(smtp: Mailbox, person: User) -> None:
    async def hang_up(server: SMTP, _session: Session, _envelope: Envelope) -> str:
        server.transport.close()
        return "250 never heard"

    message = say(person)
    taken, smtp.handle_DATA = smtp.handle_DATA, hang_up  # type: ignore[method-assign,assignment]  # another answer
    assert send_due() == 0
    message.refresh_from_db()
    assert message.sent_at is None and message.reason == Reason.UNREACHABLE
    smtp.handle_DATA = taken  # type: ignore[method-assign]  # as it was
    assert later(message) == 1
    assert len(smtp.messages) == 1


def test_a_server_that_hangs_up_after_it_said_yes_does_not_get_the_mail_twice(smtp: Mailbox, person: User) -> None:
    async def hang_up(server: SMTP, _session: Session, _envelope: Envelope) -> str:
        server.transport.close()
        return "221 never heard"

    smtp.handle_QUIT = hang_up  # type: ignore[attr-defined]  # a hook found by its name
    message = say(person)
    assert [send_due(), send_due()] == [1, 0]
    message.refresh_from_db()
    assert message.sent_at == NOW and message.reason == "" and len(smtp.messages) == 1


@pytest.mark.parametrize(
    "body",
    [
        "第一行\n.\n第三行",
        "..两点开头",
        "长" * 3000,
        "a" * 3000,
        "镕喆堃昇玥 𠮷 😀",
        "From 在行首\n\n\n空行之后",
        "QUIT\nRSET",
    ],
    ids=["a lone dot", "two dots", "a long line", "a long line of letters", "rare characters", "From", "commands"],
)
def test_what_is_said_arrives_as_it_was_written(smtp: Mailbox, person: User, body: str) -> None:
    say(person, body=body, path="")
    assert send_due() == 1
    (received,) = smtp.messages
    assert received.get_content().replace("\r\n", "\n").rstrip("\n") == body


@pytest.mark.parametrize("subject", ["题" * 200, "a" * 200, "题 a " * 50, "关于“考核”—结果"])
def test_a_subject_arrives_whole_on_one_line(smtp: Mailbox, person: User, subject: str) -> None:
    say(person, subject=subject)
    assert send_due() == 1
    (received,) = smtp.messages
    assert received["Subject"].replace(" ", "") == subject.replace(" ", "")
    assert "\n" not in received["Subject"]


def test_a_subject_is_no_way_to_other_headers(smtp: Mailbox, person: User) -> None:
    say(person, subject="一件事\r\nBcc: all@example.org\r\n\r\n正文")
    assert send_due() == 1
    (received,) = smtp.messages
    assert received["Bcc"] is None and received["Subject"] == "一件事 Bcc: all@example.org 正文"


def test_each_person_gets_a_mail_of_their_own(smtp: Mailbox, person: User, settings: Any) -> None:
    other = a_person(Role.LEADER)
    say(person, "cause:1")
    say(other, "cause:2")
    assert send_due() == 2
    assert sorted(str(received["To"]) for received in smtp.messages) == sorted([person.email, other.email])
    assert all(received["Cc"] is None and received["Bcc"] is None for received in smtp.messages)
    assert {received["From"] for received in smtp.messages} == {settings.DEFAULT_FROM_EMAIL}


def test_what_waits_longest_goes_first(smtp: Mailbox, person: User) -> None:
    for number, instant in enumerate((NOW, NOW.replace(hour=22), NOW.replace(hour=23, minute=0))):
        with clock.travel(instant):
            say(person, f"cause:{number}", subject=str(number))
    assert send_due() == 3
    assert [received["Subject"] for received in smtp.messages] == ["1", "2", "0"]


def test_what_is_not_due_yet_waits_to_the_second(smtp: Mailbox, person: User) -> None:
    message = say(person)
    Message.objects.update(next_attempt_at=NOW.replace(second=30))
    with clock.travel(NOW.replace(second=29, microsecond=999999)):
        assert send_due() == 0
    assert later(message) == 1


def test_neither_address_nor_words_stand_in_the_log_of_a_failure(
    smtp: Mailbox, person: User, caplog: pytest.LogCaptureFixture
) -> None:
    smtp.answer = "554 <secret-words> refused"
    with caplog.at_level(logging.DEBUG, logger="outbox"):
        message = say(person, body="不可外传")
        send_due()
    message.refresh_from_db()
    assert caplog.records, "a failure is told to the operator"
    for told in (caplog.text, message.why_not_sent):
        assert not any(word in told for word in (person.email, "不可外传", "secret-words"))
