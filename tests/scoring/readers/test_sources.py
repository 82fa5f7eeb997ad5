"""Files: text and Word documents as offices save them, and everything that is no notice."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Paragraph, Source, Table, from_text, read_notice
from scoring.readers.sources import LARGEST_FILE, read_source
from tests.scoring.engine.paths import CITY, NOTICE
from tests.scoring.readers.word import _numbering, add_list, build, numbered, saved

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def zipped(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def encrypted(content: bytes) -> bytes:
    """Set the encryption flag of the first entry, in its own header and in the directory."""
    at = content.index(b"PK\x01\x02")
    return content[:6] + b"\x01" + content[7 : at + 8] + b"\x01" + content[at + 9 :]


DOCUMENT = build(from_text("n.txt", NOTICE.read_text()))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.docx", b" \n"),
        ("picture.docx", PNG),
        ("picture.txt", PNG),
        ("nul.txt", b"a\0b"),
        ("old.doc", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("cut.docx", DOCUMENT[:5000]),
        ("sheet.docx", zipped(xl__workbook_xml=b"<x/>")),
        ("broken.docx", zipped(word__document_xml=b"<x")),
        ("bomb.docx", zipped(word__document_xml=bytes(101 * 1024 * 1024))),
        ("many.docx", zipped(**{f"e{number}": b"" for number in range(2001)})),
        ("locked.docx", encrypted(DOCUMENT)),
        ("prose.txt", "关于考核的通知\n没有表格。".encode()),
        ("large.txt", b"a" * (21 * 1024 * 1024)),
    ],
)
def test_what_is_no_notice_says_what_would_be_right(name: str, content: bytes) -> None:
    with pytest.raises(EngineErrors) as caught:
        read_source(name, content)
    assert [error.place for error in caught.value] == [name]
    assert all(error.remedy for error in caught.value)


def test_what_a_damaged_document_broke_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING")
    with pytest.raises(EngineErrors):
        read_source("n.docx", zipped(word__document_xml="<张三/>".encode()))
    assert "KeyError" in caplog.text and "张三" not in caplog.text


def test_the_limit_that_is_told_is_the_limit() -> None:
    with pytest.raises(EngineErrors) as caught:
        read_source("n.txt", b"a" * (LARGEST_FILE + 1))
    (error,) = caught.value
    assert error.remedy and error.remedy.params == {"size": LARGEST_FILE // 1024**2}


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.docx", "a"]))
def test_any_bytes_at_all(content: bytes, name: str) -> None:
    with pytest.raises(EngineErrors):
        read_notice(read_source(name, content))


def test_damage_anywhere_is_no_traceback() -> None:
    for at in range(0, len(DOCUMENT), 997):
        content = DOCUMENT[:at] + b"\xff\x00" + DOCUMENT[at + 2 :]
        try:
            read_notice(read_source("n.docx", content))
        except EngineErrors as errors:
            assert errors.errors


def test_another_city_in_word_with_every_trick() -> None:
    source = from_text("n.txt", CITY.read_text())
    plain = read_notice(source)
    again = read_notice(read_source("n.docx", build(source, inserted=True, controls=True)))
    assert [track.to_json() for track in again.tracks] == [track.to_json() for track in plain.tracks]


def lines(document: object) -> list[str]:
    document.add_table(1, 1)  # type: ignore[attr-defined]  # python-docx has no types
    blocks = read_source("n.docx", saved(document)).blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("chineseCountingThousand", "%1、", ["一、", "二、"]),
        ("decimalEnclosedCircle", "%1", ["①", "②"]),
        ("bullet", "•", ["", ""]),
        ("decimal", "第%1条", ["第1条", "第2条"]),
    ],
)
def test_automatic_numbers(shape: str, text: str, expected: list[str]) -> None:
    document = docx.Document()
    _numbering(document, shape, text)
    add_list(document, "77")
    for _time in range(2):
        numbered(document.add_paragraph("甲"), "77")
    assert lines(document) == [f"{number}甲" for number in expected]


@pytest.mark.parametrize(("text", "start"), [("%1" * 200, "1"), ("%1.", "40000"), ("%1.", "9" * 5000)])
def test_a_list_that_would_grow_with_every_paragraph_is_refused(text: str, start: str) -> None:
    document = docx.Document()
    _numbering(document, "decimal", text)
    add_list(document, "77", start=start)
    numbered(document.add_paragraph("甲"), "77")
    with pytest.raises(EngineErrors):
        lines(document)


def test_numbers_by_level_by_style_and_with_a_start_of_their_own() -> None:
    document = docx.Document()
    _numbering(document, "chineseCounting", "（%1）")
    add_list(document, "77")
    add_list(document, "78", start="12")
    numbered(document.styles["Body Text"], "77")
    for level in ("0", "1", "1"):
        numbered(document.add_paragraph("甲"), "77", level)
    document.add_paragraph("乙", style="Body Text")
    numbered(document.add_paragraph("丙"), "77", "1")
    numbered(document.add_paragraph("丁"), "78")
    numbered(document.add_paragraph("戊"), "78", "7")
    numbered(document.add_paragraph("己"), "999")
    assert lines(document) == ["（一）甲", "一.1甲", "一.2甲", "（二）乙", "二.1丙", "（十二）丁", "戊", "己"]


def test_merged_cells_deleted_rows_and_tables_in_cells() -> None:
    document = docx.Document()
    table = document.add_table(4, 3)
    for row, texts in enumerate(
        [("类别", "考核内容", "分值"), ("组织", "甲", "10"), ("", "乙", "90"), ("x", "丙", "5")]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    gone = OxmlElement("w:trPr")
    gone.append(OxmlElement("w:del"))
    table.rows[3]._tr.insert(0, gone)
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "内"
    run = table.cell(2, 1).paragraphs[0].add_run("前")
    run.add_break()
    run.add_tab()
    run._r.append(OxmlElement("w:noBreakHyphen"))
    block = read_source("n.docx", saved(document)).blocks[0]
    assert isinstance(block, Table)
    assert [[cell.text for cell in row.cells] for row in block.rows[:2]] == [
        ["类别", "考核内容", "分值"],
        ["组织", "甲\n内", "10"],
    ]
    assert [cell.continued for cell in block.rows[2].cells] == [True, False, False]
    assert block.rows[2].cells[1].text == "乙前\n\t-"
    assert len(block.rows) == 3


def test_points_in_a_column_of_their_own_and_a_category_merged_down() -> None:
    document = docx.Document()
    document.add_paragraph("附件1")
    document.add_paragraph("2024年度学会考核表")
    rows = [
        ("类别", "考核内容", "分值"),
        ("组织（100分）", "1.甲", "40"),
        ("", "2.乙，每次3分", "60"),
        ("加分项（不超过5分）",) * 3,
        ("获奖", "1.获奖（加1分/次）", ""),
    ]
    table = document.add_table(5, 3)
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(number, column).text = text if number != 3 or column == 0 else ""
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 2))
    assert qn("w:gridSpan")
    track = read_notice(read_source("n.docx", saved(document))).tracks[0]
    assert [[(str(part.points), part.per) for part in each.parts] for each in track.indicators] == [
        [("40", None)],
        [("60", "次")],
    ]
    assert (str(track.bonus_cap), [each.code for each in track.adjustments]) == ("5", ["B1"])


def test_an_example_cell_may_hold_blank_lines(tmp_path: Path) -> None:
    text = (
        "附件1\n学会考核表\n\t指标\n\t情况\n\n\t1.甲（90分）\n\t例\n\n\n××年\n\n\n…\n\t\n\n\t2.乙\tx\n"
        "乙续（10分）\n\n\n表后一行\n"
    )
    source = from_text("n.txt", text)
    assert isinstance(source, Source)
    tables = [block for block in source.blocks if isinstance(block, Table)]
    assert [[cell.text for cell in row.cells] for row in tables[0].rows[1:]] == [
        ["1.甲（90分）", "例\n\n\n××年\n\n\n…", ""],
        ["2.乙", "x\n乙续（10分）"],
    ]
    assert [block.text for block in source.blocks if isinstance(block, Paragraph)] == [
        "附件1",
        "学会考核表",
        "表后一行",
    ]
