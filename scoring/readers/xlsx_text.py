"""Reads a workbook: each sheet with a table is an annex, the single cells above its table are lines of text.

A hidden sheet, row or column is not read, as hidden words of a document are not: nobody sees it in the printed notice.
"""

from collections.abc import Iterator
from itertools import groupby, takewhile
from typing import Any

from common.tables.workbooks import Sheet, UnreadableWorkbookError, shown_sheets
from scoring.engine.notice import Cell, Paragraph, Source, SourceRow, Table
from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.heads import DEEPEST, POINTS_COLUMN, read_head
from scoring.engine.notice.numbering import unnumbered

# A notice of 100 pages has some 20,000 places; overlapping merged cells count at each place they cover.
MOST_PLACES = 200_000


def read_workbook(name: str, content: bytes) -> Source:
    """Read a workbook into paragraphs and tables with their places; raises UnreadableWorkbookError."""
    sheets = [_Reader(name, sheet) for sheet in shown_sheets(content)]
    tables = [sheet for sheet in sheets if sheet.begin < len(sheet.rows)]
    return Source(name, tuple(block for sheet in sheets for block in sheet.blocks(tables)))


class _Reader:
    """Lays a sheet out: which places merged cells cover, and where its table begins."""

    def __init__(self, name: str, sheet: Sheet) -> None:
        self.name = name
        self.sheet = sheet
        self.rows = [
            [self._text(value, (number, column)) for column, value in enumerate(row)]
            for number, row in enumerate(sheet.rows)
        ]
        self.width = max(map(len, self.rows), default=0)
        if sum(min(bottom, len(self.rows)) - top for (top, _left), (bottom, _right) in sheet.merged) > MOST_PLACES:
            raise UnreadableWorkbookError
        self.merged = [self._begun(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged]
        self.covered = self._covered()
        filled = [sum(map(bool, row)) for row in self.rows]
        self.begin = next((index for index, count in enumerate(filled) if count > 1), len(self.rows))

    def blocks(self, tables: list["_Reader"]) -> Iterator[Paragraph | Table]:
        """Yield the lines above the table, under a heading where several sheets are annexes, then the table."""
        lines = [
            Paragraph(text, self._place(number)) for number in range(self.begin) for text in self.rows[number] if text
        ]
        if self in tables and len(tables) > 1 and not any(line.text.startswith("附件") for line in lines):
            yield Paragraph(
                "附件" if lines else f"附件：{unnumbered(self.sheet.name)}", f"{self.name}:{self.sheet.name}"
            )
        yield from lines
        for above, rows in self._tables():
            yield from (Paragraph(next(filter(None, self.rows[number])), self._place(number)) for number in above)
            yield Table(tuple(self._row(number) for number in rows))

    def _tables(self) -> list[tuple[list[int], list[int]]]:
        """The rows of each table, and the rows of one cell above it: a blank row and a head begin another table."""
        tables: list[tuple[list[int], list[int]]] = []
        for filled, group in groupby(range(self.begin, len(self.rows)), lambda number: any(self.rows[number])):
            for chunk in self._chunks(list(group)) if filled else []:
                above = list(takewhile(self._is_line, chunk))
                rows = chunk[len(above) :]
                if not tables or (rows and read_head(tuple(self._row(number) for number in rows[:DEEPEST]))):
                    tables.append((above, rows))
                else:
                    tables[-1][1].extend(chunk)
        return [table for table in tables if table[1]]

    def _is_line(self, number: int) -> bool:
        return sum(map(bool, self.rows[number])) == 1

    def _chunks(self, rows: list[int]) -> Iterator[list[int]]:
        """Part rows where single cells stand above a head of points: a title begins another table without a blank."""
        begin = 0
        for index in range(1, len(rows)):
            titled = self._is_line(rows[index - 1]) and not self._is_line(rows[index])
            if titled and _prices(self._row(rows[index])):
                lines = len(list(takewhile(self._is_line, reversed(rows[begin:index]))))
                if index - lines > begin:
                    yield rows[begin : index - lines]
                    begin = index - lines
        yield rows[begin:]

    def _text(self, value: Any, place: tuple[int, int]) -> str:
        """What stands at a place as it is shown; nothing where its row or its column is hidden."""
        if place[0] in self.sheet.hidden.rows or place[1] in self.sheet.hidden.columns:
            return ""
        return _text(value, in_percent=place in self.sheet.shares)

    def _begun(self, top: int, left: int, bottom: int, right: int) -> tuple[int, int, int, int]:
        """A merged cell from its first shown row and column on, which have its text."""
        hidden = self.sheet.hidden
        rows, columns = range(top, min(bottom + 1, len(self.rows))), range(left, min(right + 1, self.width))
        row = next((row for row in rows if row not in hidden.rows), top)
        column = next((column for column in columns if column not in hidden.columns), left)
        if (row, column) != (top, left) and row in rows and column in columns:
            self.rows[row][column] = self._text(self.sheet.rows[top][left], (row, column))
        return row, column, bottom, right

    def _place(self, number: int) -> str:
        return f"{self.name}:{self.sheet.name}:row{number + 1}"

    def _row(self, number: int) -> SourceRow:
        cells = []
        for column, text in enumerate(self.rows[number]):
            top, left, right = self.covered.get((number, column), (number, column, column))
            if left == column:
                cells.append(Cell(text, column, right - left + 1, continued=top < number))
        return SourceRow(tuple(cells), self._place(number))

    def _covered(self) -> dict[tuple[int, int], tuple[int, int, int]]:
        """Where each place under a merged cell belongs: the cell's first row, first and last column."""
        covered: dict[tuple[int, int], tuple[int, int, int]] = {}
        places = len(self.rows) * self.width
        for top, left, bottom, right in self.merged:
            rows, columns = range(top, min(bottom + 1, len(self.rows))), range(left, min(right + 1, self.width))
            places += len(rows) * len(columns)
            if places > MOST_PLACES:
                raise UnreadableWorkbookError
            covered |= {(row, column): (top, left, columns[-1]) for row in rows for column in columns}
        if places > MOST_PLACES:
            raise UnreadableWorkbookError
        return covered


def _prices(row: SourceRow) -> bool:
    """Say whether a row is the head of a table with a column for points."""
    heads = [squeeze(fold(cell.text)) for cell in row.cells if cell.text]
    return read_head((row,)) is not None and any(POINTS_COLUMN.fullmatch(head) for head in heads)


def _text(value: Any, *, in_percent: bool) -> str:
    """A cell as printed: a whole number without its decimals, another with the digits that a table program shows."""
    if not isinstance(value, float):
        return str(value).strip()
    if in_percent:
        return f"{value * 100:.15g}%"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"
