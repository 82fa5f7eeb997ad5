"""What keeps a version from being signed: what must stay, what was decided under it, what is past changing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common import clock
from common.errors import DomainError
from scoring.engine.edit import Edit, Place
from scoring.models import Drawing, Finding, Incident, Record, SchemeProposal
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.versions import FIRST_PART, SOCIETY, proposed, put, signed, submitted, worth
from tests.support.world import World, a_cycle
from workflow.office.services.sweep import sweep
from workflow.publicity.models import Publicity
from workflow.versions.queries.obstacles import what_keeps_back
from workflow.versions.services.proposing import propose_version, submit_version, withdraw_version
from workflow.versions.services.signing import sign_version

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BONUS = (*SOCIETY, "adjustments", 0)


def opened() -> World:
    return a_cycle().with_units(1, "society").with_units(1).opened()


def keeps(world: World, *edits: Edit) -> str:
    proposal = proposed(world, *edits)
    proposal.refresh_from_db()
    with world.clock():
        return "\n".join(what_keeps_back(proposal))


def test_a_version_that_says_the_same_is_none() -> None:
    assert "没有任何改动" in keeps(opened())


def test_an_error_of_the_numbers_keeps_it_back() -> None:
    assert "错误未更正" in keeps(opened(), put(FIRST_PART, points="8"))


def test_a_reading_left_open_is_confirmed_as_it_is_submitted() -> None:
    world = opened()
    proposal = proposed(world, *worth("30"))
    Finding.objects.create(
        scheme=proposal.scheme, code="judgement", severity="confirm", track="society", message="酌情"
    )
    with world.clock():
        submit_version(proposal=proposal, by=world.office, why="有误")
    assert proposal.scheme.findings.get().reason == "有误"


def test_what_was_settled_stays_settled() -> None:
    world = opened()
    settled = {"settled_at": world.at, "settled_by": world.office, "reason": "以附表为准"}
    Finding.objects.create(scheme=world.cycle.scheme, code="judgement", severity="confirm", message="酌情", **settled)
    assert proposed(world).scheme.findings.get().reason == "以附表为准"


@pytest.mark.parametrize(
    ("deadline", "at", "words"),
    [
        (None, None, "报送期限"),
        ("2026-11-30", None, "晚于现在"),
        ("2027-02-01", timedelta(days=60), "已过"),
    ],
)
def test_a_deadline_moves_only_ahead_of_now(deadline: str | None, at: timedelta | None, words: str) -> None:
    world = opened()
    world.at += at or timedelta()
    assert words in keeps(world, put((), deadline=deadline))


def test_a_cycle_without_a_deadline_keeps_having_none() -> None:
    world = opened()
    proposal = proposed(world, put((), deadline="2027-02-01"))
    proposal.cycle.deadline_at = None
    assert what_keeps_back(proposal) == []


def test_a_new_track_has_a_desk() -> None:
    assert "报送部室" in keeps(opened(), Edit((), add="tracks"))


def test_a_new_track_is_there_once_it_is_signed() -> None:
    world = opened()
    new = ("tracks", 2)
    signed(
        world,
        Edit((), add="tracks"),
        put(new, name="高校科协", desk="学会学术部"),
        Edit(new, add="indicators"),
        put((*new, "indicators", 0, "parts", 0), text="开展活动", points="100"),
    )
    assert world.cycle.tracks.count() == 3
    assert world.cycle.scheme.version == 2


@pytest.mark.parametrize(
    ("kind", "code", "place"),
    [
        ("bonus", "B1.1", BONUS),
        ("deduction", "1.2.2", (*SOCIETY, "indicators", 0, "parts", 1, "losses", 1)),
    ],
)
def test_facts_recorded_under_a_rule_or_a_loss_keep_it(kind: str, code: str, place: Place) -> None:
    world = opened()
    let_parts_be_of_every_kind(world)
    sheet = next(row.sheet for row in world.assessments if row.sheet.track.code == "society")
    Record.objects.create(
        cycle=world.cycle,
        unit=sheet.unit,
        kind=kind,
        code=code,
        text="表彰",
        happened_on=clock.today(),
        logged_by=world.office,
    )
    assert code in keeps(world, Edit(place, remove=True))


def test_a_veto_that_was_decided_stays() -> None:
    world = opened()
    with_veto = (Edit(SOCIETY, add="vetoes"), put((*SOCIETY, "vetoes", 0), text="弄虚作假"))
    signed(world, *with_veto)
    sheet = next(row.sheet for row in world.assessments if row.sheet.track.code == "society")
    Incident.objects.create(
        sheet=sheet, kind="discipline", veto="V1", reason="查实", decided_by=world.office, document_name="a.pdf"
    )
    assert "V1" in keeps(world, Edit((*SOCIETY, "vetoes", 0), remove=True))


def test_the_incident_rule_stays_once_an_incident_was_decided() -> None:
    world = opened()
    signed(world, put(SOCIETY, incident_rule=True))
    sheet = next(row.sheet for row in world.assessments if row.sheet.track.code == "society")
    decided = Incident.objects.create(
        sheet=sheet, kind="discipline", bars=["特等"], reason="查实", decided_by=world.office, document_name="a.pdf"
    )
    off = put(SOCIETY, incident_rule=False)
    assert "有事法则" in keeps(world, off)
    with world.clock():
        withdraw_version(proposal=SchemeProposal.objects.latest("pk"), by=world.office)
    Incident.objects.filter(pk=decided.pk).update(withdrawn_at=world.at)
    assert keeps(world, off) == ""


def test_the_sample_stays_once_a_drawing_was_opened() -> None:
    world = opened()
    Drawing.objects.create(
        cycle=world.cycle, number=1, lottery_issue="2026001", lottery_on=clock.today(), opened_by=world.office
    )
    assert "抽取" in keeps(world, put(("tracks", 0), recipients={"sample": 4, "categories": []}))


def test_only_a_cycle_that_runs_has_versions_and_one_at_a_time() -> None:
    world = opened()
    proposed(world)
    with pytest.raises(DomainError, match="已有一版"):
        propose_version(cycle=world.cycle, why="又", by=world.office)
    draft = a_cycle(year=2027, issued="2027-02-01", deadline="2027-12-31", number="x")
    with pytest.raises(DomainError, match="正在进行"):
        propose_version(cycle=draft.cycle, why="又", by=draft.office)


def test_what_is_given_up_or_submitted_is_not_submitted_again() -> None:
    world = opened()
    proposal = submitted(world, *worth("30"))
    with world.clock():
        with pytest.raises(DomainError, match="等待签署"):
            submit_version(proposal=proposal, by=world.office, why="有误")
        withdraw_version(proposal=proposal, by=world.office)
        with pytest.raises(DomainError, match="已经签署或者放弃"):
            withdraw_version(proposal=proposal, by=world.office)


def test_nothing_is_decided_once_the_cycle_is_closed() -> None:
    world = opened()
    proposal = submitted(world, *worth("30"))
    world.cycle.closed_at = world.at
    world.cycle.save()
    with world.clock(), pytest.raises(DomainError, match="已办结"):
        withdraw_version(proposal=proposal, by=world.office)


def test_what_was_done_meanwhile_is_asked_under_the_locks() -> None:
    world = a_cycle().with_units(1, "society").published()
    proposal = submitted(world, *worth("8"))
    world.at = Publicity.objects.get().ends_at + timedelta(minutes=1)
    with world.clock():
        sweep()
    with world.clock(), pytest.raises(DomainError, match="公示期满"):
        sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.chief)
    assert SchemeProposal.objects.get().is_waiting
    assert Decimal(8) == proposal.scheme.rules.track("society").part("1.1").points
