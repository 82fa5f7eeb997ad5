"""Texts as they are pasted: tabs, pipes, one cell a line; each is read as tables, or told."""

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Paragraph, Table, read_notice
from scoring.readers import plain_text
from scoring.readers.plain_text import read_text
from scoring.readers.sources import read_source

WANTED = [["序号", "考核内容", "分值"], ["1", "建立制度", "60"], ["2", "开展活动", "40"]]


def tables(text: str) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in block.rows]
        for block in read_text("n.txt", text).blocks
        if isinstance(block, Table)
    ]


def lines(text: str) -> list[tuple[str, str]]:
    blocks = read_text("n.txt", text).blocks
    return [(block.text, block.place) for block in blocks if isinstance(block, Paragraph)]


def lined(rows: list[list[str]], between: str) -> str:
    return "\n".join(between.join(row) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lined(WANTED, "\t"), id="tabs"),
        pytest.param(
            "| 序号 | 考核内容 | 分值 |\n|:--|---|--:|\n| 1 | 建立制度 | 60 |\n| 2 | 开展活动 | 40 |", id="markdown"
        ),
        pytest.param("序号|考核内容|分值\n---|---|---\n1|建立制度|60\n2|开展活动|40", id="pipes between cells alone"),
        pytest.param("│序号│考核内容│分值│\n├──┼──┼──┤\n│1│建立制度│60│\n│2│开展活动│40│", id="drawn"),
        pytest.param(lined(WANTED, "\n"), id="one cell a line"),
        pytest.param(lined(WANTED, "\n\n") + "\n\n注：按时报送", id="one cell a line and blank lines between"),
    ],
)
def test_a_pasted_table_is_read(text: str) -> None:
    assert tables(f"考核表\n\n{text}\n") == [WANTED]
    assert lines(f"考核表\n\n{text}")[0] == ("考核表", "n.txt:1")


def test_a_first_cell_that_is_merged_is_empty() -> None:
    rows = [["类别", "内容", "分值"], ["组织", "1.建立制度", "60"], ["", "2.开展活动", "40"]]
    assert tables(lined(rows, "\t")) == [rows]


def test_a_cell_of_several_lines_stays_one() -> None:
    assert tables("序号\t考核内容\t分值\n1\t建立制度\n并公开\t60\n2\t开展活动\t40")[0][1] == [
        "1",
        "建立制度\n并公开",
        "60",
    ]


def test_a_cell_in_quotes_is_without_them() -> None:
    text = '序号\t考核内容\t分值\n1\t"建立""三会""制度\n并公开"\t60\n2\t"开展活动\t40'
    assert tables(text)[0][1:] == [["1", '建立"三会"制度\n并公开', "60"], ["2", '"开展活动', "40"]]


def test_a_row_of_one_cell_spans_the_table_and_a_line_below_it_is_none() -> None:
    text = "序号\t考核内容\t分值\n一、组织建设\n1\t建立制度\t60\n2\t开展活动\n3\t其他\t40\n注：按时报送"
    (table,) = [block for block in read_text("n.txt", text).blocks if isinstance(block, Table)]
    assert table.rows[1].cells[0].span == 3
    assert [cell.text for cell in table.rows[3].cells] == ["2", "开展活动"]
    assert lines(text) == [("注：按时报送", "n.txt:6")]


def test_a_line_that_heads_another_annex_is_no_cell_of_the_table_above_it() -> None:
    narrow = [["内容", "分值"], ["1.建立制度", "60"], ["2.开展活动", "40"]]
    text = lined(WANTED, "\t") + "\n注：按时报送\n附件2\n园区考核表\n" + lined(narrow, "\t")
    assert tables(text) == [WANTED, narrow]
    assert [line for line, _place in lines(text)] == ["注：按时报送", "附件2", "园区考核表"]


def test_a_title_in_the_first_row_is_a_line() -> None:
    assert lines("2024年街道考核表\t\t\n" + lined(WANTED, "\t")) == [("2024年街道考核表", "n.txt:1")]


@pytest.mark.parametrize("text", ["联系人：\t张三", "甲|乙", "序号\n考核内容", "分值"])
def test_one_line_is_no_table(text: str) -> None:
    assert tables(f"{text}\n\n以上") == []


def test_a_word_processor_s_text_is_read_as_before() -> None:
    text = "单位：\t日期：\n\t考核内容\n\t分值\n\n\t1.建立制度\n\t60\n"
    assert tables(text) == [[["考核内容", "分值"], ["1.建立制度", "60"]]]


def test_blanks_to_fill_in_are_left_out_where_cells_stand_one_a_line() -> None:
    text = "序号\n考核内容\n分值\n自评得分\n1\n建立制度\n60\n2\n开展活动\n40"
    assert tables(text)[0][1:] == [["1", "建立制度", "60", ""], ["2", "开展活动", "40", ""]]


@pytest.mark.parametrize("body", ["1\n建立制度", "1\n建立制度\n六十", "建立制度\n1\n60"])
def test_cells_one_a_line_that_fit_no_row_are_told(body: str) -> None:
    with pytest.raises(EngineErrors) as caught:
        read_text("n.txt", f"考核表\n序号\n考核内容\n分值\n{body}")
    assert [error.place for error in caught.value] == ["n.txt:2"]


def test_more_cells_than_a_notice_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.readers.plain_text.MOST_CELLS", 5)
    with pytest.raises(EngineErrors):
        read_text("n.txt", lined(WANTED, "\t"))


def test_lines_of_dashes_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    is_piped = plain_text._is_piped
    monkeypatch.setattr(plain_text, "_is_piped", lambda text: [looked.append(text), is_piped(text)][1])
    assert len(read_text("n.txt", "---\n" * 200).blocks) == 200
    assert len(looked) < 500


def test_a_pasted_annex_is_a_track() -> None:
    text = "附件1\n街道科协考核表\n" + lined(WANTED, "\t")
    (track,) = read_notice(read_source("n.txt", text.encode())).tracks
    assert [part.points for part in track.parts()] == [60, 40]
