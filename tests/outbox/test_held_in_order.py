"""Whoever writes or changes many messages does so in one order: two who do never wait for each other."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import Role, User
from common import clock
from common.rows import Batch
from outbox.models import Message
from outbox.services import hold_until, mail, mark_read, move_due, queue, try_again, withdraw, withdraw_in
from tests.support.locks import meanwhile
from tests.support.world import a_person

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
ABOUT = "task:1"
TOMORROW = clock.now() + timedelta(days=1)


def withdraw_with_a_batch(_reader: User) -> None:
    batch = Batch()
    withdraw_in(batch, [ABOUT])
    batch.send()


CHANGES: dict[str, Callable[[User], object]] = {
    "read": lambda reader: mark_read(to=reader),
    "tried again": lambda _reader: try_again(),
    "withdrawn": lambda _reader: withdraw([ABOUT]),
    "withdrawn with a batch": withdraw_with_a_batch,
    "held": lambda _reader: hold_until([ABOUT], TOMORROW),
    "moved": lambda _reader: move_due([ABOUT], TOMORROW),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_waits_for_the_first_message_holds_no_other(change: Callable[[User], object]) -> None:
    reader = a_person(Role.OFFICE)
    last, *_others, first = [  # in the table they lie the other way round
        Message.objects.create(
            pk=key, cause=f"c{key}", to=reader, subject="s", about=ABOUT, given_up_at=clock.now(), attempts=1
        )
        for key in range(5, 0, -1)
    ]

    with meanwhile(lambda: change(reader)) as they_wait, transaction.atomic():
        held = Message.objects.select_for_update(nowait=True)
        held.get(pk=first.pk)
        they_wait()
        held.get(pk=last.pk)  # raises OperationalError if it is locked


def test_who_waits_for_a_cause_has_written_none_that_comes_after_it() -> None:
    reader = a_person(Role.OFFICE)

    def say(*causes: str) -> None:
        queue(mail(cause=cause, to=reader, subject="s", body="b") for cause in causes)

    with meanwhile(lambda: say("second", "first")) as they_wait, transaction.atomic():
        say("first")
        they_wait()
        say("second")  # raises OperationalError for a deadlock if it is written
    assert sorted(Message.objects.values_list("cause", flat=True)) == ["first", "second"]
