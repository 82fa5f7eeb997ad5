"""What only the message that goes out says: made anew at each try, outside the conversation, and kept nowhere (R17)."""

import logging
from collections.abc import Iterator
from secrets import token_hex

import pytest
from django.db import connection

from accounts.models import Role, User
from common import clock
from outbox.carriers import Mails, Parcel
from outbox.delivery import send_due
from outbox.minting import Minted, OutOfDateError
from outbox.models import MINTED, Message
from outbox.services import mail, queue, text
from tests.support.minted import kept_anywhere, maker
from tests.support.smtp import Mailbox
from tests.support.world import a_person

PHONE = "13900000001"


class Mint:
    """Makes random secrets and remembers them, and in which state the database was then."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.in_transaction: list[bool] = []
        self.over = False

    def __call__(self, key: str) -> Minted:
        """A secret for a key; while it is `over` there is none."""
        if self.over:
            raise OutOfDateError
        self.in_transaction.append(connection.in_atomic_block)
        self.made.append(f"{key}-{token_hex(16)}")
        return Minted(words=f"http://x/#{self.made[-1]}", address=PHONE)


@pytest.fixture
def mint() -> Iterator[Mint]:
    made = Mint()
    with maker("test", made):
        yield made


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


def tell(person: User) -> Message:
    queue([mail(cause="1", to=person, subject="评价", body=f"请打开 {MINTED} 。", minting="test:7")])
    return Message.objects.get()


@pytest.mark.django_db
def test_what_is_kept_and_read_says_that_something_is_missing_there(person: User, mint: Mint) -> None:
    message = tell(person)
    assert not mint.made
    assert MINTED not in message.said_body and "链接" in message.said_body


@pytest.mark.smtp
@pytest.mark.django_db(transaction=True)
def test_the_secret_reaches_its_reader_and_lies_nowhere_else(
    smtp: Mailbox, person: User, mint: Mint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tell(person)
    assert send_due() == 1
    [secret], [sent] = mint.made, smtp.messages
    assert f"请打开 http://x/#{secret} 。" in sent.get_content()
    assert kept_anywhere(secret) == []
    # The server of the test writes down at DEBUG what it hears.
    assert not any(secret in record.getMessage() for record in caplog.records if record.name != "mail.log")


@pytest.mark.django_db(transaction=True)
def test_it_is_kept_before_it_is_said_and_nothing_is_open_while_it_is_said(
    person: User, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(person)
    seen: list[bool] = []
    monkeypatch.setattr(Mails, "carry", lambda _self, _parcel: seen.append(connection.in_atomic_block))
    assert send_due() == 1
    assert (mint.in_transaction, seen) == ([True], [False])


@pytest.mark.smtp
@pytest.mark.django_db(transaction=True)
def test_a_try_that_failed_leaves_no_secret_and_the_next_makes_another(
    smtp: Mailbox, person: User, mint: Mint, caplog: pytest.LogCaptureFixture
) -> None:
    message = tell(person)
    smtp.answer = "451 not now"
    assert send_due() == 0
    smtp.answer = ""
    message.refresh_from_db()
    with clock.travel(message.next_attempt_at):
        assert send_due() == 1
    first, second = mint.made
    assert first != second and second in smtp.messages[0].get_content()
    assert kept_anywhere(first) == kept_anywhere(second) == []
    assert first not in caplog.text


@pytest.mark.django_db
def test_a_fault_while_it_is_said_is_told_without_it(
    person: User, mint: Mint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_self: Mails, parcel: Parcel) -> None:
        raise RuntimeError(parcel, parcel.body)

    tell(person)
    monkeypatch.setattr(Mails, "carry", broken)
    assert send_due() == 0
    assert "RuntimeError" in caplog.text and mint.made[0] not in caplog.text


@pytest.mark.django_db
def test_what_leads_nowhere_any_more_is_withdrawn(person: User, mint: Mint, mailoutbox: list[object]) -> None:
    message = tell(person)
    mint.over = True
    assert [send_due(), send_due()] == [0, 0]
    message.refresh_from_db()
    assert message.withdrawn_at and not mailoutbox


@pytest.mark.django_db
def test_its_maker_knows_to_which_phone_a_text_goes(mint: Mint, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[tuple[str, str]] = []
    monkeypatch.setattr("outbox.carriers.send_text", lambda address, body: carried.append((address, body)))
    queue([text(cause="1", subject="评价", body=MINTED, minting="test:7")])
    assert send_due() == 1
    assert carried == [(PHONE, f"http://x/#{mint.made[0]}")]
    assert Message.objects.get().address == ""


def test_a_secret_is_not_shown_by_what_holds_it() -> None:
    minted = Minted(words="very-secret", address=PHONE)
    parcel = Parcel(cause="1", address=PHONE, subject="s", body="very-secret", path="")
    assert not any(word in f"{minted!r}{parcel!r}" for word in ("very-secret", PHONE))
