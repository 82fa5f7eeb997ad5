"""What the scoring room refuses, and what it does at its edges, through its services."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from accounts.models import Unit
from common.errors import DomainError
from common.tables.heads import TableRow
from scoring.engine.scheme import scheme_sha256
from scoring.models import Cycle, Finding, FindingSeverity, IncidentKind, Record, RecordKind, Scheme, ScoreSheet, Track
from scoring.services.corrections import change_scheme, confirm_findings
from scoring.services.cycles import default_plan, set_options, set_responsibilities
from scoring.services.rolling import drop_draft
from scoring.services.schemes import import_notice, load_scheme, short_title
from scoring.services.units import add_units, read_entrants
from tests.support.schemes import a_body
from tests.support.single import keep_incident
from tests.support.world import World, a_cycle
from workflow.consolidation.services.incidents import Consequence, Decision, take_back_incident
from workflow.review.services.records import log_record, withdraw_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).with_units(1, "society")


def at_field(raised: pytest.ExceptionInfo[DomainError]) -> str | None:
    return raised.value.field


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("关于开展2020年度科协工作考核的通知", "2020年度科协工作考核"),
        ("关于做好2023年度区县科协考核工作的通知", "2023年度区县科协考核"),
        ("2024年度学会考核方案", "2024年度学会考核方案"),
    ],
)
def test_a_cycle_is_called_by_what_its_notice_is_about(title: str, called: str) -> None:
    assert short_title(title) == called


def test_a_notice_without_a_year_is_asked_for_one(world: World) -> None:
    text = "关于科协考核的通知\n\n测试市科协\n\n附件1\n市级学会考核表\n\n\t指标说明\n\n\t1.活动（100分）\n".encode()
    with pytest.raises(DomainError) as raised:
        import_notice(name="n.txt", content=text, by=world.office)
    assert at_field(raised) == "year"
    scheme = import_notice(name="n.txt", content=text, by=world.office, year=2031)
    assert scheme.cycle.year == 2031
    assert not scheme.findings.filter(code="missing", severity="error").exists()


def test_a_file_that_is_no_notice_says_so_at_the_field(world: World) -> None:
    with pytest.raises(DomainError) as raised:
        import_notice(name="n.docx", content=b"\x89PNG", by=world.office)
    assert at_field(raised) == "notice"


def test_a_draft_whose_track_has_units_is_not_replaced_by_a_notice_without_it(world: World) -> None:
    body = a_body()
    body["tracks"] = body["tracks"][:1]
    with pytest.raises(DomainError) as raised:
        load_scheme(body, source_name="n.txt", source=b"n", by=world.office)
    assert at_field(raised) == "notice"
    ScoreSheet.objects.filter(track__code="society").delete()
    load_scheme(body, source_name="n.txt", source=b"n", by=world.office)
    assert not Track.objects.filter(code="society").exists()


def test_an_open_cycle_keeps_its_scheme(world: World) -> None:
    world.opened()
    with pytest.raises(DomainError):
        load_scheme(a_body(), source_name="n.txt", source=b"n", by=world.office)
    with pytest.raises(DomainError):
        confirm_findings(scheme=Scheme.objects.get(), ids=[], by=world.office)


def test_a_notice_of_an_open_year_names_another_assessment(world: World) -> None:
    world.opened()
    text = "关于开展2026年度科协考核的通知\n\n测试市科协\n\n附件1\n市级学会考核表\n\n\t指标说明\n\n\t1.活动（100分）\n"
    with pytest.raises(DomainError) as raised:
        import_notice(name="n.txt", content=text.encode(), by=world.office)
    assert at_field(raised) == "word"
    assert import_notice(name="n.txt", content=text.encode(), by=world.office, word="学会").cycle.slug == "2026-学会"


def test_a_draft_that_was_deleted_meanwhile_is_changed_no_more(world: World) -> None:
    other = a_cycle(year=2025)
    cycle, scheme = other.cycle, Scheme.objects.get(cycle=other.cycle)
    drop_draft(cycle=Cycle.objects.get(pk=cycle.pk), by=world.office, why="重复")
    with pytest.raises(DomainError):
        change_scheme(scheme=scheme, corrections=[], by=world.office, why="核对", seen=scheme.sha256)
    with pytest.raises(DomainError):
        add_units(cycle=cycle, entrants=[], by=world.office)


def test_an_error_is_confirmed_only_with_a_reason_and_only_where_the_values_are_right(world: World) -> None:
    scheme = world.cycle.scheme
    unread = Finding.objects.create(scheme=scheme, code="unread", severity=FindingSeverity.ERROR, message="“若干分”")
    scheme.body["findings"] = [
        {"code": "unread", "severity": "error", "track": None, "at": None, "message": "“若干分”"}
    ]
    scheme.save()
    with pytest.raises(DomainError) as raised:
        confirm_findings(scheme=scheme, ids=[unread.pk], by=world.office)
    assert at_field(raised) == "reason"
    kept = dict(scheme.body)
    assert confirm_findings(scheme=scheme, ids=[unread.pk], by=world.office, reason="与分值无关") == 1
    again = Scheme.objects.get(pk=scheme.pk)
    assert again.body == kept | {"findings": []}
    assert again.sha256 == scheme_sha256(again.body)
    assert confirm_findings(scheme=scheme, ids=[unread.pk], by=world.office, reason="再次") == 0


def test_a_correction_needs_a_reason(world: World) -> None:
    scheme = world.cycle.scheme
    with pytest.raises(DomainError) as raised:
        change_scheme(scheme=scheme, corrections=[], by=world.office, why=" ", seen=scheme.sha256)
    assert at_field(raised) == "why"


def test_a_cycle_without_a_deadline_has_no_plan_and_a_closed_one_no_options(world: World) -> None:
    world.cycle.deadline_at = None
    assert default_plan(world.cycle) == ({}, True)
    world.cycle.refresh_from_db()
    world.cycle.closed_at = world.at
    world.cycle.save()
    with pytest.raises(DomainError):
        set_options(cycle=world.cycle, count_first_day=True, quotas={}, by=world.office)


@pytest.mark.parametrize("contact", ["张三\u202e 010", "张三\n010"])
def test_whom_units_may_ask_reads_as_it_is_kept(world: World, contact: str) -> None:
    with pytest.raises(DomainError) as raised:
        set_options(cycle=world.cycle, count_first_day=True, quotas={}, contact=contact, by=world.office)
    assert at_field(raised) == "contact"


def test_another_desk_takes_over_what_nobody_else_answers_for(world: World) -> None:
    track = world.cycle.tracks.get(code="district")
    desk = world.desks["society"]
    assert desk is not None
    set_responsibilities(track=track, desk=desk, answers={}, by=world.office)
    track.refresh_from_db()
    assert track.desk == desk
    assert set(track.responsibilities.values_list("department", flat=True)) == {desk.pk}


def decision(reason: str = "通报") -> Decision:
    file = ContentFile(b"decided", name="d.pdf")
    return Decision(kind=IncidentKind.SAFETY, consequence=Consequence.FIRST_TWO, reason=reason, document=file)


def test_incidents_at_their_edges(world: World) -> None:
    district, society = ScoreSheet.objects.order_by("track__position")
    with pytest.raises(DomainError):
        keep_incident(sheet=society, decision=decision(), by=world.office)
    with pytest.raises(DomainError) as raised:
        keep_incident(sheet=district, decision=decision(" "), by=world.office)
    assert at_field(raised) == "reason"
    incident = keep_incident(sheet=district, decision=decision(), by=world.office)
    assert (incident.bars, incident.not_assessed) == (["特等", "一等"], False)
    with pytest.raises(DomainError) as raised:
        take_back_incident(incident=incident, why="", by=world.office)
    assert at_field(raised) == "why"
    take_back_incident(incident=incident, why="误判", by=world.office)
    taken = incident.withdrawn_at
    take_back_incident(incident=incident, why="又一次", by=world.office)
    assert (incident.withdrawn_at, incident.withdrawn_why) == (taken, "误判")


def log(world: World, unit: Unit, kind: RecordKind, code: str) -> Record:
    with world.clock():
        return log_record(
            cycle=world.cycle,
            unit=unit,
            department=world.desks["district"],
            kind=kind,
            code=code,
            text="示例",
            happened_on=date(2026, 11, 1),
            by=world.reviewers["district"],
        )


def test_records_at_their_edges(world: World) -> None:
    unit = ScoreSheet.objects.order_by("track__position")[0].unit
    stranger = Unit.objects.create(code="x1", name="未参加单位")
    for who, kind, code, field in (
        (stranger, RecordKind.BONUS, "B1.1", "unit"),
        (unit, RecordKind.BONUS, "D1.1", "code"),
        (unit, RecordKind.DEDUCTION, "D9.9", "code"),
    ):
        with pytest.raises(DomainError) as raised:
            log(world, who, kind, code)
        assert at_field(raised) == field
    row = log(world, unit, RecordKind.NOTE, "D1.1")
    assert row.code == "", "a note belongs to no rule"
    with pytest.raises(DomainError):
        withdraw_record(record=row, why=" ", by=world.office)
    withdraw_record(record=row, why="重复登记", by=world.office)
    withdraw_record(record=row, why="又一次", by=world.office)
    assert row.withdrawn_why == "重复登记"


def test_a_row_that_is_too_long_is_named_and_a_filer_of_two_units_is_one_person(world: World) -> None:
    reading = read_entrants(cycle=world.cycle, rows=[TableRow(1, ("c" * 41, "单位", "district"))])
    assert reading.problems
    rows = [
        TableRow(1, ("n1", "新单位一", "district", "both", "同一人")),
        TableRow(2, ("n2", "新单位二", "society", "both", "同一人")),
    ]
    entrants = read_entrants(cycle=world.cycle, rows=rows).entrants
    assert add_units(cycle=world.cycle, entrants=entrants, by=world.office) == 2
    assert ScoreSheet.objects.filter(unit__memberships__user__username="both").count() == 2


def test_the_result_of_an_empty_sheet_is_nothing_and_open(world: World) -> None:
    world.opened()
    sheet = ScoreSheet.objects.order_by("track__position")[0]
    assert (sheet.total, sheet.barred, sheet.explain) == (None, [], [])
    assert sheet.lines.filter(claimed=Decimal(0)).count() == 0
