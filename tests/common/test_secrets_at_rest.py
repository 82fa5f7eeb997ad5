"""Encrypted columns at their edges: every way of writing, every kind of text, torn data, keys that come and go."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Length

from common import encryption
from common.encryption import fingerprint
from outbox.models import Message

pytestmark = pytest.mark.django_db
PHONE = "13900000001"


@pytest.fixture
def keys(settings: Any) -> Iterator[Callable[..., None]]:
    """Sets the keys, newest first; the cipher is made anew each time, as it is at a start."""

    def use(*wanted: str) -> None:
        settings.FIELD_KEYS = list(wanted)
        encryption._cipher.cache_clear()

    yield use
    encryption._cipher.cache_clear()


def a_key() -> str:
    return Fernet.generate_key().decode()


def raw() -> list[str]:
    """The columns as the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM outbox_message ORDER BY id")
        return [str(row[0]) for row in cursor.fetchall()]


def saved(address: str) -> None:
    Message.objects.create(cause="1", address=address, subject="s", body="b")


def in_bulk(address: str) -> None:
    Message.objects.bulk_create([Message(cause="1", address=address, subject="s", body="b")])


def updated(address: str) -> None:
    saved("x")
    Message.objects.update(address=address)


def updated_in_bulk(address: str) -> None:
    saved("x")
    message = Message.objects.get()
    message.address = address
    Message.objects.bulk_update([message], ["address"])


def made_or_got(address: str) -> None:
    Message.objects.get_or_create(cause="1", defaults={"address": address, "subject": "s", "body": "b"})


WAYS = [saved, in_bulk, updated, updated_in_bulk, made_or_got]


@pytest.mark.parametrize("write", WAYS)
def test_no_way_of_writing_leaves_the_text_readable(write: Callable[[str], None]) -> None:
    write(PHONE)
    (stored,) = raw()
    assert PHONE not in stored and stored.startswith("gAAAA")
    assert Message.objects.get().address == PHONE


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "张三", "镕喆堃昇玥𠮷😀", "行\n行\r\n\t尾 ", "a" * 20_000, "gAAAAABnot-a-token", "%s'\";--", "None"],
    ids=["nothing", "a space", "zero", "a name", "rare", "lines", "long", "like a cipher", "like a command", "None"],
)
def test_every_text_comes_back_as_it_went_in(text: str) -> None:
    saved(text)
    assert Message.objects.get().address == text
    assert list(Message.objects.values_list("address", flat=True)) == [text]
    assert not text.strip() or text not in raw()


def test_nothing_is_not_told_apart_by_what_is_stored() -> None:
    saved("")
    assert raw()[0] != ""


def test_what_is_encrypted_is_found_by_nobody() -> None:
    spaced = "139 0000 0001"  # no cipher text has a blank, so that chance can't write a part of it
    saved(spaced)
    assert not Message.objects.filter(address=spaced).exists()
    assert not Message.objects.filter(address__contains="139 ").exists()


def test_equal_texts_are_told_apart_neither_by_content_nor_by_distinct() -> None:
    in_bulk(PHONE)
    Message.objects.bulk_create([Message(cause="2", address=PHONE, subject="s", body="b")])
    assert len(set(raw())) == 2
    lengths = Message.objects.annotate(long=Length("address")).values_list("long", flat=True)
    assert len(set(lengths)) == 1


def test_a_torn_text_is_an_error_and_never_a_wrong_text() -> None:
    saved(PHONE)
    (stored,) = raw()
    for torn in (stored[:-4], stored[:20] + "A" * 8 + stored[28:], PHONE):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE outbox_message SET address = %s", [torn])
        with pytest.raises(InvalidToken):
            Message.objects.get()


def test_a_lost_key_hides_what_it_encrypted_and_nothing_else(keys: Callable[..., None]) -> None:
    keys(a_key())
    saved(PHONE)
    keys(a_key())
    with pytest.raises(InvalidToken):
        Message.objects.get()
    assert Message.objects.defer("address", "body").get().subject == "s"


def test_without_keys_of_their_own_texts_are_bound_to_the_secret_key(settings: Any, keys: Callable[..., None]) -> None:
    keys()
    saved(PHONE)
    assert Message.objects.get().address == PHONE
    settings.SECRET_KEY = "another"
    keys()
    with pytest.raises(InvalidToken):
        Message.objects.get()


def test_a_new_key_in_front_still_finds_who_was_known_before(keys: Callable[..., None]) -> None:
    old, new = a_key(), a_key()
    keys(old)
    before = fingerprint(f"样例\n{PHONE}")
    keys(new, old)
    assert fingerprint(f"样例\n{PHONE}") == before


def test_what_is_written_anew_needs_the_old_key_no_more(keys: Callable[..., None]) -> None:
    old, new = a_key(), a_key()
    keys(old)
    saved(PHONE)
    keys(new, old)
    for message in Message.objects.all():
        message.save()
    keys(new)
    assert Message.objects.get().address == PHONE


def test_a_fingerprint_shows_neither_the_text_nor_its_length() -> None:
    one, other = fingerprint("张三\n" + PHONE), fingerprint("a")
    assert len(one) == len(other) == 64 and PHONE not in one
    assert fingerprint("张三" + PHONE) != one, "name and phone do not run together"


def test_a_constant_in_a_query_is_no_way_around_the_cipher() -> None:
    saved(PHONE)
    Message.objects.update(address=Value(PHONE, output_field=Message._meta.get_field("address")))
    assert PHONE not in raw()
    assert Message.objects.get().address == PHONE
