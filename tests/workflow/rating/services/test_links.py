"""A ballot's link is made as its message is sent: to the mail address or phone of the roster; it opens the ballot."""

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from common.narrow import known
from documents.models import RosterEntry
from outbox.delivery import send_due
from outbox.models import Message
from scoring.models import Ballot
from tests.support.ballots import Recipient, a_drawn_world
from tests.support.drawings import drawn
from tests.support.world import a_cycle
from workflow.rating.services.reminders import morning_of, remind_recipients

pytestmark = pytest.mark.django_db


def test_each_person_drawn_gets_a_link_of_their_own_that_opens_their_ballot(monkeypatch: pytest.MonkeyPatch) -> None:
    carried: dict[str, str] = {}
    monkeypatch.setattr("outbox.carriers.send_text", carried.__setitem__)
    world = a_drawn_world()
    with world.clock():
        send_due()
    assert len(carried) == 3
    people = {person.phone: person.opaque_id for person in RosterEntry.objects.all()}
    for phone, words in carried.items():
        link = words.splitlines()[-1]
        assert link.startswith(f"{settings.BASE_URL}/ballot/#")
        assert Recipient(world).opens(link).context["ballot"].opaque_id == people[phone]
    assert {message.address for message in Message.objects.filter(minting__startswith="ballot:")} == {""}
    assert Ballot.objects.exclude(token_sha256=None).count() == 3


def test_whoever_has_a_mail_address_gets_link_and_reminder_by_mail_and_the_address_is_in_no_message(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    texts: list[str] = []
    monkeypatch.setattr("outbox.carriers.send_text", lambda phone, _words: texts.append(phone))
    world = a_cycle().with_units(1).accepted()
    RosterEntry.objects.update(mail="drawn@example.org")
    drawn(world)
    with world.clock(known(world.cycle.ratings_open_at)):
        send_due()
    sent = [letter for letter in mailoutbox if letter.to == ["drawn@example.org"]]
    assert (len(sent), texts) == (3, [])
    assert all("/ballot/#" in str(letter.body) for letter in sent)
    messages = Message.objects.filter(minting__startswith="ballot:")
    assert {(message.channel, message.address, message.to) for message in messages} == {("mail", "", None)}
    mailoutbox.clear()
    with world.clock(morning_of(known(world.cycle.ratings_close_at))):
        remind_recipients()
        send_due()
    assert [letter.to for letter in mailoutbox if "/ballot/#" in str(letter.body)] == [["drawn@example.org"]] * 3
    assert texts == []
