"""What the scoring room does is done once and told once: from what, to what, why, and nothing when nothing changed."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.models import Department, Role, Unit
from audit.models import Event
from common.errors import DomainError
from scoring.models import (
    Ballot,
    Cycle,
    Draw,
    Finding,
    FindingSeverity,
    IncidentKind,
    Scheme,
    ScoreSheet,
    Track,
)
from scoring.services.corrections import Correction, change_scheme, confirm_findings
from scoring.services.cycles import set_options, set_responsibilities
from scoring.services.schemes import load_scheme
from scoring.services.units import change_unit, remove_units
from tests.support.schemes import a_body
from tests.support.single import keep_incident
from tests.support.world import World, a_cycle, a_person
from workflow.consolidation.services.incidents import Consequence, Decision, take_back_incident
from workflow.rating.services.ballots import issue_ballots, mint

pytestmark = pytest.mark.django_db
DOUBT = {"code": "implied-points", "severity": "confirm", "track": "district", "at": "2", "message": "按满分补足 40 分"}


@pytest.fixture
def world() -> World:
    return a_cycle(findings=[DOUBT, DOUBT | {"at": "1"}]).with_units(2)


@pytest.fixture
def opened() -> World:
    return a_cycle().with_units(1).opened()


def told(verb: str) -> list[Event]:
    return list(Event.objects.filter(verb=verb).order_by("pk"))


def scheme_of(world: World) -> Scheme:
    return Scheme.objects.select_related("cycle").get(cycle=world.cycle)


def correct(world: World, value: str, *, seen: str = "", why: str = "笔误") -> Scheme:
    change = Correction(path=("tracks", 0, "bonus_cap"), label="加分上限", value=value)
    scheme = scheme_of(world)
    return change_scheme(scheme=scheme, corrections=[change], by=world.office, why=why, seen=seen or scheme.sha256)


def test_a_correction_is_told_with_both_values_and_both_seals(world: World) -> None:
    before = scheme_of(world).sha256
    after = correct(world, "8")
    (event,) = told("scheme.changed")
    assert (event.came_from, event.went_to, event.why) == (before, after.sha256, "笔误")
    assert event.data["changes"] == [{"what": "加分上限", "from": "10", "to": "8"}]
    assert (event.actor, event.cycle, event.subject) == (world.office, "2026", "cycle:2026")


def test_a_correction_sent_twice_is_made_once(world: World) -> None:
    before = scheme_of(world).sha256
    correct(world, "8", seen=before)
    with pytest.raises(DomainError):
        correct(world, "7", seen=before)
    assert len(told("scheme.changed")) == 1
    assert scheme_of(world).body["tracks"][0]["bonus_cap"] == "8"


def test_a_value_put_back_gives_the_first_seal_again(world: World) -> None:
    before = correct(world, "9").sha256
    correct(world, "8")
    assert correct(world, "9").sha256 == before


@pytest.mark.parametrize("value", ["-1", "x", ""])
def test_a_value_that_makes_no_scheme_leaves_scheme_findings_and_record_alone(world: World, value: str) -> None:
    before = (scheme_of(world).sha256, scheme_of(world).body, Finding.objects.count(), Event.objects.count())
    with pytest.raises(DomainError):
        correct(world, value)
    assert (scheme_of(world).sha256, scheme_of(world).body, Finding.objects.count(), Event.objects.count()) == before


def test_findings_are_confirmed_once_by_the_first_with_their_reason(world: World) -> None:
    ids = list(Finding.objects.order_by("pk").values_list("pk", flat=True))
    colleague = a_person(Role.OFFICE)
    assert confirm_findings(scheme=scheme_of(world), ids=ids[:1], by=world.office, reason="先") == 1
    assert confirm_findings(scheme=scheme_of(world), ids=ids, by=colleague, reason="后") == 1
    assert confirm_findings(scheme=scheme_of(world), ids=ids, by=colleague, reason="再") == 0
    assert list(Finding.objects.order_by("pk").values_list("settled_by", "reason")) == [
        (world.office.pk, "先"),
        (colleague.pk, "后"),
    ]
    assert [event.why for event in told("finding.settled")] == ["先", "后"]


def test_a_doubt_that_is_confirmed_does_not_change_the_seal(world: World) -> None:
    before = scheme_of(world).sha256
    confirm_findings(scheme=scheme_of(world), ids=[Finding.objects.all()[0].pk], by=world.office)
    (event,) = told("finding.settled")
    assert event.came_from == event.went_to == scheme_of(world).sha256 == before


def test_an_error_beside_a_doubt_keeps_both_open_when_it_has_no_reason(world: World) -> None:
    Finding.objects.filter(at="1").update(severity=FindingSeverity.ERROR, code="unread")
    with pytest.raises(DomainError) as raised:
        confirm_findings(
            scheme=scheme_of(world), ids=list(Finding.objects.values_list("pk", flat=True)), by=world.office, reason=" "
        )
    assert raised.value.field == "reason"
    assert not Finding.objects.exclude(settled_at=None).exists()


def test_a_notice_loaded_again_is_told_with_the_seal_that_it_replaces(world: World) -> None:
    first = scheme_of(world).sha256
    second = load_scheme(a_body(title="改过的标题"), source_name="b.txt", source=b"b", by=world.office)
    event = told("scheme.loaded")[-1]
    assert (event.came_from, event.went_to, event.data["file"]) == (first, second.sha256, "b.txt")
    assert Scheme.objects.filter(cycle=world.cycle).count() == 1
    assert ScoreSheet.objects.count() == 2, "the units that were listed stay"


def test_an_option_is_told_with_what_it_was(world: World) -> None:
    set_options(
        cycle=world.cycle, count_first_day=True, quotas={"district": {"特等": 3}, "society": {}}, by=world.office
    )
    set_options(cycle=world.cycle, count_first_day=True, quotas={"district": {"特等": 3}}, by=world.office)
    (event,) = told("cycle.changed")
    assert event.data == {"count_first_day": [False, True], "quotas": [{}, {"district": {"特等": 3}}]}


def test_who_answers_anew_is_told_with_who_did_before(world: World) -> None:
    track = Track.objects.select_related("desk").get(cycle=world.cycle, code="district")
    other = Department.objects.create(code="kp", name="科普部")
    assert track.desk is not None
    for _time in range(2):
        set_responsibilities(track=track, desk=track.desk, answers={"1.1": other, "D1": other}, by=world.office)
    (event,) = told("cycle.changed")
    assert event.data["answers"] == {"1.1": [track.desk.name, "科普部"], "D1": [track.desk.name, "科普部"]}


def test_another_name_and_track_of_a_unit_are_told_with_both(world: World) -> None:
    sheet = ScoreSheet.objects.select_related("track", "cycle").all()[0]
    before, society = sheet.unit_name, Track.objects.get(cycle=world.cycle, code="society")
    change_unit(sheet=sheet, name="新名", track=society, by=world.office)
    (event,) = told("unit.changed")
    assert (event.came_from, event.went_to) == (f"{before} district", "新名 society")
    assert event.subject == f"unit:{sheet.unit_id}"


def test_units_taken_out_are_told_and_stay_known(world: World) -> None:
    sheets = list(ScoreSheet.objects.select_related("track"))
    units = {f"unit:{sheet.unit_id}" for sheet in sheets}
    assert len(remove_units(cycle=world.cycle, sheets=sheets, by=world.office).done) == 2
    assert {(event.subject, event.came_from, event.went_to) for event in told("unit.changed")} == {
        (unit, "district", "") for unit in units
    }
    assert Unit.objects.count() == 2 and not ScoreSheet.objects.exists()


def a_decision(weight: Consequence) -> Decision:
    document: Any = ContentFile(b"%PDF-1.4 made up", name="决定/处理决定.pdf")
    return Decision(kind=IncidentKind.SAFETY, consequence=weight, reason="重大安全事故", document=document)


@pytest.mark.parametrize(
    ("weight", "bars", "not_assessed"),
    [
        (Consequence.FIRST, ["特等"], False),
        (Consequence.FIRST_TWO, ["特等", "一等"], False),
        (Consequence.NOT_ASSESSED, [], True),
    ],
)
def test_a_decision_on_an_incident_is_told_with_its_weight_and_taken_back_once(
    opened: World, weight: Consequence, bars: list[str], not_assessed: bool
) -> None:
    sheet = opened.assessments[0].sheet
    incident = keep_incident(sheet=sheet, decision=a_decision(weight), by=opened.office)
    assert (incident.bars, incident.not_assessed, incident.document_name) == (bars, not_assessed, "处理决定.pdf")
    for why in ("查无实据", "又一次"):
        take_back_incident(incident=incident, why=why, by=opened.office)
    assert [event.why for event in told("incident.decided") + told("incident.withdrawn")] == [
        "重大安全事故",
        "查无实据",
    ]
    assert told("incident.decided")[0].data == {"bars": bars, "not_assessed": not_assessed}
    incident.refresh_from_db()
    assert incident.document.read() == b"%PDF-1.4 made up", "what was decided on stays readable"


def a_draw(opened: World) -> Draw:
    return Draw.objects.create(
        sheet=opened.assessments[0].sheet,
        size=3,
        seed="0" * 64,
        roster_sha256="0" * 64,
        public_roster="",
        drawn=["a", "b", "c"],
        reserves=[],
        drawn_by=opened.office,
    )


def test_nobody_has_two_ballots_of_a_draw_and_no_secret_is_kept(opened: World) -> None:
    draw = a_draw(opened)
    issued = issue_ballots(draw, draw.drawn)
    tokens = [mint(ballot) for ballot in issued]
    with pytest.raises(DomainError):
        issue_ballots(draw, ["a"])
    kept = str(list(Ballot.objects.values()) + list(Event.objects.values()))
    assert not any(token in kept for token in tokens)


def test_a_closed_cycle_takes_no_other_options(world: World) -> None:
    Cycle.objects.update(opened_at=world.at, closed_at=world.at)
    with pytest.raises(DomainError):
        set_options(cycle=world.cycle, count_first_day=True, quotas={}, by=world.office)
    assert not told("cycle.changed")
