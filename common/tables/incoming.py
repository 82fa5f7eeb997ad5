"""Tables as people have them: an `.xlsx` or `.csv` file, or cells pasted from one; the one reader of the house."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

from django.core.files.base import File
from django.utils.translation import gettext as _

from common.decoding import decoded
from common.errors import DomainError
from common.tables.heads import LAST_FOR_A_HEAD, TableRow, rows_below
from common.tables.workbooks import UnreadableWorkbookError, first_sheet

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5000
TEXTS = (".csv", ".txt", ".tsv")
# A cell in quotation marks, in which the marks between cells mean nothing.
QUOTED = r'(?<![^\t\n,，;；])"[^"]*(?:""[^"]*)*"'
MARKS = "[,，;；]"
QUOTED_OR_MARK = re.compile(f"(?P<quoted>{QUOTED})|{MARKS}")
# What a cell of a text has quotation marks for; and the number in front of a row whose cells are parted by spaces.
SPECIAL = re.compile(rf'[^\S ]|"|{MARKS}')
COUNTED = re.compile(r"(?:\d+\.?|序号)\s")


@dataclass(frozen=True)
class Table:
    """The rows of a table as they came in, without the blank ones, and the field of a form by which they came."""

    rows: Sequence[TableRow]
    field: str = "rows"

    def below(self, columns: Sequence[Collection[str]], *, counted: bool = False) -> list[TableRow]:
        """The rows below the head, as `rows_below` finds them; raises DomainError where they are too many."""
        rows = rows_below(self.rows, columns, counted=counted)
        if len(rows) > MOST_ROWS:
            raise DomainError(_("At most %(count)d rows at once.") % {"count": MOST_ROWS}, field=self.field)
        return rows

    def as_text(self) -> str:
        """The table as a text that `pasted` reads back, each row at its number."""
        lines = {row.number: "\t".join(map(_written, row.cells)) for row in self.rows}
        return "\n".join(lines.get(number, "") for number in range(1, max(lines, default=0) + 1))


def table_of(rows: Iterable[Iterable[object]], *, field: str = "rows") -> Table:
    """The table of these rows, numbered from 1; of what is much too long only so much is read that it can be told."""
    numbered = (TableRow(number, tuple(map(_text, cells))) for number, cells in enumerate(rows, start=1))
    filled = (row for row in numbered if any(row.cells))
    return Table(list(islice(filled, MOST_ROWS + LAST_FOR_A_HEAD + 1)), field)


def uploaded(file: "File[bytes]") -> Table:
    """The first sheet of an `.xlsx`, or the rows of a `.csv` in UTF-8 or GB18030.

    Raises DomainError at the field `file` when it is too large or can't be read.
    """
    name = file.name or ""
    if (file.size or 0) > MOST_BYTES:
        raise DomainError(_("“%(name)s” is too large for a table.") % {"name": name}, field="file")
    file.seek(0)
    return table_of(_rows_in(name, file.read()), field="file")


def pasted(text: str, *, spaced: int = 0) -> Table:
    """The rows of a text; where one holds no mark between cells, spaces part it into as many as `spaced` says.

    A name may hold a space, as names of two characters often do: any mark comes before it. So may a phone: the last
    cell is all that stands behind the others. Raises DomainError when a quotation mark does not end.
    """
    rows = _parted(text, field="rows")
    return table_of(_by_spaces(row[0], spaced) if spaced and len(row) == 1 else row for row in rows)


def _rows_in(name: str, content: bytes) -> Iterable[Iterable[object]]:
    ending = PurePath(name).suffix.lower()
    text = decoded(content) if ending in TEXTS else None
    if text is not None:
        return _parted(text, field="file")
    try:
        if ending == ".xlsx":
            return first_sheet(content)
    except UnreadableWorkbookError:
        pass  # its traceback is logged where it is raised
    raise DomainError(_("“%(name)s” can't be read. Save it as .xlsx or .csv.") % {"name": name}, field="file")


def _parted(text: str, *, field: str) -> Iterator[list[str]]:
    """Cells are parted by TABs, or by commas and semicolons: whichever of the two stands there more often."""
    lines = "\n".join(text.splitlines())  # a lone carriage return ends a line too
    marks = sum(not match["quoted"] for match in QUOTED_OR_MARK.finditer(lines))
    delimiter = "\t" if lines.count("\t") >= marks else ","
    if delimiter == ",":
        lines = QUOTED_OR_MARK.sub(lambda match: match["quoted"] or ",", lines)
    try:
        yield from csv.reader(io.StringIO(lines), delimiter=delimiter)
    except csv.Error as error:
        raise DomainError(_("These rows can't be read: does a quotation mark not end?"), field=field) from error


def _by_spaces(line: str, columns: int) -> list[str]:
    return line.split(maxsplit=columns if COUNTED.match(line) else columns - 1)


def _text(cell: object) -> str:
    """What a table program shows of a value, without what stands around it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip().strip("\ufeff")


def _written(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if SPECIAL.search(cell) else cell
