"""A ballot's link is made as its text is sent: for the phone of the roster, and it opens the ballot."""

import pytest
from django.conf import settings

from documents.models import RosterEntry
from outbox.delivery import send_due
from outbox.models import Message
from scoring.models import Ballot
from tests.support.ballots import Recipient, a_drawn_world

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
