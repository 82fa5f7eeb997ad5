"""The notice of results as a letter: its parts in order, lines on the grid, lists of any length, a lasting seal."""

import io
import zipfile
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from documents.models import NoticeReceipt, ResultNotice
from documents.official.notice import chinese_date, notice_docx
from scoring.engine.scheme import scheme_sha256
from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle

FACES = {"仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"}


def a_track(name: str, **grades: int) -> dict[str, Any]:
    listed = [
        {"grade": grade, "units": [{"unit": f"{name}{grade}{number}"} for number in range(1, count + 1)]}
        for grade, count in grades.items()
    ]
    return {"name": name, "grades": listed}


CONTENT: dict[str, Any] = {
    "issuer": "测试市科学技术协会",
    "number": "测科协发〔2027〕8号",
    "title": "关于2026年度工作考核结果的通报",
    "issued_on": "2027-01-01",
    "addressees": "各区县科协",
    "paragraphs": ["现将结果通报如下。"],
    "tracks": [a_track("区县科协", 特等=1, 一等=2)],
}


def written(**changes: Any) -> Paper:
    """The letter with these changes, as a word processor opens it."""
    return Document(io.BytesIO(notice_docx(deepcopy(CONTENT) | changes)))


def texts(paper: Paper) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs]


def face(paper: Paper, text: str) -> str:
    line = next(paragraph for paragraph in paper.paragraphs if paragraph.text == text)
    return str(line.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")))


def test_the_letter_reads_from_the_mark_to_the_last_unit() -> None:
    assert texts(written()) == [
        "测试市科学技术协会文件",
        "",
        "",
        "测科协发〔2027〕8号",
        "",
        "",
        "关于2026年度工作考核结果的通报",
        "",
        "各区县科协：",
        "现将结果通报如下。",
        "",
        "附件：区县科协考核结果",
        "",
        "",
        "测试市科学技术协会",
        "2027年1月1日",
        "附件",
        "",
        "区县科协考核结果",
        "",
        "特等（1个）",
        "区县科协特等1",
        "一等（2个）",
        "区县科协一等1、区县科协一等2",
    ]


@pytest.mark.parametrize("typed", ["各区县科协", "各区县科协：", "各区县科协:", "各区县科协：："])
def test_whoever_is_addressed_is_followed_by_one_colon(typed: str) -> None:
    assert "各区县科协：" in texts(written(addressees=typed))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、总体情况", "黑体"),
        ("十二、其他", "黑体"),
        ("（一）区县", "楷体_GB2312"),
        ("（十一）高校", "楷体_GB2312"),
        ("1.成绩突出", "仿宋_GB2312"),
        ("（1）突出", "仿宋_GB2312"),
        ("一是成绩突出", "仿宋_GB2312"),
        ("一批单位、两个集体", "仿宋_GB2312"),
        ("特等、一等", "仿宋_GB2312"),
        ("第一、第二", "仿宋_GB2312"),
        ("如下：一、总体情况", "仿宋_GB2312"),
    ],
)
def test_only_what_begins_as_a_heading_is_set_as_one(text: str, expected: str) -> None:
    assert face(written(paragraphs=[text]), text) == expected


def test_everything_but_mark_and_titles_stands_on_the_grid() -> None:
    free = {"测试市科学技术协会文件", "关于2026年度工作考核结果的通报", "区县科协考核结果"}
    for paragraph in written().paragraphs:
        form = paragraph.paragraph_format
        assert form.line_spacing_rule == WD_LINE_SPACING.EXACTLY and form.space_after == Pt(0)
        if paragraph.text not in free:
            assert form.line_spacing == Pt(28.95) and form.space_before == Pt(0)


def test_no_other_face_than_those_of_the_standard_is_used_and_only_the_mark_is_red() -> None:
    for paragraph in written().paragraphs:
        for run in paragraph.runs:
            assert run.font.name in FACES
            assert (run.font.color.rgb is not None) == (paragraph.text == "测试市科学技术协会文件")


def test_body_and_lists_are_justified_or_left_and_begin_two_characters_in() -> None:
    paper = written()
    for paragraph in paper.paragraphs:
        if paragraph.text in ("现将结果通报如下。", "区县科协特等1", "特等（1个）", "附件：区县科协考核结果"):
            assert paragraph.paragraph_format.first_line_indent == Pt(32)
            assert paragraph.alignment in (WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT)


@pytest.mark.parametrize("count", [1, 2, 4, 9])
def test_each_attachment_is_listed_without_an_end_mark_and_begins_its_own_page(count: int) -> None:
    paper = written(tracks=[a_track(f"第{number}组", 一等=1) for number in range(1, count + 1)])
    listed = [text for text in texts(paper) if text.endswith("组考核结果") and not text.startswith("第")]
    begun = [paragraph for paragraph in paper.paragraphs if paragraph.paragraph_format.page_break_before]
    assert len(listed) == len(begun) == count
    assert [paragraph.text for paragraph in begun] == (
        ["附件"] if count == 1 else [f"附件{n}" for n in range(1, count + 1)]
    )


def test_without_any_track_the_letter_has_no_attachment() -> None:
    assert not [text for text in texts(written(tracks=[])) if "附件" in text]


def test_many_units_stand_in_one_paragraph_in_the_order_given() -> None:
    paper = written(tracks=[a_track("区县科协", 一等=41)])
    (listed,) = [text for text in texts(paper) if text.startswith("区县科协一等1、")]
    assert listed.split("、") == [f"区县科协一等{number}" for number in range(1, 42)]
    assert "一等（41个）" in texts(paper)


@pytest.mark.parametrize("words", ["<b>&\"'", "甲 & 乙", "镕喆堃昇玥𠮷", "行\t内", " 前后 "])
def test_every_character_stands_in_the_file_as_it_was_given(words: str) -> None:
    paper = written(title=words, paragraphs=[words], tracks=[{"name": words, "grades": []}])
    assert texts(paper).count(words) == 2 and f"附件：{words}考核结果" in texts(paper)


@pytest.mark.parametrize("issuer", ["科协", "某市科学技术协会", "某某经济技术开发区科学技术协会联合办公室"])
def test_the_mark_stays_on_one_line_within_the_type_area_whoever_issues(issuer: str) -> None:
    mark = written(issuer=issuer).paragraphs[0]
    size = mark.runs[0].font.size
    assert size is not None and size.pt * len(mark.text) <= Mm(156).pt and size <= Pt(48)
    assert mark.alignment == WD_ALIGN_PARAGRAPH.CENTER


@pytest.mark.parametrize("issuer", ["科协", "测试市科协", "测试市科学技术协会"])
@pytest.mark.parametrize("day", ["2027-01-01", "2027-12-31"])
def test_the_issuer_is_centred_above_the_date_with_room_for_the_seal(issuer: str, day: str) -> None:
    paper = written(issuer=issuer, issued_on=day)
    day_in_words = chinese_date(date.fromisoformat(day))
    name, dated = [paragraph for paragraph in paper.paragraphs if paragraph.text in (issuer, day_in_words)]
    assert name.paragraph_format.right_indent is not None and dated.paragraph_format.right_indent == Pt(64)
    width = {
        issuer: 16.0 * len(issuer),
        day_in_words: sum(8.0 if letter.isascii() else 16.0 for letter in day_in_words),
    }
    centres = [paragraph.paragraph_format.right_indent.pt + width[paragraph.text] / 2 for paragraph in (name, dated)]
    assert centres[0] == pytest.approx(centres[1], abs=1)


def test_the_parts_of_the_file_are_well_formed_and_the_grid_is_the_section_s_last_word() -> None:
    with zipfile.ZipFile(io.BytesIO(notice_docx(CONTENT))) as packed:
        assert packed.testzip() is None
        for name in packed.namelist():
            if name.endswith(".xml"):
                etree.fromstring(packed.read(name))
    section = written().sections[0]._sectPr
    assert len(section.findall(qn("w:docGrid"))) == 1


@pytest.fixture
def issued(db: None) -> World:
    return a_cycle().with_units(2).circulated()


def test_the_seal_of_a_notice_is_redone_from_its_content_and_the_file_says_the_same(issued: World) -> None:
    notice = ResultNotice.objects.get()
    assert notice.sha256 == scheme_sha256(notice.body)
    assert (notice.body["number"], notice.body["title"]) == (notice.number, notice.title)
    assert notice.body["issued_on"] == notice.issued_on.isoformat()
    written_down = texts(Document(notice.file))
    assert notice.number in written_down and chinese_date(notice.issued_on) in written_down
    named = {unit["unit"] for track in notice.body["tracks"] for grade in track["grades"] for unit in grade["units"]}
    assert named == set(ScoreSheet.objects.values_list("unit_name", flat=True))
    assert all(any(name in line for line in written_down) for name in named)


def test_a_unit_that_is_renamed_afterwards_keeps_its_name_in_what_was_issued(issued: World) -> None:
    before = ResultNotice.objects.get()
    content = before.file.read()
    ScoreSheet.objects.update(unit_name="改名后的单位")
    after = ResultNotice.objects.get()
    assert (after.body, after.sha256, after.file.read()) == (before.body, before.sha256, content)
    assert "改名后的单位" not in "".join(texts(Document(io.BytesIO(content))))


def test_every_unit_gets_one_receipt_that_nobody_has_confirmed_yet(issued: World) -> None:
    assert NoticeReceipt.objects.count() == 2
    assert not NoticeReceipt.objects.exclude(confirmed_by=None, confirmed_at=None).exists()
