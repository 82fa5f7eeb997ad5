"""Tables of units as offices make them: workbooks, both encodings, torn rows, limits, and one import for another."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership, Role, Unit, User
from audit.models import Event
from common.errors import DomainError
from common.tables.incoming import table_of
from scoring.models import ScoreSheet
from scoring.services.units import HEAD, UnitsRead, add_units, read_entrants
from tests.support.pages import Visitor
from tests.support.workbooks import a_table
from tests.support.world import World, a_cycle, a_person


@pytest.fixture
def world(db: None) -> World:
    return a_cycle().with_units(1)


def read(world: World, *rows: str) -> UnitsRead:
    return read_entrants(cycle=world.cycle, rows=table_of(row.split("|") for row in rows).below(HEAD))


def put(world: World, *rows: str) -> int:
    reading = read(world, *rows)
    assert not reading.problems
    return add_units(cycle=world.cycle, entrants=reading.entrants, by=world.office)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("|甲区|district", "1"),
        ("a1||district", "1"),
        ("a1", "1"),
        ("a1|甲区", "“”"),
        ("a1|甲区|district2", "district2"),
        ("a1|甲区|DISTRICT", "DISTRICT"),
        ("a1|甲区|区县", "区县"),
        (f"{'a' * 41}|甲区|district", "1"),
        (f"a1|{'甲' * 121}|district", "1"),
        (f"a1|甲区|district|{'u' * 61}", "1"),
        ("a1|甲区|district|u1|张三|no mail", "no mail"),
        ("a1|甲区|district|u1|张三|张三@", "张三@"),
    ],
)
def test_a_wrong_row_is_told_with_what_stands_in_it(world: World, row: str, word: str) -> None:
    reading = read(world, row)
    assert not reading.entrants and word in reading.problems[0]


def test_rows_at_their_longest_are_taken(world: World) -> None:
    code, name, username = "a" * 40, "甲" * 60, "u" * 60
    assert put(world, f"{code}|{name}|district|{username}|{'名' * 60}") == 1
    assert ScoreSheet.objects.get(unit__code=code).unit_name == name
    assert User.objects.get(username=username).name == "名" * 60


def test_each_row_is_numbered_as_in_the_table_and_the_heading_counts(world: World) -> None:
    problems = read(world, "代码|名称|组别", "a1|甲区|district", "a2||district", "a1|又一次|district").problems
    assert [number in told for number, told in zip("34", problems, strict=True)] == [True, True]


def test_a_heading_further_down_is_a_row_like_any_other(world: World) -> None:
    assert len(read(world, "a1|甲区|district", "代码|名称|组别").problems) == 1


def test_spaces_around_cells_are_nobody_s_name(world: World) -> None:
    put(world, " a1 |　甲区 | district | u1 | 张三 | u1@example.org ")
    assert ScoreSheet.objects.get(unit__code="a1").unit_name == "甲区"
    assert User.objects.get(username="u1").email == "u1@example.org"


def test_columns_too_many_are_passed_over(world: World) -> None:
    assert put(world, "a1|甲区|district|u1|张三|u1@example.org|备注|又一列") == 1


def test_a_unit_known_by_its_code_keeps_its_name_and_takes_part_under_the_new_one(world: World) -> None:
    known = Unit.objects.create(code="a1", name="旧名")
    put(world, "a1|新名|district")
    known.refresh_from_db()
    assert (known.name, known.sheets.get().unit_name) == ("旧名", "新名")


def test_a_filer_without_a_name_bears_that_of_the_unit(world: World) -> None:
    put(world, "a1|甲区|district|u1", "a2|乙区|society|u2|李四")
    assert list(User.objects.filter(username__in=["u1", "u2"]).values_list("name", flat=True)) == ["甲区", "李四"]
    assert not User.objects.filter(username__in=["u1", "u2"], email__gt="").exists()


def test_somebody_who_files_already_files_for_both_and_keeps_password_and_mail(world: World) -> None:
    known = a_person(Role.FILER, unit=Unit.objects.create(code="old", name="旧单位"))
    before = (known.password, known.email, known.name)
    put(world, f"a1|甲区|district|{known.username}|{known.name}|other@example.org")
    known.refresh_from_db()
    assert (known.password, known.email, known.name) == before
    assert set(Membership.objects.filter(user=known).values_list("unit__code", flat=True)) == {"old", "a1"}


def test_an_import_that_comes_too_late_leaves_nothing_behind(world: World) -> None:
    entrants = read(world, "a1|甲区|district|u1|张三").entrants
    world.opened()
    events = Event.objects.count()
    with pytest.raises(DomainError):
        add_units(cycle=world.cycle, entrants=entrants, by=world.office)
    assert not Unit.objects.filter(code="a1").exists() and not User.objects.filter(username="u1").exists()
    assert Event.objects.count() == events


def test_each_unit_and_each_filer_is_told_in_the_record_once(world: World) -> None:
    before = Event.objects.count()
    put(world, "a1|甲区|district|u1|张三", "a2|乙区|society|u1|张三", "a3|丙区|society")
    told = Event.objects.order_by("pk")[before:]
    assert [(event.verb, event.went_to) for event in told] == [
        ("unit.changed", "district"),
        ("unit.changed", "society"),
        ("unit.changed", "society"),
        ("account.changed", "单位填报人 a1"),
        ("account.changed", "单位填报人 a2"),
    ]
    assert {event.actor for event in told} == {world.office}


def without_its_sheet() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_table([["a"]]))) as source, zipfile.ZipFile(held, "w") as target:
        for name in source.namelist():
            if "sheet1" not in name:
                target.writestr(name, source.read(name))
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.xlsx", a_table([["a"]])[:-30]),
        ("a.xlsx", "a1,甲区".encode()),
        ("a.xlsx", without_its_sheet()),
        ("a.csv", b"\xff\xff\xff"),
        ("a.csv", "a1,甲区".encode("utf-16")),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.csv", b'"' + b"a" * 200_000),
        ("a", a_table([["a"]])),
    ],
)
def test_a_file_that_is_no_table_is_refused_on_the_page_at_its_field(world: World, name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content)
    page = Visitor(world, world.office).post(f"/cycles/{world.cycle.year}/units/import/", {"file": file})
    assert page.status_code == 200
    assert "file" in page.context["import_form"].errors
    assert ScoreSheet.objects.count() == 1


def test_a_filer_is_the_same_person_however_the_account_spells_the_name(world: World) -> None:
    user = a_person(Role.LEADER, name="阿卜杜拉•买买提")
    assert put(world, f"a1|甲区|district|{user.username}|阿卜杜拉·买买提") == 1
    assert Membership.objects.get(user=user, role=Role.FILER).unit.code == "a1"
