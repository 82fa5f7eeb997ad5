"""The layout of an official document: page, grid, fonts and marks of GB/T 9704-2012, for python-docx.

Not a Word template filled by docxtpl, as was tried: the size of the mark, the faces of headings and the issuer's place
follow from the words and had to be set afterwards all the same, and nobody reads the standard's measures in a binary.
"""

import re
from dataclasses import dataclass

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.styles import CT_Style
from docx.oxml.text.font import CT_RPr
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FANG = "仿宋_GB2312"
TITLE = "方正小标宋简体"
HEI = "黑体"
KAI = "楷体_GB2312"
SONG = "宋体"
# What can be pasted from a word processor and can't stand in a document's file.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
RED = RGBColor(0xC0, 0x00, 0x00)
# Body: 3号 (16 pt), 22 lines of 28 characters; twentieths of a point for the grid.
BODY = Pt(16)
LINE_PITCH = Pt(28.95)
GRID_LINE = 579
GRID_CHAR = -1024
# The same quarter of a point, in twentieths: from 16 pt to the pitch of 15.75 pt.
BODY_SPACING = -5


@dataclass(frozen=True)
class Type:
    """A type face and size."""

    font: str = FANG
    size: Pt = BODY
    red: bool = False
    bold: bool = False


def set_page(document: Document) -> Section:
    """A4 with the type area of 156 × 225 mm and the grid of 22 lines × 28 characters."""
    _set_face(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The dash of the page number stands 7 mm below the type area: in the middle of a line of 14 pt.
    section.footer_distance = Mm(25.5)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(GRID_LINE))
    grid.set(qn("w:charSpace"), str(GRID_CHAR))
    return section


def _set_face(document: Document) -> None:
    """The body's face and size for the whole document: the grid counts in characters of this size."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FANG, BODY
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FANG)
    style.paragraph_format.widow_control = False
    _pace(style.element)


def _pace(style: CT_Style) -> None:
    """28 characters a line by their own spacing: word processors read the grid of characters in different ways."""
    for properties, successors in (
        (style.get_or_add_pPr(), ("w:spacing", "w:ind", "w:jc", "w:rPr")),
        (style.get_or_add_rPr(), ("w:vanish", "w:color", "w:spacing", "w:kern", "w:sz", "w:szCs", "w:lang")),
    ):
        snap = OxmlElement("w:snapToGrid")
        snap.set(qn("w:val"), "0")
        properties.insert_element_before(snap, *successors)
    _space(style.get_or_add_rPr(), BODY_SPACING)


def _space(properties: CT_RPr, twentieths: int) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(twentieths))
    properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")


def write(run: Run, kind: Type) -> Run:
    """Set a run in a type; the East Asian face is named too, or Word takes its own."""
    run.font.name, run.font.size, run.font.bold = kind.font, kind.size, kind.bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), kind.font)
    if kind.red:
        run.font.color.rgb = RED
    if kind.size != BODY:
        _space(run._element.get_or_add_rPr(), 0)
    return run


def paragraph(
    document: Document,
    text: str,
    kind: Type = Type(),  # frozen
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: float = 0,
    right: float = 0,
) -> Paragraph:
    """Add a paragraph on the grid; `indent` and `right` in characters of its type."""
    added = document.add_paragraph()
    form = added.paragraph_format
    form.alignment = align
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE_PITCH
    form.first_line_indent = Pt(kind.size.pt * indent) if indent else None
    form.right_indent = Pt(kind.size.pt * right) if right else None
    write(added.add_run(UNSEEN.sub("", text)), kind)
    return added


def red_line(below: Paragraph) -> None:
    """The red separating line, as wide as the type area, 4 mm below a paragraph."""
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    # The schema fixes the order of a paragraph's properties: the border comes before spacing and alignment.
    below._element.get_or_add_pPr().insert_element_before(border, "w:spacing", "w:ind", "w:jc", "w:rPr")


def page_numbers(document: Document, section: Section) -> None:
    """`— 1 —` in 4号 宋体, odd pages right, even pages left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        kind = Type(SONG, Pt(14))
        write(line.add_run("— "), kind)
        _field(write(line.add_run(), kind), "PAGE")
        write(line.add_run(" —"), kind)


def _field(run: Run, code: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = code
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)
