"""A scheme as the annexes of a notice, a `.docx` in the official layout that reads back to the same scheme."""

import io

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from documents.official.layout import HEI, TITLE, UNSEEN, Type, page_numbers, paragraph, set_page, write
from scoring.engine.notice.printing import print_scheme
from scoring.engine.notice.source import Paragraph, Table
from scoring.engine.scheme import SchemeRules

LABEL = "附件"
# What is wide enough for the words of a row; the columns beside it share the rest of the type area's 156 mm.
WORDS, AREA = 90, 156


def scheme_docx(scheme: SchemeRules) -> bytes:
    """Write the scheme: its letter, then each annex on a page of its own, label at the margin, title centred."""
    paper = Document()
    page_numbers(paper, set_page(paper))
    above = ""
    for block in print_scheme(scheme).blocks:
        if isinstance(block, Table):
            _table(paper, block)
        elif block.text.startswith(LABEL):
            paragraph(paper, block.text, Type(HEI)).paragraph_format.page_break_before = True
        elif above.startswith(LABEL) or block.text == scheme.title:
            paragraph(paper, block.text, Type(TITLE, Pt(22)), align=WD_ALIGN_PARAGRAPH.CENTER)
        else:
            paragraph(paper, block.text, indent=0 if block.text == scheme.number else 2)
        above = block.text if isinstance(block, Paragraph) else ""
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _table(paper: Paper, table: Table) -> None:
    columns = len(table.rows[0].cells)
    printed = paper.add_table(rows=0, cols=columns, style="Table Grid")
    widths = [Mm(WORDS), *[Mm((AREA - WORDS) / (columns - 1))] * (columns - 1)]
    for number, row in enumerate(table.rows):
        for cell, source, width in zip(printed.add_row().cells, row.cells, widths, strict=True):
            cell.width = width
            kind = Type(HEI, Pt(12)) if number == 0 else Type(size=Pt(12))
            write(cell.paragraphs[0].add_run(UNSEEN.sub("", source.text)), kind)
