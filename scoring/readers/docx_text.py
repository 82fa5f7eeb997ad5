"""Reads a Word document's paragraphs and tables, with automatic numbers and inserted text, without deleted text."""

import io
from collections.abc import Iterator
from typing import Any

import docx

from scoring.engine.notice import Cell, Paragraph, Source, SourceRow, Table
from scoring.readers.docx_numbers import Numbers, W

Element = Any  # an lxml element; python-docx and lxml carry no types
BOX = f"{W}txbxContent"
# An older program's form of what stands beside it.
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SKIPPED = {f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText")} | {BOX, FALLBACK}
WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
CHARACTERS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def read_document(name: str, content: bytes) -> Source:
    """Read a document into paragraphs and tables with their places; the archive must have been checked before."""
    document = docx.Document(io.BytesIO(content))
    reader = _Reader(name, Numbers(document))
    return Source(name, tuple(reader.blocks(document.element.body)))


class _Reader:
    """Goes through the body once, in order, because automatic numbers count on."""

    def __init__(self, name: str, numbers: Numbers) -> None:
        self.name = name
        self.numbers = numbers
        self.paragraphs = 0
        self.tables = 0

    def blocks(self, parent: Element) -> Iterator[Paragraph | Table]:
        for child in _unwrapped(parent):
            if child.tag == f"{W}p":
                self.paragraphs += 1
                for line in self.text(child).split("\n"):
                    if line.strip():
                        yield Paragraph(line.strip(), f"{self.name}:p{self.paragraphs}")
                for box in _boxes(child):
                    yield from self.blocks(box)
            elif child.tag == f"{W}tbl":
                self.tables += 1
                yield self.table(child)

    def text(self, paragraph: Element) -> str:
        return self.numbers.prefix(paragraph) + "".join(_texts(paragraph))

    def table(self, table: Element) -> Table:
        place = f"{self.name}:table{self.tables}"
        rows = [row for row in _unwrapped(table) if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None]
        return Table(tuple(self.row(row, f"{place}:row{order}") for order, row in enumerate(rows, start=1)))

    def row(self, row: Element, place: str) -> SourceRow:
        column = _value(row, "trPr/gridBefore", 0)
        cells = []
        for cell in _unwrapped(row):
            if cell.tag != f"{W}tc":
                continue
            span = max(1, _value(cell, "tcPr/gridSpan", 1))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            continued = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            cells.append(Cell(self.cell_text(cell), column, span, continued))
            column += span
        return SourceRow(tuple(cells), place)

    def cell_text(self, cell: Element) -> str:
        lines = []
        for child in _unwrapped(cell):
            if child.tag == f"{W}p":
                lines.append(self.text(child))
                lines += [text for box in _boxes(child) if (text := self.cell_text(box))]
            elif child.tag == f"{W}tbl":
                lines += [inner.text for row in self.table(child).rows for inner in row.cells]
        return "\n".join(lines).strip()


def _unwrapped(parent: Element) -> Iterator[Element]:
    """Yield the children of an element, those inside content controls and insertions included."""
    for child in parent:
        if child.tag in WRAPPERS:
            yield from _unwrapped(child)
        else:
            yield child


def _texts(element: Element) -> Iterator[str]:
    """Yield the text of an element in order; what was deleted with revision marks or is hidden is left out."""
    for child in element:
        if child.tag in SKIPPED or _is_hidden(child):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in CHARACTERS:
            yield CHARACTERS[child.tag]
        else:
            yield from _texts(child)


def _boxes(element: Element) -> Iterator[Element]:
    """Yield the text boxes that are anchored in a paragraph, each once; their words follow the paragraph's."""
    for child in element:
        if child.tag == BOX:
            yield child
        elif child.tag not in SKIPPED and not _is_hidden(child):
            yield from _boxes(child)


def _is_hidden(run: Element) -> bool:
    """Whether a run is text that no reader of the printed page sees."""
    hidden = run.find(f"{W}rPr/{W}vanish") if run.tag == f"{W}r" else None
    return hidden is not None and hidden.get(f"{W}val", "true") not in {"0", "false", "off"}


def _value(element: Element, path: str, default: int) -> int:
    holder = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    value = "" if holder is None else holder.get(f"{W}val", "")
    return int(value) if value.isdecimal() else default
