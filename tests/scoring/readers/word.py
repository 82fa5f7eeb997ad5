"""Builds Word documents of a notice for the tests: real tables, merged cells, automatic numbers, revisions."""

import io
import re
from copy import deepcopy
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from scoring.engine.notice import Source, SourceRow, Table

NUMBERED = re.compile(r"(\d)\.(?!\.)")


def build(source: Source, *, automatic: bool = False, inserted: bool = False, controls: bool = False) -> bytes:
    """Write a source as .docx; rows of one cell are merged across the table."""
    document = docx.Document()
    number = _numbering(document) if automatic else ""
    for block in source.blocks:
        if isinstance(block, Table):
            _table(document, block.rows, number, inserted)
        else:
            _fill(document.add_paragraph(), block.text, inserted)
    if controls:
        for child in list(document.element.body):
            if child.tag in (qn("w:p"), qn("w:tbl")):
                _wrap(child)
    return saved(document)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _table(document: Any, rows: tuple[SourceRow, ...], number: str, inserted: bool) -> None:
    columns = max(len(row.cells) for row in rows)
    table = document.add_table(rows=0, cols=columns)
    last = 0
    for row in rows:
        cells = table.add_row().cells
        if len(row.cells) == 1 or not any(cell.text for cell in row.cells[1:]):
            cells = [cells[0].merge(cells[-1])]
        for cell, target in zip(row.cells, cells, strict=False):
            lines = cell.text.split("\n")
            for index, line in enumerate(lines):
                paragraph = target.paragraphs[0] if index == 0 else target.add_paragraph()
                match = NUMBERED.match(line) if number and index == 0 and cell.column == 0 else None
                _fill(paragraph, line[match.end() :] if match else line, inserted)
                if match:
                    last = _number(document, paragraph, last, int(match[1]))


def _fill(paragraph: Any, text: str, inserted: bool) -> None:
    """Write text as one run; with revisions: the end inserted, and a stretch deleted that was never meant."""
    half = len(text) // 2 if inserted else len(text)
    paragraph.add_run(text[:half])
    if not inserted:
        return
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    gone = OxmlElement("w:delText")
    gone.text = "（99分）"
    run.append(gone)
    deleted.append(run)
    paragraph._p.append(deleted)
    added = OxmlElement("w:ins")
    added.append(deepcopy(paragraph.add_run(text[half:])._r))
    paragraph._p.remove(paragraph._p[-1])
    paragraph._p.append(added)


def _wrap(element: Any) -> None:
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    element.addprevious(control)
    control.append(content)
    content.append(element)


def _numbering(document: Any, shape: str = "decimal", text: str = "%1.") -> str:
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "900")
    for level, (own, printed) in enumerate([(shape, text), ("decimal", "%1.%2"), ("bullet", "•")]):
        item = OxmlElement("w:lvl")
        item.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", own), ("w:lvlText", printed)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            item.append(child)
        abstract.append(item)
    numbering.insert(0, abstract)
    return "900"


def add_list(document: Any, number_id: str, *, start: str | None = None) -> None:
    """Add a list that uses the shape of `_numbering`, with a start of its own where told."""
    item = OxmlElement("w:num")
    item.set(qn("w:numId"), number_id)
    abstract = OxmlElement("w:abstractNumId")
    abstract.set(qn("w:val"), "900")
    item.append(abstract)
    if start:
        override, value = OxmlElement("w:lvlOverride"), OxmlElement("w:startOverride")
        override.set(qn("w:ilvl"), "0")
        value.set(qn("w:val"), start)
        override.append(value)
        item.append(override)
    document.part.numbering_part.element.append(item)


def numbered(paragraph: Any, number_id: str, level: str = "0") -> None:
    """Give a paragraph (or a style) an automatic number."""
    properties = paragraph._p.get_or_add_pPr() if hasattr(paragraph, "_p") else paragraph.element.get_or_add_pPr()
    reference = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", number_id)):
        child = OxmlElement(tag)
        child.set(qn("w:val"), value)
        reference.append(child)
    properties.append(reference)


def _number(document: Any, paragraph: Any, last: int, number: int) -> int:
    """Number a paragraph automatically; a list begins anew wherever the print does not count on."""
    if number != last + 1 or number == 1:
        add_list(document, _name(document), start=str(number))
    numbered(paragraph, str(1000 + _count(document)))
    return number


def _count(document: Any) -> int:
    return len(document.part.numbering_part.element.findall(qn("w:num")))


def _name(document: Any) -> str:
    return str(1000 + _count(document) + 1)
