"""What only a demo shows: everybody's messages, an account of each role, what happened by itself."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role
from audit.services import log
from audit.verbs import Verb
from common import clock
from demo.queries import everyones_messages, happened_since_the_clock_moved, one_of_each_role
from outbox.models import Message
from outbox.services import mail, queue, text
from tests.support.world import START, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def _said() -> None:
    zhang, li = a_person(Role.LEADER, name="张三"), a_person(Role.LEADER, name="李四")
    for hours, (cause, to, subject) in enumerate(
        [("due:1", zhang, "还有7天"), ("due:2", li, "还有7天"), ("back:1", zhang, "已退回")]
    ):
        with clock.travel(START + timedelta(hours=hours)):
            queue([mail(cause=cause, to=to, subject=subject, body="请办理。")])


def causes(words: str) -> list[str]:
    return [message.cause for message in everyones_messages(words)]


@pytest.mark.usefixtures("_said")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("", ["back:1", "due:2", "due:1"], id="everything"),
        pytest.param("7天", ["due:2", "due:1"], id="a subject"),
        pytest.param("张", ["back:1", "due:1"], id="a name"),
        pytest.param("LEADER", ["back:1", "due:2", "due:1"], id="a user name in any case"),
        pytest.param("请办理", [], id="never what the encrypted body says"),
    ],
)
def test_messages_are_found_by(words: str, expected: list[str]) -> None:
    assert causes(words) == expected


def test_a_text_to_a_number_without_an_account_is_listed_too() -> None:
    queue([text(cause="ballot:1", address="13900000001", subject="评价", body="链接")])
    assert causes("评价") == ["ballot:1"]
    assert str(Message.objects.get(cause="ballot:1")) == "text ballot:1"


@pytest.mark.usefixtures("_said")
def test_the_names_cost_no_query_of_their_own(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [message.to.name for message in everyones_messages() if message.to] == ["张三", "李四", "张三"]


def test_the_first_account_of_each_role_is_named_in_their_order() -> None:
    leader, _second = a_person(Role.LEADER), a_person(Role.LEADER)
    office = a_person(Role.OFFICE)
    order = [role for role in Role if role in (Role.OFFICE, Role.LEADER)]
    expected = {Role.OFFICE: office.username, Role.LEADER: leader.username}
    assert [sample.username for sample in one_of_each_role()] == [expected[role] for role in order]


def test_before_the_clock_moved_nothing_has_happened_since() -> None:
    assert list(happened_since_the_clock_moved()) == []


def test_what_the_system_did_since_the_clock_last_moved_is_told() -> None:
    office = a_person(Role.OFFICE)
    for days, why in ((1, "long ago"), (2, "lately")):
        with clock.travel(START + timedelta(days=days)):
            log(Verb.CLOCK_MOVED, "clock:1", by=office)
            log(Verb.EXCLUDED, "sheet:3", why=why)
            log(Verb.NUDGED, "sheet:3", by=office, why="a person")
    assert [event.why for event in happened_since_the_clock_moved()] == ["lately"]
