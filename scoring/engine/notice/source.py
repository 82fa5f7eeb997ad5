"""What the reader reads: paragraphs and tables in order, each with its place in the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    """A line of text outside tables."""

    text: str
    place: str


@dataclass(frozen=True)
class Cell:
    """A table cell: its text, its first column and how many columns it spans; `continued` when merged from above."""

    text: str
    column: int
    span: int = 1
    continued: bool = False


@dataclass(frozen=True)
class SourceRow:
    """A table row with its place in the file."""

    cells: tuple[Cell, ...]
    place: str

    def at(self, column: int) -> Cell | None:
        """Return the cell that covers this column, or None where the row has none."""
        return next((cell for cell in self.cells if cell.column <= column < cell.column + cell.span), None)


@dataclass(frozen=True)
class Table:
    """A table: its rows in order."""

    rows: tuple[SourceRow, ...]


@dataclass(frozen=True)
class Source:
    """A notice as it lies in its file, without any reading."""

    name: str
    blocks: tuple[Paragraph | Table, ...]


@dataclass
class _TextTable:
    """Collects the rows of a table while a text is read line by line."""

    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def begin_row(self, number: int, line: str) -> None:
        self.rows.append((number, line.split("\t")[1:]))

    def next_cells(self, line: str) -> None:
        self.rows[-1][1].extend(line.split("\t")[1:])

    def more_text(self, line: str) -> None:
        first, *cells = line.split("\t")
        self.rows[-1][1][-1] += "\n" + first
        self.rows[-1][1].extend(cells)

    def done(self, name: str) -> Table:
        return Table(
            tuple(
                SourceRow(tuple(Cell(text.strip(), column) for column, text in enumerate(cells)), f"{name}:{number}")
                for number, cells in self.rows
            )
        )


AFTER_TABLE = ("注", "附件", "备注", "说明", "附:", "附：")


def from_text(name: str, text: str) -> Source:
    """Read a text as a word processor saves it: a cell starts with a TAB, a blank line and a TAB begin a new row."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Source(name, tuple(_blocks(name, lines)))


def _blocks(name: str, lines: list[str]) -> Iterator[Paragraph | Table]:
    table: _TextTable | None = None
    for index, line in enumerate(lines):
        if line.startswith("\t"):
            table = table or _TextTable()
            if table.rows and lines[index - 1].strip(" \u3000\xa0\r"):
                table.next_cells(line)
            else:
                table.begin_row(index + 1, line)
        elif table is not None and not _ends(lines, index):
            table.more_text(line)
        else:
            if table is not None:
                yield table.done(name)
                table = None
            if line.strip():
                yield Paragraph(line.strip(), f"{name}:{index + 1}")
    if table is not None:
        yield table.done(name)


def _ends(lines: list[str], index: int) -> bool:
    """Say whether a line without a TAB lies outside the table above it."""
    line = lines[index].strip()
    if not line:
        return False
    if line.startswith(AFTER_TABLE) and not lines[index - 1].strip():
        return True
    two_blank = index > 1 and not lines[index - 1].strip() and not lines[index - 2].strip()
    return two_blank and not _cell_follows(lines, index)


def _cell_follows(lines: list[str], index: int) -> bool:
    """Say whether the text that begins here is still inside a row: a TAB comes right after a line of text."""
    for number in range(index + 1, len(lines)):
        if lines[number].startswith("\t"):
            return bool(lines[number - 1].strip())
        if lines[number].strip().startswith(AFTER_TABLE):
            break
    return False
