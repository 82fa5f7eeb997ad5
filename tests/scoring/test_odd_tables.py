"""Odd tables, days and second clicks in scoring: refused in words, done once, and no process dies of them."""

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, User
from audit.models import Event
from common import clock
from common.errors import DomainError
from common.tables.heads import TableRow
from scoring.models import IncidentKind, Record, RecordKind, ScoreSheet
from scoring.services.schemes import load_scheme
from scoring.services.units import Entrant, UnitsRead, add_units, change_unit, read_entrants, remove_units
from tests.support.clients import browser_of
from tests.support.pages import Visitor
from tests.support.single import keep_incident
from tests.support.world import World, a_cycle
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.review.services.records import log_record, withdraw_record

pytestmark = pytest.mark.django_db
LONG_MAIL = "a@" + ".".join(["b" * 60] * 4) + ".example.org"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1)


def row(world: World, *cells: str) -> UnitsRead:
    return read_entrants(cycle=world.cycle, rows=[TableRow(1, cells)])


# ---- units by table: scoring/services/units.py


def test_a_unit_s_name_that_becomes_a_person_s_fits_their_column(world: World) -> None:
    assert row(world, "c", "单位", "district", "f1", "名" * 61).problems
    assert row(world, "c", "单位", "district", "f1", "名", LONG_MAIL).problems


@pytest.mark.parametrize("name", ["Zhang", "ｚｈａｎｇ"])
def test_a_filer_s_name_in_other_letters_is_no_second_account(world: World, name: str) -> None:
    User.objects.create_user("zhang", name="张三")
    reading = row(world, "c", "单位", "district", name, "张三")
    if not reading.problems:
        add_units(cycle=world.cycle, entrants=reading.entrants, by=world.office)
    assert User.objects.filter(username__iexact="zhang").count() == 1


def test_a_user_name_of_somebody_else_gives_them_no_unit(world: World) -> None:
    User.objects.create_user("zhang", name="张三")
    assert row(world, "c", "单位", "district", "zhang", "李四").problems


@pytest.mark.parametrize("name", ["示例　学会", "示例\u00a0学会", "示例𲎰学会"])
def test_a_name_with_a_wide_space_or_a_rare_character_is_a_name(world: World, name: str) -> None:
    assert row(world, "c9", name, "district").problems == []


@pytest.mark.parametrize("cells", [("", "张三"), ("", "", "a@example.org")])
def test_a_filer_without_a_user_name_is_asked_for_one(world: World, cells: tuple[str, ...]) -> None:
    assert row(world, "c9", "单位", "district", *cells).problems


@pytest.mark.parametrize("field", ["issued", "deadline"])
@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_notice_of_another_century_is_a_slip_of_the_year(world: World, field: str, day: str) -> None:
    with pytest.raises(DomainError) as raised:
        load_scheme(world.cycle.scheme.body | {field: day}, source_name="a.txt", source=b"x")
    assert raised.value.field == field


def test_a_filer_s_name_is_one_line(world: World) -> None:
    assert row(world, "c9", "单位", "district", "f9", "张\n三").problems


def test_a_unit_s_code_is_one_line(world: World) -> None:
    assert row(world, "a\nb", "单位", "district").problems


def test_an_unclosed_quote_in_pasted_units_is_no_traceback(world: World) -> None:
    path = f"/cycles/{world.cycle.year}/units/import/"
    assert browser_of(world.office).post(path, {"rows": '"' + "a" * 140_000}).status_code == 200


def test_units_added_twice_are_refused_in_words(world: World) -> None:
    entrants = [Entrant("a", "甲", "district")]
    add_units(cycle=world.cycle, entrants=entrants, by=world.office)
    with pytest.raises(DomainError):
        add_units(cycle=world.cycle, entrants=entrants, by=world.office)


def test_units_taken_out_twice_are_told_once(world: World) -> None:
    sheets = list(ScoreSheet.objects.select_related("track"))
    remove_units(cycle=world.cycle, sheets=sheets, by=world.office)
    told = Event.objects.count()
    assert not remove_units(cycle=world.cycle, sheets=sheets, by=world.office).done
    assert Event.objects.count() == told


def test_one_s_own_unit_is_not_taken_out_and_the_others_go(world: World) -> None:
    own = world.cycle.sheets.get()
    entrants = [Entrant("a", "甲", "district"), Entrant("b", "乙", "district")]
    add_units(cycle=world.cycle, entrants=entrants, by=world.office)
    Membership.objects.create(user=world.office, role=Role.FILER, unit=own.unit, since=clock.now())
    dealt = remove_units(cycle=world.cycle, sheets=list(world.cycle.sheets.all()), by=world.office)
    assert ({sheet.unit_name for sheet in dealt.done}, [sheet for sheet, _why in dealt.refused]) == (
        {"甲", "乙"},
        [own],
    )
    assert list(world.cycle.sheets.all()) == [own]


def test_many_units_are_taken_out_with_as_many_statements_as_one(world: World) -> None:
    def statements(sheets: list[ScoreSheet]) -> int:
        with CaptureQueriesContext(connection) as asked:
            remove_units(cycle=world.cycle, sheets=sheets, by=world.office)
        return len(asked)

    one = statements([world.cycle.sheets.get()])
    add_units(cycle=world.cycle, entrants=[Entrant(code, code, "district") for code in "abc"], by=world.office)
    assert statements(list(world.cycle.sheets.all())) == one


def test_a_change_of_nothing_is_not_told(world: World) -> None:
    sheet, told = ScoreSheet.objects.get(), Event.objects.count()
    change_unit(sheet=sheet, name=sheet.unit_name, track=sheet.track, by=world.office)
    assert Event.objects.count() == told


# ---- records and incidents


def test_a_record_withdrawn_through_two_open_pages_keeps_its_first_reason(world: World) -> None:
    with world.opened().clock():
        log_record(
            cycle=world.cycle,
            unit=ScoreSheet.objects.get().unit,
            department=None,
            kind=RecordKind.NOTE,
            text="t",
            happened_on=date(2026, 11, 1),
            by=world.office,
        )
        first, second = Record.objects.get(), Record.objects.get()
        withdraw_record(record=first, why="一", by=world.office)
        withdraw_record(record=second, why="二", by=world.office)
    assert Record.objects.get().withdrawn_why == "一"
    assert Event.objects.filter(verb="record.withdrawn").count() == 1


def test_an_incident_s_document_shows_no_folder(world: World) -> None:
    document: Any = ContentFile(b"x", name="C:\\内部\\a.pdf")
    decision = Decision(kind=IncidentKind.SAFETY, consequence=Consequence.FIRST, reason="r", document=document)
    assert keep_incident(sheet=ScoreSheet.objects.get(), decision=decision, by=world.office).document_name == "a.pdf"


# ---- notices


def test_a_notice_s_file_name_and_title_fit_their_columns(world: World) -> None:
    body = world.cycle.scheme.body
    assert len(load_scheme(body, source_name="通" * 240 + ".txt", source=b"x").source_name) <= 200
    assert len(load_scheme(body | {"title": "长" * 250}, source_name="a.txt", source=b"x").cycle.title) <= 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_an_impossible_deadline_is_refused_and_breaks_no_page(world: World, day: str) -> None:
    visitor, path = Visitor(world, world.office), "/schemes/2026/correct/"
    form = visitor.get(path).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert visitor.post(path, data | {"deadline": day, "why": "w"}).status_code < 500
    assert visitor.get("/cycles/2026/settings/").status_code == 200


def test_a_nul_in_an_address_is_refused(world: World) -> None:
    assert browser_of(world.office).get("/cycles/2026/settings/a%00/").status_code == 400
