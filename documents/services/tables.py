"""Rows of a table as people have it: an .xlsx or .csv file, or cells pasted from one."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.tables.heads import LAST_FOR_A_HEAD, Numbered, rows_below
from common.tables.workbooks import UnreadableWorkbookError, first_sheet

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5000
# Category, name, phone: what may stand over each.
COLUMNS = (
    frozenset({"类别", "类型", "人员类别", "对象类别", "category"}),
    frozenset({"姓名", "名字", "name"}),
    frozenset({"电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式", "phone", "mobile"}),
)
COUNTED = re.compile(r"(?:\d+\.?|序号)\s")
PARTED = re.compile(r"[\t,，;；]")
SPACED = re.compile(r"\s+")


@dataclass(frozen=True)
class Row:
    """A row with the number that a person sees in their table."""

    number: int
    cells: tuple[str, ...]


def rows_of_file(file: "File[Any]") -> list[Row]:
    """The rows of an .xlsx or .csv file (UTF-8 or GB18030), without blank rows and the heading.

    Raises DomainError (field `file`) when it can't be read.
    """
    name = file.name or ""
    if (file.size or 0) > MOST_BYTES:
        raise DomainError(_("“%(name)s” is too large for a roster.") % {"name": name}, field="file")
    file.seek(0)
    content = file.read()
    ending = PurePath(name).suffix.lower()
    if ending == ".xlsx":
        return _numbered(_sheet_rows(name, content))
    if ending in (".csv", ".txt"):
        return _numbered(_csv_rows(name, content))
    raise _no_table(name)


def _csv_rows(name: str, content: bytes) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(_decoded(name, content), newline=""))
    except csv.Error as problem:
        raise _no_table(name) from problem


def _no_table(name: str) -> DomainError:
    return DomainError(_("“%(name)s” is neither .xlsx nor .csv.") % {"name": name}, field="file")


def rows_of_text(text: str) -> list[Row]:
    """The rows of pasted text: cells are parted by tabs, commas or semicolons; where a line has none, by spaces."""
    return _numbered(_parted(line.strip()) for line in text.splitlines())


def _parted(line: str) -> list[str]:
    """A name may hold a space, as names of two characters often do: any other mark comes before it.

    Where there is none, a phone may hold spaces: it is what stands behind category and name.
    """
    if PARTED.search(line):
        return PARTED.split(line)
    return SPACED.split(line, maxsplit=len(COLUMNS) if COUNTED.match(line) else len(COLUMNS) - 1)


def _sheet_rows(name: str, content: bytes) -> Iterator[list[Any]]:
    try:
        return iter(first_sheet(content))
    except UnreadableWorkbookError as problem:
        said = _("“%(name)s” can't be read as an .xlsx file.") % {"name": name}
        raise DomainError(said, field="file") from problem


def _decoded(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError(_("“%(name)s” is neither in UTF-8 nor in GB18030.") % {"name": name}, field="file")


def _numbered(rows: Iterable[Iterable[Any]]) -> list[Row]:
    table: list[Numbered] = []
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            table.append((number, cells))
        if len(table) > MOST_ROWS + LAST_FOR_A_HEAD:
            break
    people = rows_below(table, COLUMNS, counted=True)
    if len(people) > MOST_ROWS:
        raise DomainError(_("More than %(count)d rows are no roster.") % {"count": MOST_ROWS}, field="file")
    return [Row(number=number, cells=tuple(cells)) for number, cells in people]


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\0", "").strip()
