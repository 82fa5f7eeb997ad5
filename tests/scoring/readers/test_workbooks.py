"""Workbooks: sheets are annexes, merged cells are merged, and what is made to hurt is refused."""

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Table, read_notice
from scoring.readers.sources import read_source
from tests.support.workbooks import Styled, some_sheets

ROWS = [
    ["类别", "考核内容", "分值"],
    ["组织建设", "1.建立制度", 60],
    ["", "2.开展活动", 40],
]
TITLED = [["2024年街道考核指标表"], *ROWS]


def test_each_sheet_is_a_track_with_its_rows_and_its_own_title() -> None:
    scheme = read_notice(read_source("n.xlsx", some_sheets({"街道": TITLED, "社区考核表": ROWS})))
    points = [[part.points for row in track.indicators for part in row.parts] for track in scheme.tracks]
    assert points == [[60, 40], [60, 40]]
    assert [track.name for track in scheme.tracks] == ["街道", "社区"]


def test_merged_cells_go_on_and_a_place_names_its_sheet() -> None:
    source = read_source("n.xlsx", some_sheets({"街道": TITLED}, merged=("A3:A4", "A1:C1")))
    table = source.blocks[-1]
    assert isinstance(table, Table)
    below = table.rows[2]
    assert below.cells[0].continued
    assert below.place == "n.xlsx:街道:row4"


def test_a_cell_merged_over_columns_of_the_table_is_one_with_its_span() -> None:
    source = read_source("n.xlsx", some_sheets({"街道": [["考核内容", "", "分值"], *ROWS]}, merged=("A1:B1",)))
    table = source.blocks[-1]
    assert isinstance(table, Table)
    assert [(cell.text, cell.column, cell.span) for cell in table.rows[0].cells] == [("考核内容", 0, 2), ("分值", 2, 1)]


@pytest.mark.parametrize("most", [8, 14])
def test_more_places_than_any_notice_has_are_refused(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.readers.xlsx_text.MOST_PLACES", most)
    with pytest.raises(EngineErrors):
        read_source("n.xlsx", some_sheets({"街道": TITLED}, merged=("A3:A4", "A1:C1")))


def test_a_sheet_of_lines_is_the_letter_and_one_table_needs_no_heading() -> None:
    source = read_source("n.xlsx", some_sheets({"通知": [["关于开展2024年考核的通知"]], "街道": TITLED}))
    assert [type(block).__name__ for block in source.blocks] == ["Paragraph", "Paragraph", "Table"]


def test_a_hidden_sheet_is_not_the_notice_s() -> None:
    content = some_sheets({"街道": TITLED, "数据源": [["表彰", "加5分"], ["通报", "扣9分"]]}, hidden=("数据源",))
    scheme = read_notice(read_source("n.xlsx", content))
    assert [track.name for track in scheme.tracks] == ["街道"]
    assert not scheme.errors()


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Styled(0.6, 1), "60%"),
        (Styled(0.075, 2), "7.5%"),
        (Styled(0.29, 1), "29%"),
        (Styled(60, 3), "60"),
        (Styled(0.6, 0), "0.6"),
        (0.1 + 0.2, "0.3"),
        (1234567890123456.0, "1234567890123456"),
    ],
)
def test_a_number_is_read_as_it_is_shown(value: Styled | float, printed: str) -> None:
    sheets = {"通知": [["关于开展2024年度考核的通知"]], "街道": [*ROWS, ["", "3.其他", value]]}
    table = read_source("n.xlsx", some_sheets(sheets)).blocks[-1]
    assert isinstance(table, Table)
    assert table.rows[-1].cells[-1].text == printed


def test_weights_in_percent_are_points() -> None:
    rows = [["考核内容", "权重"], ["1.建立制度", Styled(0.6, 1)], ["2.开展活动", Styled(0.4, 2)]]
    scheme = read_notice(read_source("n.xlsx", some_sheets({"街道考核表": rows})))
    assert [part.points for part in scheme.tracks[0].parts()] == [60, 40]


@pytest.mark.parametrize(
    "line", [["单位名称", "", "填表日期"], ["被考核单位：", "甲街道", ""], ["填报单位（盖章）：", "甲街道", "日期："]]
)
def test_a_line_to_fill_in_above_the_head_is_no_head(line: list[str]) -> None:
    (track,) = read_notice(read_source("n.xlsx", some_sheets({"街道": [line, *ROWS]}))).tracks
    assert [part.points for part in track.parts()] == [60, 40]


def test_a_head_that_begins_with_the_department_is_one() -> None:
    rows = [["部门", "工作内容", "分值"], ["办公室", "1.甲", 60], ["宣传部", "2.乙", 40]]
    (track,) = read_notice(read_source("n.xlsx", some_sheets({"街道考核表": rows}))).tracks
    assert [part.points for part in track.parts()] == [60, 40]


def test_a_table_below_another_in_a_sheet_is_the_track_s_too() -> None:
    bonus = [["序号", "加分内容", "加分标准"], [1, "获市级表彰", "每次加2分"]]
    (track,) = read_notice(
        read_source("n.xlsx", some_sheets({"街道": [*TITLED, ["", "", ""], ["加分项"], *bonus]}))
    ).tracks
    assert [part.points for part in track.parts()] == [60, 40]
    assert [rule.rate for item in track.adjustments for rule in item.rules] == [2]


@pytest.mark.parametrize(
    ("titles", "points"),
    [(["（续表）"], [[60, 40, 60, 40]]), (["表2 社区考核评分表", "（100分）"], [[60, 40], [60, 40]])],
)
def test_a_title_over_a_head_begins_another_table_without_a_blank_row(
    titles: list[str], points: list[list[int]]
) -> None:
    rows = [["附件1"], ["表1 街道考核评分表（100分）"], ["考核内容", "分值"], ["甲项", 60], ["乙项", 40]]
    rows += [[title] for title in titles] + rows[2:]
    tracks = read_notice(read_source("n.xlsx", some_sheets({"通知": rows}))).tracks
    assert [[part.points for part in track.parts()] for track in tracks] == points


def test_a_blank_row_inside_a_table_and_notes_below_it_part_nothing() -> None:
    rows = [*TITLED[:3], ["", "", ""], TITLED[3], ["", "", ""], ["注：按时报送"]]
    source = read_source("n.xlsx", some_sheets({"街道": rows}))
    assert [type(block).__name__ for block in source.blocks] == ["Paragraph", "Table"]
    (track,) = read_notice(source).tracks
    assert [part.points for part in track.parts()] == [60, 40]


def test_a_hidden_row_and_a_hidden_column_are_not_the_notice_s() -> None:
    rows = [[*TITLED[0], "", "", ""], [*TITLED[1], "备用", "分值"], [*TITLED[2], "加9分", 7], [*TITLED[3], "", 8]]
    rows.append(["", "3.作废", 30, "", 9])
    content = some_sheets({"街道": rows}, rows_hidden=(5,), columns_hidden="4-5")
    scheme = read_notice(read_source("n.xlsx", content))
    assert [part.points for part in scheme.tracks[0].parts()] == [60, 40]
    assert not scheme.errors()


def test_a_merged_cell_whose_first_row_is_hidden_begins_in_the_next() -> None:
    rows = [ROWS[0], ["组织", "1.作废", 9], ["", "2.建立制度", 60], ["", "3.开展活动", 40]]
    source = read_source("n.xlsx", some_sheets({"街道": rows}, merged=("A2:A4",), rows_hidden=(2,)))
    (table,) = [block for block in source.blocks if isinstance(block, Table)]
    assert [(row.cells[0].text, row.cells[0].continued) for row in table.rows[1:]] == [("组织", False), ("", True)]


@pytest.mark.parametrize(("merged", "first"), [("A2:B4", 1), ("A2:B2", 1), ("A2:A4", 0)])
def test_a_merged_cell_whose_first_column_is_hidden_begins_in_the_next(merged: str, first: int) -> None:
    rows = [["类别", *ROWS[0]], ["组织", "", "1.换届", 30], ["", "", "2.建立制度", 30], ["", "", "3.开展活动", 40]]
    source = read_source("n.xlsx", some_sheets({"街道": rows}, merged=(merged,), columns_hidden="1-1"))
    (table,) = [block for block in source.blocks if isinstance(block, Table)]
    said = {cell.column: cell.text for cell in table.rows[1].cells if cell.text}
    assert said == ({1: "组织"} if first else {}) | {2: "1.换届", 3: "30"}


def test_a_merged_cell_beyond_the_last_row_is_none() -> None:
    content = some_sheets({"街道": ROWS}, merged=("A9:B12",), columns_hidden="1-1")
    assert isinstance(read_source("n.xlsx", content).blocks[-1], Table)
