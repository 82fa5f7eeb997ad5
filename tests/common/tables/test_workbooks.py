"""Workbooks made to hurt are refused before they are laid out; those that people fill in are read."""

import io
import zipfile

import pytest

from common.tables.workbooks import MOST_PLACES, UnreadableWorkbookError, first_sheet
from tests.support.workbooks import a_table

FAR = "ZZZ9999"
SHEET = "xl/worksheets/sheet1.xml"


def packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return held.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return {name: source.read(name) for name in source.namelist()}


def with_row(row: str, head: str = "") -> bytes:
    """A plain table with one more row, and perhaps something before its first element."""
    parts = parts_of(a_table([["甲", "1"]]))
    name = next(part for part in parts if part.startswith("xl/worksheets/") and part.endswith(".xml"))
    sheet = parts[name].decode().replace("</sheetData>", f"{row}</sheetData>")
    start = sheet.index("<worksheet")
    parts[name] = (sheet[:start] + head + sheet[start:]).encode()
    return packed(parts)


def test_a_table_as_people_fill_it_is_read_from_its_first_place() -> None:
    assert first_sheet(a_table([["甲", "乙"], ["", "丙"]])) == [["甲", "乙"], ["", "丙"]]


@pytest.mark.parametrize(
    "row",
    [
        f'<row r="9999"><c r="{FAR}"><v>1</v></c></row>',
        f'<row><c r="{FAR.lower()}"><v>1</v></c></row>',
        f'<row r="9999"><c s="&gt;" r="{FAR}"><v>1</v></c></row>',
        f'<row r="9999"><c s=">" r="{FAR}"><v>1</v></c></row>',
        f'<row r="9999"><c x="r=&apos;A1&apos;" r="{FAR}"><v>1</v></c></row>',
        f'<row r="9999"><c r="{FAR}" t="inlineStr"><is><t>x</t></is></c></row>',
        f'<row r="9999"><c r="{FAR}"><f>1+1</f></c></row>',
        '<row r="1048576">' + "<c><v>1</v></c>" * 200 + "</row>",
        '<row r="1000000"><c r="ZZ1"><v>2</v></c><c><v>1</v></c></row>',
        '<row r="9999"><c r="A1B2"><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>',
        "<row><c><v>1</v></row>",
    ],
)
def test_a_cell_too_far_away_or_in_no_place_is_refused(row: str) -> None:
    with pytest.raises(UnreadableWorkbookError):
        first_sheet(with_row(row))


def test_an_empty_cell_far_away_is_only_a_style() -> None:
    rows = first_sheet(with_row(f'<row r="9999"><c r="{FAR}" s="1"/></row>'))
    assert rows == [["甲", "1"]]


def test_a_document_type_is_refused() -> None:
    with pytest.raises(UnreadableWorkbookError):
        first_sheet(with_row("", head='<!DOCTYPE worksheet [<!ENTITY a "b">]>'))


@pytest.mark.parametrize("name", ["content.xml", "xl/workbook.bin"])
def test_another_format_in_the_same_clothes_is_refused(name: str) -> None:
    with pytest.raises(UnreadableWorkbookError):
        first_sheet(packed(parts_of(a_table([["甲"]])) | {name: b"<x/>"}))


def test_a_file_without_a_workbook_is_refused() -> None:
    with pytest.raises(UnreadableWorkbookError):
        first_sheet(packed({"a.xml": b"<a/>"}))


def test_many_broken_elements_are_refused_at_once() -> None:
    parts = parts_of(a_table([["甲"]])) | {"xl/other.xml": b"<sheetData>" + b"<c " * 2_000_000}
    with pytest.raises(UnreadableWorkbookError):
        first_sheet(packed(parts))


def test_as_many_places_as_are_allowed_are_read() -> None:
    wide = 20
    rows = first_sheet(with_row(f'<row r="{MOST_PLACES // wide}"><c r="T{MOST_PLACES // wide}"><v>7</v></c></row>'))
    assert rows[-1][-1] == 7


def test_what_the_reader_broke_on_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING")
    with pytest.raises(UnreadableWorkbookError):
        first_sheet(packed({"xl/workbook.xml": "<张三/>".encode()}))
    assert "Error" in caplog.text and "张三" not in caplog.text
