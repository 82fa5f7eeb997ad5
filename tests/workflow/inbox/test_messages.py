"""One's own messages, read and unread."""

import pytest
from django.urls import reverse

from accounts.models import Role, User
from outbox.models import Message
from outbox.services import mail, queue
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


def say(person: User, cause: str, subject: str = "一件事") -> Message:
    queue([mail(cause=cause, to=person, subject=subject, body="请办理。", path="/tasks/7/")])
    return Message.objects.get(cause=cause)


def test_a_message_is_unread_until_it_is_opened(person: User) -> None:
    message = say(person, "a")
    client = browser_of(person)
    assert client.get(reverse("messages")).context["unread"] == 1
    page = client.get(reverse("message", args=[message.pk])).content.decode()
    assert "请办理。" in page and "/tasks/7/" in page
    assert client.get(reverse("messages")).context["unread"] == 0


def test_all_of_mine_are_marked_as_read_and_nobody_elses(person: User) -> None:
    other = a_person(Role.LEADER)
    say(person, "a"), say(person, "b"), say(other, "c")
    browser_of(person).post(reverse("messages-read"))
    assert list(Message.objects.filter(read_at=None).values_list("cause", flat=True)) == ["c"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.OFFICE])
def test_another_persons_message_does_not_exist_for_me(person: User, role: Role) -> None:
    message = say(person, "a")
    client = browser_of(a_person(role))
    assert client.get(reverse("message", args=[message.pk])).status_code == 404
    assert not client.get(reverse("messages")).context["page"].object_list


@pytest.mark.parametrize("count", [2, 45])
def test_lists_take_a_fixed_number_of_queries(django_assert_max_num_queries, person: User, count: int) -> None:
    for number in range(count):
        say(person, f"cause:{number}")
    mine = browser_of(person)
    with django_assert_max_num_queries(9):
        mine.get(reverse("messages"))
