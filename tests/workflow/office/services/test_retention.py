"""Names and phones go when their time is over; commitments and draws stay verifiable (R17)."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext

from audit.models import Event
from audit.verbs import Verb
from documents.contents import Contents
from documents.models import RosterEntry
from documents.services.roster import masked
from scoring.engine.draw import roster_sha256
from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle
from workflow.office.services import retention
from workflow.office.services.retention import forget_all
from workflow.office.services.sweep import sweep
from workflow.publicity.models import Objection, Publicity

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=settings.PERSONAL_DATA_DAYS)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    """Two units with their rosters in a cycle that was just closed."""
    made = a_cycle().with_units(2).circulated()
    made.cycle.closed_at = made.at
    made.cycle.save()
    return made


def forget(world: World, after: timedelta = KEPT) -> bool:
    with world.clock(world.at + after):
        return forget_all(end=time.monotonic() + 60)


def named() -> list[str]:
    """Everything in the rosters that names somebody."""
    return [text for person in RosterEntry.every.all() for text in (person.name, person.phone, person.salt) if text]


def told() -> list[Event]:
    return list(Event.objects.filter(verb=Verb.PEOPLE_FORGOTTEN).order_by("pk"))


def an_objection(world: World, **changes: Any) -> Objection:
    values = {"kind": "person", "name": "王芳", "workplace": "某厂", "contact": "13900000000", "text": "有误"}
    publicity, sheet = Publicity.objects.first(), world.assessments[0].sheet
    receipt = f"r{Objection.objects.count()}"
    return Objection.objects.create(publicity=publicity, sheet=sheet, receipt=receipt, **values | changes)


def test_names_stay_until_their_time_is_over_and_are_gone_then(world: World) -> None:
    people = RosterEntry.every.count()
    assert people > 0
    forget(world, KEPT - MOMENT)
    assert len(named()) == 3 * people
    assert told() == []
    forget(world)
    assert named() == []
    [event] = told()
    assert (event.subject, event.actor, event.data) == (
        world.cycle.recorded_as,
        None,
        {"people": people, "objectors": 0},
    )
    assert str(people) in event.why


def test_nobody_is_forgotten_while_the_cycle_is_open() -> None:
    world = a_cycle().with_units(1).submitted()
    forget(world, 10 * KEPT)
    assert named()


def test_to_forget_twice_changes_nothing_and_says_nothing(world: World) -> None:
    forget(world)
    before = list(RosterEntry.every.values())
    forget(world, KEPT + MOMENT)
    assert list(RosterEntry.every.values()) == before
    assert len(told()) == 1


def test_a_fingerprint_finds_nobody_any_more_and_two_people_stay_apart(world: World) -> None:
    before = set(RosterEntry.every.values_list("fingerprint", flat=True))
    forget(world)
    after = list(RosterEntry.every.values_list("fingerprint", flat=True))
    assert before.isdisjoint(after)
    assert len(set(after)) == len(after)


def test_who_objected_is_forgotten_and_what_was_objected_stays(world: World) -> None:
    objection = an_objection(world, decision="dismissed", decided_at=world.at, answer="无误")
    forget(world)
    objection.refresh_from_db()
    assert (objection.name, objection.workplace, objection.contact) == ("", "", "")
    assert (objection.text, objection.answer) == ("有误", "无误")
    assert told()[0].data["objectors"] == 1


def test_an_open_objection_keeps_its_objector_until_as_long_after_its_decision(world: World) -> None:
    objection = an_objection(world)
    forget(world)
    objection.refresh_from_db()
    assert objection.name == "王芳"
    later = world.at + timedelta(days=30)
    Objection.objects.update(decision="refused", decided_at=later)
    forget(world, KEPT + timedelta(days=30) - MOMENT)
    objection.refresh_from_db()
    assert objection.name == "王芳"
    forget(world, KEPT + timedelta(days=30))
    objection.refresh_from_db()
    assert objection.name == ""
    assert [event.data["objectors"] for event in told()] == [0, 1]


def test_people_go_in_chunks_and_one_event_counts_them_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    people = RosterEntry.every.count()
    assert people % 2 == 0 and people > 4
    assert forget(world)
    assert [event.data["people"] for event in told()] == [people]


def test_what_a_sweep_that_ran_out_of_time_left_the_next_one_finishes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    people = RosterEntry.every.count()
    with world.clock(world.at + KEPT):
        assert forget_all(end=time.monotonic()) is False
        assert RosterEntry.every.filter(forgotten_at=None).count() == people - 2
        assert told() == []
        assert forget_all(end=time.monotonic() + 60) is True
    assert [event.data["people"] for event in told()] == [people]


def test_the_sweep_forgets(world: World) -> None:
    with world.clock(world.at + KEPT):
        sweep()
    assert named() == []


def test_public_rosters_and_draws_can_be_redone_as_before(world: World) -> None:
    sheet = ScoreSheet.objects.get(pk=world.assessments[0].sheet_id)
    rows = Contents(sheet).roster
    forget(world)
    sealed = [(opaque_id, digest) for opaque_id, digest in sheet.submissions.latest("number").body["roster"]]
    assert roster_sha256(sealed) == roster_sha256(rows)
    assert Contents(sheet).roster == rows, "what was made of them stays, with the salt gone nobody can tell of whom"


def test_a_forgotten_person_is_shown_as_such(world: World) -> None:
    forget(world)
    shown = masked(list(world.assessments[0].sheet.roster.all()))
    assert {(person.name, person.phone) for person in shown} == {(gettext("deleted"), gettext("deleted"))}


@pytest.mark.parametrize("units", [1, 3])
def test_nothing_to_forget_is_one_question_a_minute(units: int) -> None:
    world = a_cycle().with_units(units).submitted()
    with world.clock(), CaptureQueriesContext(connection) as asked:
        forget_all(end=time.monotonic() + 60)
    assert len(asked) == 1
