"""Workbooks for the tests, as a table program writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.support.zips import ZipEntry, honest, zipped

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


# By number: a plain number, then the formats 0%, a percentage spelled out, and a sign that is printed as it stands.
STYLES = (
    f'<styleSheet xmlns="{SPREADSHEET}"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0%"/>'
    '<numFmt numFmtId="165" formatCode="0&quot;%&quot;"/></numFmts><cellStyleXfs count="1"><xf numFmtId="9"/>'
    '</cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    "</cellXfs></styleSheet>"
)


@dataclass(frozen=True)
class Styled:
    """A number in one of the STYLES."""

    value: float
    style: int


def relation(kind: str, *targets: str) -> str:
    related = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, target in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>'


def cell(place: str, value: Any) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    if isinstance(value, Styled):
        return f'<c r="{place}" s="{value.style}"><v>{value.value}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def a_table(rows: list[list[Any]], *, more: Iterable[ZipEntry] = ()) -> bytes:
    """An .xlsx file with these rows, as a table program writes it, and perhaps more entries in its archive."""
    return _workbook({"名册": _rows(rows)}, more=more)


def some_sheets(
    sheets: dict[str, list[list[Any]]],
    *,
    merged: tuple[str, ...] = (),
    hidden: tuple[str, ...] = (),
    rows_hidden: tuple[int, ...] = (),
    columns_hidden: str = "",
) -> bytes:
    """An .xlsx file with these sheets by their names; `merged` names the places of each that are one cell.

    `rows_hidden` are numbers of rows, `columns_hidden` the first and the last column as `3-4`, of every sheet.
    """
    bodies = {name: _rows(rows) for name, rows in sheets.items()}
    for number in rows_hidden:
        hides = (f'<row r="{number}">', f'<row r="{number}" hidden="1">')
        bodies = {name: body.replace(*hides) for name, body in bodies.items()}
    first, _, last = columns_hidden.partition("-")
    columns = f'<cols><col min="{first}" max="{last}" hidden="1"/></cols>' if first else ""
    return _workbook(
        bodies, merged=merged, hidden=hidden, columns=columns, more=[honest("xl/styles.xml", STYLES.encode())]
    )


def _rows(rows: list[list[Any]]) -> str:
    return "".join(
        f'<row r="{number}">{"".join(cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )


def _workbook(
    bodies: dict[str, str],
    *,
    merged: tuple[str, ...] = (),
    hidden: tuple[str, ...] = (),
    columns: str = "",
    more: Iterable[ZipEntry] = (),
) -> bytes:
    numbers = range(1, len(bodies) + 1)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{"hidden" if name in hidden else "visible"}" r:id="r{n}"/>'
        for n, name in zip(numbers, bodies, strict=True)
    )
    places = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
    cells = f'<mergeCells count="{len(merged)}">{places}</mergeCells>' if merged else ""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relation("worksheet", *(f"worksheets/sheet{n}.xml" for n in numbers)),
    } | {
        f"xl/worksheets/sheet{n}.xml": (
            f'<worksheet xmlns="{SPREADSHEET}">{columns}<sheetData>{body}</sheetData>{cells}</worksheet>'
        )
        for n, body in zip(numbers, bodies.values(), strict=True)
    }
    return zipped(*[honest(name, text.encode()) for name, text in parts.items()], *more)


def shared_table(text: str, *, cells: int) -> bytes:
    """An .xlsx file with one shared text that stands in so many cells of a column."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    shared = f'<sst xmlns="{SPREADSHEET}"><si><t>{text}</t></si></sst>'
    return _workbook({"名册": rows}, more=[honest("xl/sharedStrings.xml", shared.encode())])
