"""In a demo the office sees everybody's mails and texts, since they reach no mailbox and no phone."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Role, User
from outbox.delivery import send_due
from outbox.minting import Minted
from outbox.models import MINTED, Message
from outbox.services import mail, queue, text
from tests.support.clients import browser_of
from tests.support.minted import maker
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="李四")


def say(person: User, cause: str) -> Message:
    queue([mail(cause=cause, to=person, subject="一件事", body="请办理。", path="/tasks/7/")])
    return Message.objects.get(cause=cause)


def test_the_office_reads_everybodys_mail_without_marking_it(person: User) -> None:
    message = say(person, "a")
    client = browser_of(a_person(Role.OFFICE))
    assert reverse("demo-mail") in client.get(reverse("messages")).content.decode()
    assert client.get(reverse("demo-mail"), {"q": "李四"}).context["page"].object_list[0] == message
    page = client.get(reverse("demo-message", args=[message.pk])).content.decode()
    assert "请办理。" in page and "/tasks/7/" not in page
    message.refresh_from_db()
    assert message.read_at is None


def test_nobody_else_is_led_there(person: User) -> None:
    assert reverse("demo-mail") not in browser_of(person).get(reverse("messages")).content.decode()


def test_texts_are_shown_from_their_files(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path
    queue([text(cause="t", address="13900000001", subject="评价", body="http://localhost/ballot/#x")])
    send_due()
    client = browser_of(a_person(Role.OFFICE))
    page = client.get(reverse("demo-mail"), {"texts": "1"})
    assert 'href="http://localhost/ballot/#x"' in page.content.decode()
    assert not client.get(reverse("demo-mail"), {"texts": "1", "q": "nothing"}).context["page"].object_list


def test_a_link_that_only_the_mail_has_is_read_from_its_file_and_the_page_says_so(
    settings: Any, tmp_path: Path, person: User
) -> None:
    settings.MAIL_DIR, settings.EMAIL_BACKEND = tmp_path, "demo.mail_folder.EmailBackend"
    with maker("test", lambda _key: Minted(words="http://localhost/password/new/x/")):
        for cause in "ab":
            queue([mail(cause=cause, to=person, subject="链接", body=f"请打开 {MINTED} 。", minting="test:1")])
        page = reverse("demo-message", args=[Message.objects.get(cause="a").pk])
        client = browser_of(a_person(Role.OFFICE))
        assert "password/new" not in client.get(page).content.decode(), "it was not sent yet"
        send_due()
    said = client.get(page).content.decode()
    assert 'href="http://localhost/password/new/x/"' in said and "正式系统" in said


@pytest.mark.parametrize("count", [2, 45])
def test_the_list_takes_a_fixed_number_of_queries(django_assert_max_num_queries: Any, person: User, count: int) -> None:
    for number in range(count):
        say(person, f"cause:{number}")
    client = browser_of(a_person(Role.OFFICE))
    with django_assert_max_num_queries(9):
        client.get(reverse("demo-mail"))
