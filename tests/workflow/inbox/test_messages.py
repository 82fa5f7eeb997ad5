"""One's own messages, read and unread; in a demo the office sees everybody's."""

from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import Role, User
from outbox.delivery import send_due
from outbox.models import Message
from outbox.services import mail, queue, text
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


def test_another_persons_message_does_not_exist_for_me(person: User) -> None:
    message = say(a_person(Role.LEADER), "a")
    client = browser_of(person)
    assert client.get(reverse("message", args=[message.pk])).status_code == 404
    assert not client.get(reverse("messages")).context["page"].object_list


def test_in_a_demo_the_office_reads_everybodys_mail_without_marking_it(person: User) -> None:
    message = say(person, "a")
    client = browser_of(a_person(Role.OFFICE))
    assert client.get(reverse("demo-mail"), {"q": "李四"}).context["page"].object_list[0] == message
    assert "请办理。" in client.get(reverse("message", args=[message.pk])).content.decode()
    message.refresh_from_db()
    assert message.read_at is None


def test_in_a_demo_texts_are_shown_from_their_files(settings, tmp_path: Path) -> None:
    settings.MAIL_DIR, settings.TEXT_GATEWAY = tmp_path, "outbox.texts.to_file"
    queue([text(cause="t", address="13900000001", subject="评价", body="http://localhost/ballots/x/", secret=True)])
    send_due()
    client = browser_of(a_person(Role.OFFICE))
    page = client.get(reverse("demo-mail"), {"texts": "1"})
    assert 'href="http://localhost/ballots/x/"' in page.content.decode()
    assert not client.get(reverse("demo-mail"), {"texts": "1", "q": "nothing"}).context["page"].object_list


def test_outside_a_demo_nobody_reads_another_persons_mail(settings, person: User) -> None:
    message = say(person, "a")
    settings.DEMO = False
    client = browser_of(a_person(Role.OFFICE))
    assert client.get(reverse("message", args=[message.pk])).status_code == 404


@pytest.mark.parametrize("count", [2, 45])
def test_lists_take_a_fixed_number_of_queries(django_assert_max_num_queries, person: User, count: int) -> None:
    for number in range(count):
        say(person, f"cause:{number}")
    mine, office = browser_of(person), browser_of(a_person(Role.OFFICE))
    with django_assert_max_num_queries(9):
        mine.get(reverse("messages"))
    with django_assert_max_num_queries(9):
        office.get(reverse("demo-mail"))
