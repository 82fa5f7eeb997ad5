"""The `.docx` of a notice of results against GB/T 9704-2012: page, grid, fonts, marks, attachments, page numbers."""

import io
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from documents.official.notice import attachment_title, chinese_date, notice_docx


def units(*names: str) -> list[dict[str, Any]]:
    """Units as a notice lists them."""
    return [{"unit": name, "rank": rank, "total": "90.00"} for rank, name in enumerate(names, start=1)]


TRACKS: list[dict[str, Any]] = [
    {
        "code": "district",
        "name": "区县科协",
        "grades": [
            {"grade": "特等", "units": units("甲区科协")},
            {"grade": "一等", "units": units("乙区科协", "丙县科协")},
        ],
    },
    {"code": "society", "name": "市级学会", "grades": [{"grade": "一等", "units": units("丁学会")}]},
]
CONTENT: dict[str, Any] = {
    "issuer": "重庆市科学技术协会",
    "number": "渝科协发〔2021〕8号",
    "title": "关于2020年度工作考核结果的通报",
    "issued_on": "2021-02-08",
    "addressees": "各区县科协，各市级学会",
    "tracks": TRACKS,
    "paragraphs": ["现将结果通报如下。", "一、总体情况", "（一）区县", "希望再接再厉。"],
}


@pytest.fixture(scope="module")
def paper() -> Paper:
    """The document as Word would open it."""
    return Document(io.BytesIO(notice_docx(CONTENT)))


def line(paper: Paper, text: str) -> Paragraph:
    """The paragraph that says exactly this."""
    return next(paragraph for paragraph in paper.paragraphs if paragraph.text == text)


def face(paragraph: Paragraph) -> str | None:
    """The East Asian face of a paragraph's first run."""
    fonts = paragraph.runs[0]._element.rPr.rFonts
    return str(fonts.get(qn("w:eastAsia")))


def test_the_page_is_a4_with_the_margins_of_the_standard(paper: Paper) -> None:
    section = paper.sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [37, 35, 28, 26]


def test_the_grid_holds_22_lines_of_28_characters(paper: Paper) -> None:
    grid = paper.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    assert int(Mm(225).pt / pitch) == 22
    character = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert int(Mm(156).pt / character) == 28


def test_28_characters_stand_on_a_line_whatever_a_word_processor_makes_of_the_grid(paper: Paper) -> None:
    style = paper.styles["Normal"].element
    assert [snap.get(qn("w:val")) for snap in style.iter(qn("w:snapToGrid"))] == ["0", "0"]
    spacing = int(style.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * (16 + spacing) <= Mm(156).pt < 29 * (16 + spacing)


def test_only_letters_of_the_body_s_size_stand_closer(paper: Paper) -> None:
    for paragraph in paper.paragraphs:
        for run in paragraph.runs:
            spacing = run._element.rPr.find(qn("w:spacing"))
            assert (spacing is None) is (run.font.size == Pt(16)), run.text
            assert spacing is None or spacing.get(qn("w:val")) == "0"


def test_the_body_is_fang_song_at_16_points_for_east_asian_text_too(paper: Paper) -> None:
    body = line(paper, "现将结果通报如下。")
    assert face(body) == "仿宋_GB2312" and body.runs[0].font.size == Pt(16)
    assert body.paragraph_format.first_line_indent == Pt(32)
    normal = paper.styles["Normal"].element.rPr.rFonts
    assert normal.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_every_run_names_its_east_asian_face(paper: Paper) -> None:
    for paragraph in paper.paragraphs:
        for run in paragraph.runs:
            assert run._element.rPr.rFonts.get(qn("w:eastAsia")) == run.font.name


def test_the_mark_is_red_and_on_one_line(paper: Paper) -> None:
    mark = line(paper, "重庆市科学技术协会文件")
    font = mark.runs[0].font
    assert face(mark) == "方正小标宋简体" and str(font.color.rgb) == "C00000"
    assert font.size is not None and font.size.pt * len(mark.text) <= Mm(156).pt
    assert mark.paragraph_format.space_before is not None and round(mark.paragraph_format.space_before.mm) == 35


def test_a_long_issuers_mark_shrinks() -> None:
    paper = Document(io.BytesIO(notice_docx(CONTENT | {"issuer": "某某某某某某某某省科学技术协会联合会办公室"})))
    mark = paper.paragraphs[0]
    assert mark.runs[0].font.size is not None
    assert mark.runs[0].font.size.pt * len(mark.text) <= Mm(156).pt


def test_the_number_has_hexagonal_brackets_two_lines_below_and_the_red_line_under_it(paper: Paper) -> None:
    number = line(paper, CONTENT["number"])
    place = [paragraph.text for paragraph in paper.paragraphs].index(CONTENT["number"])
    assert [paragraph.text for paragraph in paper.paragraphs[place - 2 : place]] == ["", ""]
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    properties = number._element.pPr
    bottom = properties.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert bottom.get(qn("w:color")) == "C00000"
    # 4 mm are 11.3 points.
    assert bottom.get(qn("w:space")) == "11"
    names = [child.tag for child in properties]
    assert names.index(qn("w:pBdr")) < names.index(qn("w:spacing")) < names.index(qn("w:jc"))


def test_title_and_levels_have_their_faces(paper: Paper) -> None:
    title = line(paper, CONTENT["title"])
    assert face(title) == "方正小标宋简体" and title.runs[0].font.size == Pt(22)
    assert face(line(paper, "一、总体情况")) == "黑体"
    assert face(line(paper, "（一）区县")) == "楷体_GB2312"
    assert line(paper, "各区县科协，各市级学会：").paragraph_format.first_line_indent is None


def test_attachments_are_listed_and_each_begins_a_page(paper: Paper) -> None:
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert "附件：1.区县科协考核结果" in texts and "　　　2.市级学会考核结果" in texts
    for label in ("附件1", "附件2"):
        first = line(paper, label)
        assert first.paragraph_format.page_break_before and face(first) == "黑体"
        place = texts.index(label)
        assert texts[place + 1] == "" and texts[place + 2].endswith("考核结果")
    assert "乙区科协、丙县科协" in texts and "特等（1个）" in texts


def test_one_attachment_has_no_number() -> None:
    paper = Document(io.BytesIO(notice_docx(CONTENT | {"tracks": TRACKS[:1]})))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert "附件" in texts and "附件：区县科协考核结果" in texts


def test_the_date_ends_four_characters_from_the_right_with_the_issuer_centred_above(paper: Paper) -> None:
    day = line(paper, "2021年2月8日")
    assert day.alignment == WD_ALIGN_PARAGRAPH.RIGHT and day.paragraph_format.right_indent == Pt(64)
    issuer = [paragraph for paragraph in paper.paragraphs if paragraph.text == CONTENT["issuer"]][-1]
    assert issuer.paragraph_format.right_indent is not None
    # Nine characters above a date of six: one and a half more to either side.
    assert issuer.paragraph_format.right_indent == Pt(16 * 2.5)


def test_page_numbers_stand_outside_between_dashes(paper: Paper) -> None:
    assert paper.settings.odd_and_even_pages_header_footer
    section = paper.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        number = footer.paragraphs[0]
        assert number.text.startswith("— ") and number.text.endswith(" —") and number.alignment == align
        assert "PAGE" in "".join(element.text or "" for element in number._element.iter(qn("w:instrText")))
        assert number.runs[0].font.size == Pt(14) and face(number) == "宋体"
        assert number.paragraph_format.right_indent == number.paragraph_format.left_indent == Pt(14)


def test_dates_have_no_leading_zeros() -> None:
    assert chinese_date(date(2021, 2, 8)) == "2021年2月8日"
    assert attachment_title({"name": "市级学会"}) == "市级学会考核结果"
