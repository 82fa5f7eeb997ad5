"""A roster as people send it: with a title and running numbers, a name spelled in many ways, marks nobody sees (R8)."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from common.tables.heads import TableRow
from common.tables.incoming import pasted, uploaded
from documents.models import RosterEntry
from documents.services.roster import COLUMNS, RosterError, people_of, read_phone
from scoring.models import Draw, PublicRoster
from tests.support.drawings import drawn
from tests.support.pages import Visitor
from tests.support.workbooks import a_table
from tests.support.world import World, a_cycle

NAMES = ("阿卜杜拉·买买提", "阿卜杜拉•买买提", "阿卜杜拉．买买提", "阿卜杜拉・买买提", "阿卜杜拉\u200b·买买提")


def test_a_name_with_another_dot_is_told_as_the_same_person() -> None:
    rows = [TableRow(number, ("志愿者", name, "13900000001")) for number, name in enumerate(NAMES, start=1)]
    with pytest.raises(RosterError) as refused:
        people_of(rows, ())
    assert len(refused.value.problems) == len(NAMES) - 1


def test_a_phone_with_marks_of_direction_is_its_digits() -> None:
    assert read_phone("\u202d139 0000 0001\u202c") == "13900000001"


def test_a_refused_phone_shows_what_cannot_be_seen() -> None:
    with pytest.raises(ValueError, match=r"‹U\+202D›1390000"):
        read_phone("\u202d1390000")


def test_a_name_that_is_turned_round_is_refused_by_its_mark() -> None:
    with pytest.raises(RosterError) as refused:
        people_of([TableRow(1, ("志愿者", "张\u202e三", "13900000001"))], ())
    assert "U+202E" in refused.value.problems[0]


def test_a_name_too_long_is_told_so() -> None:
    with pytest.raises(RosterError) as refused:
        people_of([TableRow(1, ("志愿者", "张" * 41, "13900000001"))], ())
    assert "太长" in refused.value.problems[0]


@pytest.mark.parametrize(
    "rows",
    [
        [["甲区科协服务对象名单"], ["序号", "类别", "姓名", "电话"], [1, "志愿者", "张三", 13900000001]],
        [["序号", "姓名", "类别", "联系电话", "备注"], [1, "张三", "志愿者", 13900000001, "x"]],
        [["甲区科协服务对象名单"], [1, "志愿者", "张三", 13900000001]],
    ],
)
def test_a_workbook_with_a_title_and_running_numbers_is_read(rows: list[list[object]]) -> None:
    (row,) = uploaded(ContentFile(a_table(rows), name="a.xlsx")).below(COLUMNS, counted=True)
    assert row.cells[:3] == ("志愿者", "张三", "13900000001") and row.number == len(rows)


@pytest.mark.parametrize(
    "text",
    [
        "名单\n序号\t类别\t姓名\t电话\n1\t志愿者\t张三\t13900000001",
        "1,志愿者,张三,13900000001",
        "1 志愿者 张三 139 0000 0001",
        "序号 类别 姓名 电话\n1 志愿者 张三 139 0000 0001",
    ],
)
def test_pasted_rows_with_running_numbers_are_read(text: str) -> None:
    (person,) = people_of(pasted(text, spaced=3).below(COLUMNS, counted=True), ())
    assert (person.category, person.name, person.phone) == ("志愿者", "张三", "13900000001")


def test_the_page_says_where_marks_were_left_out(world: World) -> None:
    assessment = world.assessments[0]
    visitor, path = Visitor(world, world.filers[assessment.sheet_id]), f"/self-evaluation/{assessment.pk}/roster/"
    content = a_table([["类别", "姓名", "电话"], ["科技志愿者", "张三", "\u202d13900000001\u202c"]])
    assert visitor.post(path, {"file": SimpleUploadedFile("a.xlsx", content)}).status_code == 302
    assert RosterEntry.objects.get().phone == "13900000001"
    assert "第 2 行" in visitor.get(path).content.decode()


@pytest.mark.django_db
def test_who_stands_twice_in_an_older_roster_takes_part_in_the_draw_once() -> None:
    world = a_cycle().with_units(1).filled()
    first = RosterEntry.objects.first()
    assert first is not None
    first.pk, first.opaque_id, first.name, first.position = None, "again", f"{first.name}\u200b", 99
    first.fingerprint = "as it was computed before"
    first.save()
    world.accepted()
    drawn(world)
    draw = Draw.objects.get()
    assert "again" not in {*draw.drawn, *draw.reserves}
    assert "again" not in draw.public_roster
    assert "99" in PublicRoster.objects.exclude(superseded_at=None).get().superseded_why
