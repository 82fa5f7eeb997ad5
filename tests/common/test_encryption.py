"""Personal data is unreadable at rest, keys rotate, and equal texts are found without being read (R17)."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.db import connection

from common import encryption
from common.encryption import fingerprint
from common.narrow import known
from outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings: Any) -> Iterator[Any]:
    """Sets the keys, newest first; the cipher is made anew each time, as it is at a start."""

    def use(*wanted: str) -> None:
        settings.FIELD_KEYS = list(wanted)
        encryption._cipher.cache_clear()

    yield use
    encryption._cipher.cache_clear()


def at_rest(message: Message) -> str:
    """What the database holds of the address."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM outbox_message WHERE id = %s", [message.pk])
        return str(cursor.fetchone()[0])


def a_message(address: str) -> Message:
    return Message.objects.create(cause=address, address=address, subject="s", body="b")


def test_the_database_never_holds_the_plain_text() -> None:
    message = a_message("19900000000")
    assert "19900000000" not in at_rest(message)
    assert Message.objects.get(pk=message.pk).address == "19900000000"


def test_the_same_text_looks_different_each_time() -> None:
    assert at_rest(a_message("19900000000")) != at_rest(Message.objects.create(cause="2", address="19900000000"))


def test_a_new_key_in_front_reads_the_old_and_writes_the_new(keys: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    first = a_message("old")
    keys(new, old)
    assert Message.objects.get(pk=first.pk).address == "old"
    second = a_message("new")
    keys(new)
    assert Message.objects.get(pk=second.pk).address == "new"
    with pytest.raises(InvalidToken):
        Message.objects.get(pk=first.pk)


def test_fingerprints_are_equal_for_equal_texts_and_bound_to_the_key(keys: Any) -> None:
    one, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(one)
    first = fingerprint("示例\n19900000000")
    assert first == fingerprint("示例\n19900000000") != fingerprint("示例\n19900000001")
    keys(other)
    assert fingerprint("示例\n19900000000") != first


def test_what_is_promised_is_there_or_it_is_our_fault() -> None:
    assert known(0) == 0
    with pytest.raises(LookupError):
        known(None)
