"""Ballots on paper and issued anew: what was given out before opens nothing, what was used stays (R8)."""

import pytest

from accounts.models import Membership, Role
from audit.verbs import Verb
from outbox.delivery import send_due
from outbox.models import Message
from scoring.models import Ballot, Draw
from tests.support.ballots import Recipient, a_drawn_world, a_token
from tests.support.traces import last_event, refused
from tests.support.world import World
from workflow.rating.services.slips import Slip, print_slips, reissue_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_drawn_world()


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The last text to each phone."""
    sent: dict[str, str] = {}
    monkeypatch.setattr("outbox.carriers.send_text", sent.__setitem__)
    return sent


def sent_to(carried: dict[str, str], ballot: Ballot) -> str:
    person = ballot.draw.sheet.roster.get(opaque_id=ballot.opaque_id)
    return carried[person.phone].splitlines()[-1]


def printed(world: World, *ballots: Ballot) -> list[Slip]:
    with world.clock():
        return print_slips(draw=Draw.objects.get(), ballots=[ballot.pk for ballot in ballots], by=world.office)


def reissued(world: World, ballot: Ballot, why: str = "手机丢失") -> Ballot:
    with world.clock():
        return reissue_ballot(ballot=ballot, why=why, by=world.office)


def opens(world: World, token: str) -> bool:
    return bool(Recipient(world).opens(token).status_code == 200)


# ---- on paper ----


def test_a_slip_opens_its_ballot_and_ends_the_link_before(world: World, carried: dict[str, str]) -> None:
    first, second, _third = Ballot.objects.all()
    with world.clock():
        send_due()
    link = sent_to(carried, first)
    assert opens(world, link)
    [slip] = printed(world, first)
    assert slip.opaque_id == first.opaque_id
    assert opens(world, slip.token) and not opens(world, link)
    assert opens(world, sent_to(carried, second))
    [again] = printed(world, first)
    assert opens(world, again.token) and not opens(world, slip.token)


def test_who_holds_paper_gets_no_link_any_more(world: World, carried: dict[str, str]) -> None:
    first, *_others = Ballot.objects.all()
    [slip] = printed(world, first)
    assert Message.objects.get(cause=f"ballot:{first.pk}:letter").withdrawn_at
    Message.objects.filter(minting=f"ballot:{first.pk}").update(withdrawn_at=None)  # one that was on its way
    with world.clock():
        send_due()
    assert len(carried) == 2 and opens(world, slip.token)


def test_printing_is_on_record_by_ids_without_a_code(world: World) -> None:
    slips = printed(world, *Ballot.objects.all())
    event = last_event(Verb.SLIPS_PRINTED)
    assert event.data == {"ids": sorted(slip.opaque_id for slip in slips)} and event.actor == world.office
    assert not any(slip.token in f"{event.data}{slips!r}" for slip in slips)


def test_what_was_used_or_revoked_is_not_printed(world: World) -> None:
    first, second, third = Ballot.objects.all()
    Recipient(world).hands_in(a_token(first), value="80")
    reissued(world, second)
    assert [slip.opaque_id for slip in printed(world, first, second, third)] == [third.opaque_id]
    refused(lambda: printed(world, first, second))
    assert Ballot.objects.get(pk=first.pk).spent


# ---- issued anew ----


def test_a_lost_link_is_dead_and_its_person_gets_another(world: World, carried: dict[str, str]) -> None:
    ballot = Ballot.objects.earliest("pk")
    with world.clock():
        send_due()
    lost = sent_to(carried, ballot)
    fresh = reissued(world, ballot)
    assert not opens(world, lost)
    with world.clock():
        send_due()
    assert opens(world, sent_to(carried, fresh))
    assert (fresh.opaque_id, Ballot.objects.get(pk=ballot.pk).token_sha256) == (ballot.opaque_id, None)
    event = last_event(Verb.BALLOT_REISSUED)
    assert (event.why, event.data, event.actor) == ("手机丢失", {"id": ballot.opaque_id}, world.office)


def test_a_letter_that_was_not_sent_yet_gives_way_to_the_new_one(world: World, carried: dict[str, str]) -> None:
    ballot = Ballot.objects.earliest("pk")
    fresh = reissued(world, ballot)
    with world.clock():
        send_due()
    assert len(carried) == 3 and opens(world, sent_to(carried, fresh))


def test_what_was_used_cannot_be_issued_anew(world: World) -> None:
    ballot = Ballot.objects.earliest("pk")
    token = a_token(ballot)
    Recipient(world).hands_in(token, value="80")
    refused(lambda: reissued(world, ballot))
    assert opens(world, token)


def test_a_revoked_one_is_not_revoked_again_and_a_reason_is_wanted(world: World) -> None:
    ballot = Ballot.objects.earliest("pk")
    refused(lambda: reissued(world, ballot, " "), field="why")
    reissued(world, ballot)
    refused(lambda: reissued(world, ballot))
    assert Ballot.objects.filter(opaque_id=ballot.opaque_id, revoked_at=None).count() == 1


def test_nobody_prints_or_issues_ballots_about_their_own_unit(world: World) -> None:
    ballot = Ballot.objects.earliest("pk")
    Membership.objects.create(user=world.office, role=Role.FILER, unit=ballot.draw.sheet.unit, since=world.at)
    refused(lambda: printed(world, ballot))
    refused(lambda: reissued(world, ballot))


def test_once_rating_is_over_nothing_is_printed_or_issued(world: World) -> None:
    ballot = Ballot.objects.earliest("pk")
    assessment = world.assessments[0]
    world.task(assessment, "recipient_rating")
    type(world.task(assessment, "recipient_rating")).objects.filter(process=assessment).update(status="DONE")
    refused(lambda: printed(world, ballot))
    refused(lambda: reissued(world, ballot))
