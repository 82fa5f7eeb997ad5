"""Tables as people send and paste them: read alike whatever program made them, or refused in words at their field."""

import io
import random
import subprocess
import sys
import zipfile

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from common.tables.heads import TableRow
from common.tables.incoming import MOST_BYTES, MOST_ROWS, pasted, table_of, uploaded
from tests.support.workbooks import a_table

HEAD = (frozenset({"类别"}), frozenset({"姓名"}), frozenset({"电话"}))
CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufeff"))


def in_file(name: str, content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in uploaded(ContentFile(content, name=name)).rows]


def in_text(text: str, *, spaced: int = 0) -> list[tuple[str, ...]]:
    return [row.cells for row in pasted(text, spaced=spaced).rows]


# ---- files


def test_a_workbook_s_numbers_are_read_as_they_are_shown_and_blank_rows_are_left_out_but_counted() -> None:
    content = a_table([["类别", "姓名"], [], ["志愿者", 13900000001], [" x ", 1.5]])
    assert uploaded(ContentFile(content, name="名册.XLSX")).rows == [
        TableRow(1, ("类别", "姓名")),
        TableRow(3, ("志愿者", "13900000001")),
        TableRow(4, ("x", "1.5")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "，", "；"])
def test_a_text_is_read_as_any_program_here_saves_it(encoding: str, ends: str, mark: str) -> None:
    text = ends.join([mark.join(["a1", "甲区", "1"]), "", mark.join(["a2", "乙区", "2"]), ""])
    assert in_file("a.csv", text.encode(encoding)) == [("a1", "甲区", "1"), ("a2", "乙区", "2")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("too-large.csv", b"a" * (MOST_BYTES + 1)),
        ("a-cell-without-end.csv", b'"' + b"a" * 200_000),
        ("no-encoding.csv", b"\xff\xff\xff"),
        ("another-encoding.csv", "a1,甲区".encode("utf-16")),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("old-renamed.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("empty.xlsx", b""),
        ("a-text.xlsx", "a1,甲区".encode()),
        ("without-ending", a_table([["a"]])),
    ],
)
def test_what_is_no_table_is_refused_at_the_file(name: str, content: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        uploaded(ContentFile(content, name=name))
    assert refused.value.field == "file"


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_workbook_is_read_or_refused_but_never_breaks(seed: int) -> None:
    content = bytearray(a_table([["科技志愿者", "张三", "13900000001"]] * 3))
    dice = random.Random(seed)
    for _ in range(12):
        content[dice.randrange(len(content))] = dice.randrange(256)
    try:
        uploaded(ContentFile(bytes(content), name="a.xlsx"))
    except DomainError as problem:
        assert problem.field == "file"


def a_sparse_table() -> bytes:
    """One cell at the far end of the sheet: calamine would lay out 17 thousand million cells."""
    held = io.BytesIO()
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(io.BytesIO(a_table([["a"]]))) as source, zipfile.ZipFile(held, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"</sheetData>", far))
    return held.getvalue()


def test_a_cell_at_the_far_end_of_a_sheet_does_not_kill_the_process() -> None:
    code = (
        "import sys,resource,os;resource.setrlimit(resource.RLIMIT_AS,(2**31,2**31));"
        "os.environ['DJANGO_SETTINGS_MODULE']='tests.settings';import django;django.setup();"
        "from django.core.files.base import ContentFile;from common.errors import DomainError;"
        "from common.tables.incoming import uploaded;file=ContentFile(sys.stdin.buffer.read(),name='a.xlsx')\n"
        "try: uploaded(file)\nexcept DomainError: sys.exit(7)"
    )
    ran = subprocess.run([sys.executable, "-c", code], input=a_sparse_table(), capture_output=True, check=False)
    assert ran.returncode == 7, ran.stderr[-300:]


# ---- pasted rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,1", [("a", "b", "1")]),
        ("a，b；1", [("a", "b", "1")]),
        ("a\tb\t1 390", [("a", "b", "1 390")]),
        ("甲,乙\tdistrict\tu1", [("甲,乙", "district", "u1")]),
        ('a,b,"\t1"', [("a", "b", "1")]),
        ("a,b,\t1\nc,d,\t2", [("a", "b", "1"), ("c", "d", "2")]),
        ('a1,"甲区,""新区""",x', [("a1", '甲区,"新区"', "x")]),
        ('a1\t"甲区\n新区"\tx', [("a1", "甲区\n新区", "x")]),
        ('基层“三长”,5" x,1', [("基层“三长”", '5" x', "1")]),
        ("\ufeffa,b", [("a", "b")]),
        ("a\u2028b", [("a",), ("b",)]),
        (" \n,,\n", []),
    ],
)
def test_cells_are_parted_by_the_marks_that_people_use(text: str, expected: list[tuple[str, ...]]) -> None:
    assert in_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b 1\r\n\r\n c d 2 ", [("a", "b", "1"), ("c", "d", "2")]),
        ("a b 139 0000 0001", [("a", "b", "139 0000 0001")]),
        ("1 a b 139 0000", [("1", "a", "b", "139 0000")]),
        ("科技志愿者\t张 三\t139", [("科技志愿者", "张 三", "139")]),
        ("科技志愿者，张　三，139", [("科技志愿者", "张　三", "139")]),
    ],
)
def test_spaces_part_cells_only_where_that_is_wanted_and_no_mark_does(
    text: str, expected: list[tuple[str, ...]]
) -> None:
    assert in_text(text, spaced=3) == expected
    assert in_text("a b 1") == [("a b 1",)]


def test_a_quotation_mark_that_does_not_end_is_refused_where_it_was_pasted() -> None:
    with pytest.raises(DomainError) as refused:
        pasted('"' + "a" * 140_000)
    assert refused.value.field == "rows"


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=6))
@settings(max_examples=60)
def test_a_table_travels_with_a_question_as_it_was(rows: list[list[str]]) -> None:
    table = table_of(rows)
    assert pasted(table.as_text()) == table


def test_cells_that_hold_marks_and_lines_travel_as_they_are() -> None:
    table = table_of([[], ["a\nb", "c\td", 'e"', "f，g"], [], ["", "x"]])
    assert [row.number for row in table.rows] == [2, 4]
    assert pasted(table.as_text()) == table


# ---- below the head


def test_the_rows_stand_below_the_head() -> None:
    table = pasted("名单\n序号,姓名,类别,电话\n1,张三,志愿者,139")
    assert table.below(HEAD) == [TableRow(3, ("志愿者", "张三", "139"))]


@pytest.mark.parametrize("more", [1, 100])
@pytest.mark.parametrize("field", ["rows", "file"])
def test_more_rows_than_anybody_means_are_refused_where_they_came_in(more: int, field: str) -> None:
    rows = [["类别", "姓名", "电话"]] + [["a", "b", "1"]] * MOST_ROWS
    assert len(table_of(rows).below(HEAD)) == MOST_ROWS
    with pytest.raises(DomainError) as refused:
        table_of(rows + [["a", "b", "1"]] * more, field=field).below(HEAD)
    assert refused.value.field == field
