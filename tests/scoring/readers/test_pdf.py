"""PDFs with text: paragraphs and tables over pages, and every PDF that is refused."""

from pathlib import Path

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Paragraph, Source, Table, read_notice
from scoring.readers.pdf_pages import MOST_PAGES, pages_of
from scoring.readers.pdf_text import source_of
from scoring.readers.sources import read_source
from tests.scoring.readers.pdf import Sheet, pdf_of

PRINTED = Path(__file__).parent / "fixtures" / "printed.pdf"
HEAD = ["序号", "考核内容", "分值"]
LONG = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四"
FULL = "各单位要高度重视本年度的考核工作，加强领导，做好总结及自评工作，按时报"


def read(*sheets: Sheet) -> Source:
    """Read pages without the process around."""
    return source_of("n.pdf", pages_of(pdf_of(sheets)))


def lines(*sheets: Sheet) -> list[str]:
    return [block.text for block in read(*sheets).blocks if isinstance(block, Paragraph)]


def tables(*sheets: Sheet) -> list[list[list[str]]]:
    blocks = read(*sheets).blocks
    return [[[cell.text for cell in row.cells] for row in block.rows] for block in blocks if isinstance(block, Table)]


def refusal(content: bytes) -> str:
    with pytest.raises(EngineErrors) as caught:
        read_source("n.pdf", content)
    (error,) = caught.value
    assert error.place == "n.pdf" and error.remedy
    return error.message.text(str)


# ---- what is read ------------------------------------------------------------------------------------------------


def test_a_notice_that_a_browser_printed_is_read_over_its_page_break() -> None:
    """Its font gives radicals out for letters, and the row that goes on has no rule at the page's end."""
    (track,) = read_notice(read_source("n.pdf", PRINTED.read_bytes())).tracks
    assert [part.points for part in track.parts()] == [30, 30, 40]
    assert track.indicators[0].text.startswith("1.加强政治引领，见面走访科技工作者，办好全国科技工作者日")
    assert track.indicators[0].text.endswith("长期为人民群众提供风险防范、食品安全、车辆安全等科普服务（30分）。")


def test_each_place_names_its_page() -> None:
    source = read(
        Sheet().text("通知", top=100), Sheet().text("附件", top=100).table([HEAD, ["1", "开展活动", "60"]], top=150)
    )
    paragraph, heading, table = source.blocks
    assert isinstance(paragraph, Paragraph) and isinstance(heading, Paragraph) and isinstance(table, Table)
    assert [paragraph.place, heading.place, table.rows[1].place] == [
        "n.pdf:page1:p1",
        "n.pdf:page2:p1",
        "n.pdf:page2:row2.2",
    ]


def test_lines_of_a_paragraph_are_joined_and_the_next_paragraph_begins_indented() -> None:
    sheet = (
        Sheet().text(FULL[2:], top=100, left=104).text("送材料。", top=120).text("请各单位报送。", top=140, left=104)
    )
    assert lines(sheet) == [f"{FULL[2:]}送材料。", "请各单位报送。"]


def test_a_paragraph_goes_on_over_the_page_and_its_number_is_no_text() -> None:
    first = Sheet().text(FULL[2:], top=700, left=104).text("— 1 —", top=800, left=280)
    assert lines(first, Sheet().text("送材料。", top=80).text("第2页", top=800, left=280)) == [f"{FULL[2:]}送材料。"]


def test_lines_far_apart_are_no_paragraph() -> None:
    assert lines(Sheet().text(FULL, top=100).text("附件", top=200)) == [FULL, "附件"]


def test_a_number_in_the_middle_of_a_page_is_text() -> None:
    assert lines(Sheet().text("2024", top=300)) == ["2024"]


def test_a_running_head_is_text_once_and_a_foot_that_comes_again_never() -> None:
    pages = [
        Sheet().text("考核办法", top=40).text(f"第{number}条内容", top=100).text("内部资料", top=790)
        for number in "一二三"
    ]
    assert lines(*pages) == ["考核办法", "第一条内容", "第二条内容", "第三条内容"]


def test_words_beside_each_other_stay_apart() -> None:
    sheet = (
        Sheet()
        .text("单位：", top=100)
        .text("日期：", top=100, left=300)
        .text("ab", top=140)
        .text("cd", top=140, left=120)
    )
    assert lines(sheet) == ["单位：\u3000日期：", "ab cd"]


def test_lines_that_fill_a_cell_are_one_and_numbered_ones_begin_anew() -> None:
    (table,) = tables(Sheet().table([HEAD, ["1", f"{LONG}。\n2.召开会议\n并报送", "60"]], top=100))
    assert table[1][1] == f"{LONG}。\n2.召开会议\n并报送"


def test_a_merged_cell_spans_its_columns_and_goes_on_in_its_rows() -> None:
    sheet = Sheet().text("组织", left=82, top=104).text("1.制度", left=142, top=104).text("2.活动", left=142, top=134)
    sheet.text("合计100", left=82, top=164)
    for rule in ((80, 100, 300, 100), (140, 130, 300, 130), (80, 160, 300, 160), (80, 190, 300, 190)):
        sheet.rule(*rule)
    for rule in ((80, 100, 80, 190), (140, 100, 140, 160), (300, 100, 300, 190)):
        sheet.rule(*rule)
    (table,) = [block for block in read(sheet).blocks if isinstance(block, Table)]
    assert [[(cell.text, cell.column, cell.span, cell.continued) for cell in row.cells] for row in table.rows] == [
        [("组织", 0, 1, False), ("1.制度", 1, 1, False)],
        [("", 0, 1, True), ("2.活动", 1, 1, False)],
        [("合计100", 0, 2, False)],
    ]


def test_a_frame_around_words_is_no_table() -> None:
    assert lines(Sheet().table([["注：按时报送"]], top=100, edges=(80, 300))) == ["注：按时报送"]


# ---- tables over pages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", ["", "（续表）", "续表1"])
def test_a_table_goes_on_without_the_head_that_is_printed_again(between: str) -> None:
    second = Sheet().table([HEAD, ["2", "召开会议", "40"]], top=110)
    if between:
        second.text(between, top=80)
    (table,) = tables(Sheet().table([HEAD, ["1", "开展活动", "60"]], top=100), second)
    assert table == [HEAD, ["1", "开展活动", "60"], ["2", "召开会议", "40"]]


@pytest.mark.parametrize("ends", ["开展活动，并", "开展活动。"])
def test_the_rest_of_a_row_is_joined_to_it(ends: str) -> None:
    first = Sheet().table([HEAD, ["1", ends, "60"]], top=100, open_at="bottom")
    (table,) = tables(first, Sheet().table([["", "报送材料", ""], ["2", "召开会议", "40"]], top=80, open_at="top"))
    assert ["".join(text.split()) for text in table[1]] == ["1", f"{ends}报送材料", "60"]
    assert table[2] == ["2", "召开会议", "40"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["", "2.召开会议", ""], id="a number of its own"),
        pytest.param(["", "召开会议", "40"], id="points of its own"),
        pytest.param(["加分项", "", ""], id="a head in the numbers' column"),
        pytest.param(["", "加分项", ""], id="a head"),
        pytest.param(["", "合计100", ""], id="a sum"),
        pytest.param(["", "", ""], id="nothing"),
    ],
)
def test_a_row_of_its_own_stays_one(row: list[str]) -> None:
    (table,) = tables(Sheet().table([HEAD, ["1", "开展活动", "60"]], top=100), Sheet().table([row], top=80))
    assert table[1:] == [["1", "开展活动", "60"], row]


def test_a_row_below_a_finished_one_without_points_is_a_row() -> None:
    head = ["类别", "考核内容", "自评分"]
    first = Sheet().table([head, ["组织", "开展活动（60分）。", ""]], top=100)
    (table,) = tables(first, Sheet().table([["", "召开会议（40分）。", ""]], top=80))
    assert len(table) == 3


def test_a_table_of_other_columns_on_the_next_page_is_another() -> None:
    other = Sheet().table([["加分内容", "每次加分"], ["表彰", "1"]], top=80, edges=(80, 300, 520))
    assert len(tables(Sheet().table([HEAD, ["1", "开展活动", "60"]], top=100), other)) == 2


# ---- what is refused ---------------------------------------------------------------------------------------------

LOCKED = f"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'00' * 32}>/U<{'00' * 32}>>>"


def test_a_scan_is_refused_with_its_page() -> None:
    assert refusal(pdf_of([Sheet().text("通知", top=100), Sheet().picture()])) == (
        "Page 2 is a picture without text: the PDF is a scan."
    )


def test_an_empty_page_is_none() -> None:
    assert lines(Sheet().text("通知", top=100), Sheet()) == ["通知"]


def test_letters_without_a_meaning_are_refused() -> None:
    assert "can be seen but not read" in refusal(pdf_of([Sheet().text("甲", top=100)], font="Identity-H", known=False))


def test_letters_that_the_font_says_are_nothing_are_refused() -> None:
    content = pdf_of([Sheet().text("甲", top=100)], font="Identity-H", known=False, meaning="0000")
    assert "can be seen but not read" in refusal(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(pdf_of([Sheet()])[:-200], id="cut"),
        pytest.param(pdf_of([Sheet()] * 2).replace(b" 8 0 R]", b" 99 0 R]"), id="a page is gone"),
        pytest.param(pdf_of([Sheet()]).replace(b"/Count 1", b"/Count x"), id="nonsense"),
        pytest.param(b"%PDF-1.7\n%%EOF", id="nothing inside"),
    ],
)
def test_a_damaged_file_is_refused(content: bytes) -> None:
    assert refusal(content) == "The PDF is damaged."


def test_an_encrypted_file_is_refused() -> None:
    assert refusal(pdf_of([Sheet().text("通知", top=100)], trailer=LOCKED)) == "The PDF is encrypted."


def test_more_pages_than_a_notice_has_are_refused() -> None:
    assert refusal(pdf_of([Sheet()] * (MOST_PAGES + 1))) == "The PDF holds far more than a notice does."


def test_more_than_a_notice_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.readers.pdf_pages.MOST_LETTERS", 1)
    with pytest.raises(Exception, match="large"):
        read(Sheet().text("通知", top=100))


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.readers.pdf_text.MOST_SECONDS", 0)
    assert refusal(pdf_of([Sheet()])) == "The PDF holds far more than a notice does."
