"""One message that can't go out, whatever is wrong with it, never keeps the others from going."""

from typing import Any

import pytest
from django.db import connection

from accounts.models import Role
from outbox.delivery import send_due
from outbox.services import mail, queue, text
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


def test_a_gateway_that_is_not_there_does_not_hold_up_the_mails(settings: Any) -> None:
    settings.TEXT_GATEWAY = "nowhere.at_all"
    queue([text(cause="t", address="13900000001", subject="s", body="b")])
    queue([mail(cause="m", to=a_person(Role.LEADER), subject="s", body="b")])
    assert send_due() == 1


def test_a_message_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    queue([mail(cause="a", to=a_person(Role.LEADER), subject="s", body="b")])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_message SET body = 'torn'")
    queue([mail(cause="b", to=a_person(Role.LEADER), subject="s", body="b")])
    assert send_due() == 1
