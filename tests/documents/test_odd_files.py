"""Files and tables as people send them: broken, disguised, huge, in odd encodings; each refused in words."""

import io
import random
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import DomainError
from documents.models import RosterEntry
from documents.services.materials import check_file
from documents.services.tables import MOST_BYTES, MOST_ROWS, rows_of_file, rows_of_text
from tests.support.pages import Visitor
from tests.support.workbooks import a_table
from tests.support.world import World, a_cycle


def cells(name: str, content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in rows_of_file(ContentFile(content, name=name))]


def refused(name: str, content: bytes) -> DomainError:
    with pytest.raises(DomainError) as problem:
        rows_of_file(ContentFile(content, name=name))
    assert problem.value.field == "file"
    return problem.value


def test_a_table_program_s_numbers_are_phones_and_blank_rows_and_the_heading_are_left_out() -> None:
    content = a_table([["类别", "姓名", "电话"], [], ["科技志愿者", "张三", 13900000001], ["科技志愿者", "李四", 1.5]])
    found = rows_of_file(ContentFile(content, name="名册.XLSX"))
    assert [row.number for row in found] == [3, 4]
    assert [row.cells for row in found] == [("科技志愿者", "张三", "13900000001"), ("科技志愿者", "李四", "1.5")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,1", [("a", "b", "1")]),
        ("a，b；1", [("a", "b", "1")]),
        ("a\tb\t1 390", [("a", "b", "1 390")]),
        ("a b 1\r\n\r\n c d 2 ", [("a", "b", "1"), ("c", "d", "2")]),
        ("类别 姓名 电话", []),
        ("a,b,1\n类别,姓名,电话", [("a", "b", "1"), ("类别", "姓名", "电话")]),
        ("a,b\x00,1", [("a", "b", "1")]),
        ("", []),
    ],
)
def test_pasted_rows_are_parted_as_people_part_them(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [row.cells for row in rows_of_text(text)] == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_system_s_line_ends_are_read(newline: str) -> None:
    assert cells("a.csv", newline.join(["a,b,1", "c,d,2", ""]).encode()) == [("a", "b", "1"), ("c", "d", "2")]


def test_a_cell_over_several_lines_is_one_cell() -> None:
    assert cells("a.csv", b'"a\nb",c,1\n') == [("a\nb", "c", "1")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("too-large.csv", b"a" * (MOST_BYTES + 1)),
        ("a-cell-without-end.csv", b'"' + b"a" * 200_000),
        ("no-encoding.csv", b"\xff\xff\xff"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("empty.xlsx", b""),
        ("old-renamed.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("no-name", b"a,b,1"),
    ],
)
def test_what_is_no_table_is_refused_at_the_file(name: str, content: bytes) -> None:
    assert name in str(refused(name, content).message)


def test_more_rows_than_any_roster_has_are_refused() -> None:
    for more in (1, 100):
        with pytest.raises(DomainError):
            rows_of_text("a,b,1\n" * (MOST_ROWS + more))
    assert len(rows_of_text("a,b,1\n" * MOST_ROWS)) == MOST_ROWS


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_table_is_read_or_refused_but_never_breaks(seed: int) -> None:
    content = bytearray(a_table([["科技志愿者", "张三", "13900000001"]] * 3))
    dice = random.Random(seed)
    for _ in range(12):
        content[dice.randrange(len(content))] = dice.randrange(256)
    for look in (rows_of_file, lambda file: check_file("a.xlsx", file)):
        try:
            look(ContentFile(bytes(content), name="a.xlsx"))
        except DomainError as problem:
            assert problem.field == "file"


def test_a_zip_that_asks_for_an_unknown_way_of_packing_is_told_apart_from_a_document() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(DomainError) as problem:
        check_file("a.docx", ContentFile(packed.getvalue()))
    assert problem.value.field == "file"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).with_units(1, "society").opened()


def roster_of(world: World, number: int) -> tuple[Visitor, str]:
    assessment = world.assessments[number]
    return Visitor(world, world.filers[assessment.sheet_id]), f"/self-evaluation/{assessment.pk}/roster/"


@pytest.mark.django_db
def test_a_roster_of_a_table_program_is_taken(world: World) -> None:
    visitor, path = roster_of(world, 0)
    file = SimpleUploadedFile("名册.xlsx", a_table([["科技志愿者", "Ann  Lee", 13900000001]]))
    assert visitor.post(path, {"file": file}).status_code == 302
    person = RosterEntry.objects.get()
    assert (person.name, person.phone) == ("Ann Lee", "13900000001")


@pytest.mark.django_db
def test_a_track_without_recipients_keeps_no_personal_data(world: World) -> None:
    visitor, path = roster_of(world, 1)
    answer = visitor.post(path, {"rows": "科技志愿者,张三,13900000001"})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not RosterEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ("", 1),
        ("科技志愿者", 1),
        ("科技志愿者,张三", 1),
        (f"科技志愿者,{'张' * 41},13900000001", 1),
        ("科技志愿者,张三,12900000001", 1),
        ("科技志愿者,张三,139000000011", 1),
        ("志愿者,张三,13900000001", 1),
        ("科技志愿者,张三,13900000001\n基层三长,张三,+86 139-0000-0001", 1),
        ("科技志愿者,,1\n科技志愿者,,2\n科技志愿者,,3", 3),
    ],
)
def test_each_wrong_row_is_named_and_nothing_is_stored(world: World, rows: str, problems: int) -> None:
    visitor, path = roster_of(world, 0)
    page = visitor.post(path, {"rows": rows})
    assert len(page.context["problems"]) == problems
    assert page.context["form"].errors["rows"]
    assert not RosterEntry.objects.exists()


@pytest.mark.django_db
def test_of_very_many_wrong_rows_the_number_and_the_first_are_told(world: World) -> None:
    visitor, path = roster_of(world, 0)
    page = visitor.post(path, {"rows": "科技志愿者,,1\n" * 80})
    assert len(page.context["problems"]) == 50
    assert "80" in page.context["form"].errors["rows"][0]
