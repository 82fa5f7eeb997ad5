"""The office sees what did not arrive, corrects the address and has it sent again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.urls import reverse

from accounts.models import Role, User
from audit.models import Event
from audit.verbs import Verb
from common import clock
from outbox.delivery import send_due
from outbox.models import Message, Reason
from outbox.queries import LONG, undelivered
from outbox.services import mail, queue
from tests.support.clients import browser_of
from tests.support.world import a_cycle, a_person

pytestmark = pytest.mark.django_db
URL = reverse("undelivered")


@pytest.fixture
def lost() -> User:
    """Somebody without an address, who was told something."""
    person = a_person(Role.LEADER, name="李四")
    User.objects.filter(pk=person.pk).update(email="")
    queue([mail(cause="lost", to=person, subject="一件事", body="请办理。")])
    send_due()
    return person


@pytest.fixture
def office() -> Any:
    return browser_of(a_person(Role.OFFICE))


@pytest.mark.parametrize(
    ("reason", "code", "why"),
    [
        (Reason.NO_ADDRESS, None, "无邮箱"),
        (Reason.REFUSED, 550, "被邮件服务器拒收（550）"),
        (Reason.MALFORMED, None, "地址格式有误"),
    ],
)
def test_the_pages_say_who_what_and_why(lost: User, office: Any, reason: str, code: int | None, why: str) -> None:
    Message.objects.update(reason=reason, reason_code=code)
    page = office.get(URL).content.decode()
    assert all(words in page for words in ("李四", "一件事", why, reverse("account", args=[lost.pk])))
    own = browser_of(lost).get(reverse("message", args=[Message.objects.get().pk])).content.decode()
    assert why in own


def test_why_something_waits_is_said_in_words_and_never_by_the_name_of_an_error(office: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    person = a_person(Role.LEADER)
    with clock.travel(clock.now() - LONG - timedelta(minutes=1)):
        queue([mail(cause="w", to=person, subject="s", body="b")])
        send_due()
    own = browser_of(person).get(reverse("message", args=[Message.objects.get().pk]))
    for page in (office.get(URL), own):
        assert "邮件服务器连接不上" in page.content.decode() and "Error" not in page.content.decode()


@pytest.mark.both
@pytest.mark.parametrize(("asked", "sent"), [("chosen", 1), ("all", 1), ("nobody", 0)])
def test_it_is_sent_again_once_the_address_is_right(lost: User, office: Any, asked: str, sent: int) -> None:
    User.objects.filter(pk=lost.pk).update(email="li@example.org")
    data = {"chosen": {"ids": [lost.pk]}, "all": {"all": "1"}, "nobody": {}}[asked]
    assert office.post(URL, data).status_code == 302
    assert send_due() == len(django_mail.outbox) == sent
    assert undelivered().count() == 1 - sent
    events = Event.objects.filter(verb=Verb.SENT_AGAIN)
    assert [event.data["messages"] for event in events] == [1] * sent


def test_what_is_out_of_date_is_shown_as_such_and_can_not_be_sent_again(lost: User, office: Any) -> None:
    Message.objects.update(true_until=clock.now())
    page = office.get(URL)
    assert page.context["undelivered"] == 0 and "已过时" in page.content.decode()
    assert 'name="ids"' not in page.content.decode() and 'name="all"' not in page.content.decode()
    world = a_cycle().with_units(1).opened()
    assert "消息未送达" not in browser_of(world.office).get(reverse("cycle", args=[2026])).content.decode()


def test_what_has_been_waiting_for_an_hour_is_said_too(office: Any) -> None:
    with clock.travel(clock.now() - LONG - timedelta(minutes=1)):
        queue([mail(cause="w", to=a_person(Role.LEADER), subject="s", body="b")])
    assert office.get(URL).context["held_up"] == 1


def test_the_page_of_the_cycle_leads_there(lost: User) -> None:
    world = a_cycle().with_units(1).opened()
    page = browser_of(world.office).get(reverse("cycle", args=[2026])).content.decode()
    assert "1 条消息未送达" in page and URL in page


def test_what_the_sweep_could_not_end_stands_on_the_page_of_the_cycle() -> None:
    world = a_cycle().with_units(1).opened()
    task = world.task(world.assessments[0], "self_evaluation")
    task.attempts, task.retry_at = 3, world.at + timedelta(minutes=8)
    task.save()
    with world.clock():
        page = browser_of(world.office).get(reverse("cycle", args=[2026]))
    assert page.context["attention"].stuck == [task]
    assert "到期未能自动办理的事项" in page.content.decode()
