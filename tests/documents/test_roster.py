"""The roster's rules: categories, names, phones, doubles, waivers, masks, public side (R7, R8, R17)."""

import hashlib
import hmac

import pytest
from django.db import connection

from accounts.models import Role
from audit.models import Event
from common.errors import DomainError
from common.tables.heads import TableRow
from documents.contents import Contents
from documents.models import RosterEntry, RosterWaiver
from documents.services.roster import (
    RosterError,
    counts_by_category,
    mask_name,
    mask_phone,
    people_of,
    read_phone,
    replace_roster,
    waive_roster,
)
from scoring.engine.draw import roster_csv
from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle, a_person

CATEGORIES = ("科技志愿者", "基层“三长”")


def rows(*lines: tuple[str, ...]) -> list[TableRow]:
    return [TableRow(number=number, cells=cells) for number, cells in enumerate(lines, start=2)]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("13900000001", "13900000001"),
        ("139 0000 0001", "13900000001"),
        ("139-0000-0001", "13900000001"),
        ("+86 13900000001", "13900000001"),
        ("008613900000001", "13900000001"),
        ("13900000001.0", "13900000001"),
        ("023-68888888", "02368888888"),
        ("(010)68888888", "01068888888"),
        ("0755—8888888", "07558888888"),
    ],
)
def test_phones_are_read_as_people_write_them(typed: str, digits: str) -> None:
    assert read_phone(typed) == digits


@pytest.mark.parametrize(
    "typed", ["", "110", "12900000001", "1390000000", "139000000011", "68888888", "13900000001a", "１３９", "0-1"]
)
def test_what_is_no_phone_is_said_with_what_was_typed(typed: str) -> None:
    with pytest.raises(ValueError, match=r"“.*”"):
        read_phone(typed)


@pytest.mark.parametrize(
    ("cells", "category", "name"),
    [
        (("科技志愿者", "张三", "13900000001"), "科技志愿者", "张三"),
        (("基层三长", "张三", "13900000001"), "基层“三长”", "张三"),
        (('基层"三长"', "张　三", "１３９00000001"), "基层“三长”", "张三"),
        ((" 科技 志愿者 ", "Ann  Lee", "13900000001", ""), "科技志愿者", "Ann Lee"),
    ],
)
def test_categories_and_names_are_written_as_the_scheme_and_the_person_do(
    cells: tuple[str, ...], category: str, name: str
) -> None:
    (person,) = people_of(rows(cells), CATEGORIES)
    assert (person.category, person.name, person.phone) == (category, name, "13900000001")


def test_without_categories_in_the_scheme_any_is_taken() -> None:
    assert people_of(rows(("居民", "张三", "13900000001")), ())[0].category == "居民"


def test_every_wrong_row_is_named_by_the_number_that_people_see() -> None:
    with pytest.raises(RosterError) as problem:
        people_of(
            rows(
                ("科技志愿者", "张三", "13900000001"),
                ("没有的", "李四", "13900000002"),
                ("科技志愿者", "王五"),
                ("科技志愿者", "张 三", "139-0000-0001"),
                ("科技志愿者", "张三", "13900000009"),
            ),
            CATEGORIES,
        )
    problems = problem.value.problems
    assert len(problems) == 3
    assert all(number in wrong for number, wrong in zip("345", problems, strict=True))
    assert "2" in problems[2]
    assert problem.value.field == "rows"


def test_a_mail_address_is_one_and_nobody_elses() -> None:
    with pytest.raises(RosterError) as problem:
        people_of(
            rows(
                ("科技志愿者", "张三", "13900000001", "zhang@example.org"),
                ("科技志愿者", "李四", "13900000002", "Zhang@example.org"),
                ("科技志愿者", "王五", "13900000003", "wang@"),
            ),
            CATEGORIES,
        )
    doubled, misspelled = problem.value.problems
    assert "3" in doubled and "2" in doubled
    assert "4" in misspelled and "wang@" in misspelled


def test_other_words_where_a_mail_address_stands_are_told() -> None:
    with pytest.raises(RosterError) as problem:
        people_of(rows(("科技志愿者", "张三", "13900000001", "zhang.example.org")), CATEGORIES)
    assert "zhang.example.org" in problem.value.problems[0]


def test_no_rows_are_a_problem() -> None:
    with pytest.raises(RosterError):
        people_of([], CATEGORIES)


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳修远", "欧***"), ("李", "李*"), ("", "*"), ("Ann Lee", "A******")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_phones_are_masked() -> None:
    assert mask_phone("02368888888") == "023****8888"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).with_units(1, "society").opened()


def sheet_of(world: World, number: int = 0) -> ScoreSheet:
    sheet: ScoreSheet = world.assessments[number].sheet
    return sheet


def put(world: World, *lines: tuple[str, ...]) -> int:
    sheet = sheet_of(world)
    with world.clock():
        return replace_roster(sheet=sheet, rows=rows(*lines), by=world.filers[sheet.pk])


@pytest.mark.django_db
def test_a_new_roster_replaces_the_old_or_leaves_it_whole(world: World) -> None:
    assert put(world, ("科技志愿者", "张三", "13900000001"), ("基层三长", "李四", "13900000002")) == 2
    assert put(world, ("科技志愿者", "王五", "13900000003")) == 1
    with pytest.raises(RosterError):
        put(world, ("科技志愿者", "赵六", "13900000004"), ("科技志愿者", "", "1"))
    assert [person.name for person in sheet_of(world).roster.all()] == ["王五"]
    assert [event.data for event in Event.objects.filter(verb="roster.replaced").order_by("pk")] == [
        {"people": 2},
        {"people": 1},
    ]


@pytest.mark.django_db
def test_nobody_can_be_read_from_the_database(world: World) -> None:
    put(world, ("科技志愿者", "张三丰", "13900000001"))
    with connection.cursor() as cursor:
        cursor.execute("select * from documents_rosterentry")
        stored = str(cursor.fetchall())
    assert "张三丰" not in stored
    assert "13900000001" not in stored
    assert "13900000001" not in str(list(Event.objects.values_list("data", "why", "went_to")))


@pytest.mark.django_db
def test_a_track_without_recipients_wants_no_roster_and_no_waiver(world: World) -> None:
    sheet = sheet_of(world, 1)
    with world.clock(), pytest.raises(DomainError):
        replace_roster(sheet=sheet, rows=rows(("", "张三", "13900000001")), by=world.office)
    with world.clock(), pytest.raises(DomainError):
        waive_roster(sheet=sheet, by=world.office, reason="辖区小")
    assert not RosterEntry.objects.exists()
    assert not RosterWaiver.objects.exists()


@pytest.mark.django_db
def test_a_waiver_needs_a_reason_and_is_given_once(world: World) -> None:
    sheet = sheet_of(world)
    with world.clock(), pytest.raises(DomainError) as problem:
        waive_roster(sheet=sheet, by=world.office, reason=" ")
    assert problem.value.field == "reason"
    with world.clock():
        waive_roster(sheet=sheet, by=world.office, reason=" 辖区小 ")
        waive_roster(sheet=sheet, by=a_person(Role.OFFICE), reason="再来")
    waiver = RosterWaiver.objects.get()
    assert (waiver.reason, waiver.waived_by, waiver.waived_at) == ("辖区小", world.office, world.at)
    assert str(waiver) == str(sheet.pk)
    assert Event.objects.filter(verb="roster.waived").count() == 1


@pytest.mark.django_db
def test_counts_stand_in_the_scheme_s_order_then_what_is_left_of_older_ones(world: World) -> None:
    put(world, ("基层三长", "李四", "13900000002"), ("基层三长", "张三", "13900000001"))
    RosterEntry.objects.filter(position=1).update(category="旧类别")
    assert counts_by_category(sheet_of(world)) == [("科技志愿者", 0), ("基层“三长”", 1), ("旧类别", 1)]
    assert counts_by_category(sheet_of(world, 1)) == []


@pytest.mark.django_db
def test_the_public_roster_names_nobody_and_binds_to_everybody(world: World) -> None:
    put(world, ("科技志愿者", "张三", "13900000001"))
    person = sheet_of(world).roster.get()
    ((opaque, committed),) = Contents(sheet_of(world)).roster
    assert opaque == person.opaque_id
    expected = hmac.new(bytes.fromhex(person.salt), "张三\n13900000001".encode(), hashlib.sha256).hexdigest()
    assert committed == expected
    assert roster_csv([(opaque, committed)]) == f"id,commitment\n{opaque},{committed}\n"
