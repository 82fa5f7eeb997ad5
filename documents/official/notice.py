"""The notice of results as a `.docx`: letter, then an attachment for each track with its grades (R14)."""

import io
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Pt

from documents.official.layout import HEI, TITLE, Type, page_numbers, paragraph, red_line, set_page

CENTRE = WD_ALIGN_PARAGRAPH.CENTER
LEFT = WD_ALIGN_PARAGRAPH.LEFT
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT


def notice_docx(content: dict[str, Any]) -> bytes:
    """Write the notice; `content` is what the notice seals: issuer, number, title, date, paragraphs, tracks."""
    paper = Document()
    section = set_page(paper)
    page_numbers(paper, section)
    _head(paper, content)
    _letter(paper, content)
    for number, track in enumerate(content["tracks"], start=1):
        _attachment(paper, number, track, len(content["tracks"]))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def chinese_date(day: date) -> str:
    """A date without leading zeros, as it stands under a letter."""
    return f"{day.year}年{day.month}月{day.day}日"


def attachment_title(track: dict[str, Any]) -> str:
    """The title of a track's attachment."""
    return f"{track['name']}考核结果"


def _head(paper: Paper, content: dict[str, Any]) -> None:
    mark = paragraph(paper, f"{content['issuer']}文件", Type(TITLE, Pt(36), red=True), align=CENTRE)
    mark.paragraph_format.line_spacing = Pt(60)
    mark.paragraph_format.space_before = Pt(60)
    paragraph(paper, "")
    paragraph(paper, "")
    red_line(paragraph(paper, content["number"], align=CENTRE))


def _letter(paper: Paper, content: dict[str, Any]) -> None:
    paragraph(paper, "")
    paragraph(paper, "")
    title = paragraph(paper, content["title"], Type(TITLE, Pt(22)), align=CENTRE)
    title.paragraph_format.line_spacing = Pt(34)
    paragraph(paper, "")
    paragraph(paper, f"{content['addressees'].rstrip('：:')}：")
    for text in content["paragraphs"]:
        paragraph(paper, text, indent=2)
    paragraph(paper, "")
    several = len(content["tracks"]) > 1
    for number, track in enumerate(content["tracks"], start=1):
        label = f"{number}." if several else ""
        lead = "附件：" if number == 1 else "　　　"
        paragraph(paper, f"{lead}{label}{attachment_title(track)}", indent=2, align=LEFT)
    paragraph(paper, "")
    paragraph(paper, "")
    paragraph(paper, content["issuer"], align=RIGHT, right=2)
    paragraph(paper, chinese_date(date.fromisoformat(content["issued_on"])), align=RIGHT, right=4)


def _attachment(paper: Paper, number: int, track: dict[str, Any], total: int) -> None:
    label = f"附件{number}" if total > 1 else "附件"
    first = paragraph(paper, "", align=LEFT)
    first.add_run().add_break(WD_BREAK.PAGE)
    first.paragraph_format.line_spacing = Pt(1)
    paragraph(paper, label, Type(HEI), align=LEFT)
    paragraph(paper, "")
    title = paragraph(paper, attachment_title(track), Type(TITLE, Pt(22)), align=CENTRE)
    title.paragraph_format.line_spacing = Pt(34)
    paragraph(paper, "")
    for grade in track["grades"]:
        paragraph(paper, f"{grade['grade']}（{len(grade['units'])}个）", Type(HEI), indent=2)
        paragraph(paper, "、".join(unit["unit"] for unit in grade["units"]), indent=2)
