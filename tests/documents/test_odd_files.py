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
from tests.support.pages import Visitor
from tests.support.workbooks import a_table
from tests.support.world import World, a_cycle


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_table_is_kept_or_refused_but_never_breaks(seed: int) -> None:
    content = bytearray(a_table([["科技志愿者", "张三", "13900000001"]] * 3))
    dice = random.Random(seed)
    for _ in range(12):
        content[dice.randrange(len(content))] = dice.randrange(256)
    try:
        check_file("a.xlsx", ContentFile(bytes(content)))
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
