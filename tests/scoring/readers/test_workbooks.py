"""Workbooks: sheets are annexes, merged cells are merged, and what is made to hurt is refused."""

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Table, read_notice
from scoring.readers.sources import read_source
from tests.support.workbooks import some_sheets

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


@pytest.mark.parametrize("most", [8, 14])
def test_more_places_than_any_notice_has_are_refused(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.readers.xlsx_text.MOST_PLACES", most)
    with pytest.raises(EngineErrors):
        read_source("n.xlsx", some_sheets({"街道": TITLED}, merged=("A3:A4", "A1:C1")))


def test_a_sheet_of_lines_is_the_letter_and_one_table_needs_no_heading() -> None:
    source = read_source("n.xlsx", some_sheets({"通知": [["关于开展2024年考核的通知"]], "街道": TITLED}))
    assert [type(block).__name__ for block in source.blocks] == ["Paragraph", "Paragraph", "Table"]
