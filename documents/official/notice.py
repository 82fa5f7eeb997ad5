"""The notice of results as a `.docx`: letter, then an attachment for each track with its grades (R14)."""

import io
import re
from datetime import date

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from documents.official.layout import HEI, KAI, TITLE, Type, page_numbers, paragraph, red_line, set_page
from documents.official.results import NoticeContent, TrackResults

CENTRE = WD_ALIGN_PARAGRAPH.CENTER
LEFT = WD_ALIGN_PARAGRAPH.LEFT
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
# The type area is 28 characters of 16 pt wide; the mark is as large as it may be on one line.
WIDTH, LARGEST = 441, 48
DATE_FROM_RIGHT = 4
HEADINGS = (
    (re.compile(r"[一二三四五六七八九十]+、"), Type(HEI)),
    (re.compile(r"（[一二三四五六七八九十]+）"), Type(KAI)),
)


def notice_docx(content: NoticeContent) -> bytes:
    """Write the notice; `content` is what the notice seals."""
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


def attachment_title(track: TrackResults) -> str:
    """The title of a track's attachment."""
    return f"{track['name']}考核结果"


def _head(paper: Paper, content: NoticeContent) -> None:
    words = f"{content['issuer']}文件"
    size = min(LARGEST, WIDTH // len(words))
    mark = paragraph(paper, words, Type(TITLE, Pt(size), red=True), align=CENTRE)
    mark.paragraph_format.space_before, mark.paragraph_format.line_spacing = Mm(35), Pt(size + 4)
    paragraph(paper, "")
    paragraph(paper, "")
    red_line(paragraph(paper, content["number"], align=CENTRE))


def _letter(paper: Paper, content: NoticeContent) -> None:
    paragraph(paper, "")
    paragraph(paper, "")
    title = paragraph(paper, content["title"], Type(TITLE, Pt(22)), align=CENTRE)
    title.paragraph_format.line_spacing = Pt(34)
    paragraph(paper, "")
    paragraph(paper, f"{content['addressees'].rstrip('：:')}：")
    for text in content["paragraphs"]:
        paragraph(paper, text, _type_of(text), indent=2)
    paragraph(paper, "")
    several = len(content["tracks"]) > 1
    for number, track in enumerate(content["tracks"], start=1):
        label = f"{number}." if several else ""
        lead = "附件：" if number == 1 else "　　　"
        paragraph(paper, f"{lead}{label}{attachment_title(track)}", indent=2, align=LEFT)
    paragraph(paper, "")
    paragraph(paper, "")
    _signature(paper, content["issuer"], chinese_date(date.fromisoformat(content["issued_on"])))


def _type_of(text: str) -> Type:
    """The type of a paragraph: `一、` 黑体, `（一）` 楷体, the rest 仿宋."""
    return next((kind for pattern, kind in HEADINGS if pattern.match(text)), Type())


def _signature(paper: Paper, issuer: str, day: str) -> None:
    """As with a seal: the date four characters from the right, the issuer centred above it."""
    beside = DATE_FROM_RIGHT + (_characters(day) - _characters(issuer)) / 2
    paragraph(paper, issuer, align=RIGHT, right=max(beside, 0))
    paragraph(paper, day, align=RIGHT, right=DATE_FROM_RIGHT)


def _characters(text: str) -> float:
    """The width of a text in characters: figures are half as wide."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


def _attachment(paper: Paper, number: int, track: TrackResults, total: int) -> None:
    label = paragraph(paper, f"附件{number}" if total > 1 else "附件", Type(HEI), align=LEFT)
    label.paragraph_format.page_break_before = True
    paragraph(paper, "")
    title = paragraph(paper, attachment_title(track), Type(TITLE, Pt(22)), align=CENTRE)
    title.paragraph_format.line_spacing = Pt(34)
    paragraph(paper, "")
    for grade in track["grades"]:
        paragraph(paper, f"{grade['grade']}（{len(grade['units'])}个）", Type(HEI), indent=2)
        paragraph(paper, "、".join(unit["unit"] for unit in grade["units"]), indent=2)
