"""Tables of a PDF that have no rules between their columns: read where they are clear, refused where they are not."""

import random
from collections.abc import Sequence

import pytest

from scoring.engine.notice import Paragraph, Source, Table, read_notice
from scoring.readers.pdf_pages import Refused, RefusedError, pages_of
from scoring.readers.pdf_text import source_of
from tests.scoring.readers.pdf import Sheet, pdf_of

Rows = Sequence[Sequence[str]]
LONG = "开展科普活动，组织志愿服务，报送信息，加强阵地建设，服务企业创新，推荐先进人物等各项工作任务"
HEAD = ["序号", "考核内容", "评分标准", "分值"]
ROWS: list[list[str]] = [
    HEAD,
    ["1", LONG, "未开展的扣5分", "40"],
    ["2", "组织建设", "少一次扣2分", "30"],
    ["3", LONG[:20], f"{LONG[13:]}的，少一次扣2分", "30"],
]
BELOW = "以上材料请各单位按时报送，逾期不予受理，特此通知各有关单位遵照执行。"


def sheet() -> Sheet:
    return Sheet().text("附件1", top=60).text("街道考核表（100分）", top=80)


def read(*sheets: Sheet) -> Source:
    return source_of("n.pdf", pages_of(pdf_of(sheets)))


def tables(*sheets: Sheet) -> list[list[list[str]]]:
    blocks = read(*sheets).blocks
    return [[[cell.text for cell in row.cells] for row in block.rows] for block in blocks if isinstance(block, Table)]


def refused(*sheets: Sheet) -> tuple[str, int]:
    with pytest.raises(RefusedError) as caught:
        pages_of(pdf_of(sheets))
    return caught.value.why, caught.value.page


@pytest.mark.parametrize("ruled", ["head", "row", ""])
@pytest.mark.parametrize("apart", [0, 8])
def test_rows_that_hang_from_their_first_lines_are_read(ruled: str, apart: float) -> None:
    assert tables(sheet().open_table(ROWS, top=110, ruled=ruled, apart=apart)) == [ROWS]


@pytest.mark.parametrize(("ruled", "apart"), [("head", 8), ("row", 8), ("row", 0), ("", 8)])
def test_rows_that_are_centred_are_read_by_how_they_stand_apart(ruled: str, apart: float) -> None:
    assert tables(sheet().open_table(ROWS, top=110, ruled=ruled, apart=apart, centred=True)) == [ROWS]


@pytest.mark.parametrize("ruled", ["head", ""])
def test_centred_rows_that_do_not_stand_apart_are_refused(ruled: str) -> None:
    assert refused(sheet().open_table(ROWS, top=110, ruled=ruled, apart=0, centred=True)) == (Refused.UNCLEAR, 1)


def test_centred_rows_that_could_as_well_hang_are_refused() -> None:
    text = LONG[:18] * 3
    rows = [HEAD, ["1", text[:18], "报送", "50"], ["2", text[:54], "报送", "50"]]
    assert refused(sheet().open_table(rows, top=110, apart=0, centred=True)) == (Refused.UNCLEAR, 1)


def test_a_notice_with_three_rules_is_read_into_its_scheme() -> None:
    letter = Sheet().text("关于开展2024年度考核的通知", top=100).text("2024年11月1日", top=130)
    (track,) = read_notice(read(letter, sheet().open_table(ROWS, top=110).text("注：据实填报。", top=420))).tracks
    assert [(part.points, len(part.losses)) for part in track.parts()] == [(40, 1), (30, 1), (30, 1)]


@pytest.mark.parametrize("ruled", ["head", ""])
def test_sections_and_sums_stand_over_the_columns(ruled: str) -> None:
    rows: Rows = [HEAD, ["一、组织建设"], *ROWS[1:3], ["二、服务企业"], ROWS[3], ["", "合计", "", "100"]]
    read_rows = tables(sheet().open_table(rows, top=110, ruled=ruled, edges=(80, 120, 340, 470, 530)))[0]
    assert [[text for text in row if text] for row in read_rows] == [[text for text in row if text] for row in rows]


def test_a_sum_over_two_columns_is_one_cell() -> None:
    page = sheet().open_table(ROWS, top=110).text("合计（满分）", left=90, top=440).text("100", left=484, top=440)
    assert [text for text in tables(page)[0][-1] if text] == ["合计（满分）", "100"]


def test_what_stands_below_is_no_row() -> None:
    texts = [
        block.text
        for block in read(sheet().open_table(ROWS, top=110, ruled="").text(BELOW, top=420)).blocks
        if isinstance(block, Paragraph)
    ]
    assert texts[-1] == BELOW


@pytest.mark.parametrize("below", ["注：以上　　由各部室评定。", "填报人：　　　　填报日期："])
def test_notes_and_lines_to_fill_in_below_are_no_rows(below: str) -> None:
    assert tables(sheet().open_table(ROWS, top=110, ruled="").text(below, top=400)) == [ROWS]


def test_a_table_without_numbers_of_rows_is_read_by_its_points() -> None:
    rows = [["考核内容", "分值"], [LONG, "40"], ["组织建设", "60"]]
    assert tables(sheet().open_table(rows, top=110, edges=(80, 440, 520), ruled="")) == [rows]


def test_a_head_whose_letters_stand_apart_is_one_word() -> None:
    rows = [["序号", "考核内容", "分　值"], ["1", LONG, "4000"], ["2", "组织建设", "6000"]]
    page = sheet().open_table(rows, top=110, edges=(80, 120, 420, 520), ruled="")
    assert [row[2] for row in tables(page)[0]] == ["分\u3000值", "4000", "6000"]


def test_a_head_that_wraps_in_narrow_columns_is_one_line_of_heads() -> None:
    rows = [["序号", "考核内容", "分值"], ["1", LONG, "40"], ["2", "组织建设", "60"]]
    for centred in (False, True):
        page = sheet().open_table(rows, top=110, edges=(80, 104, 420, 452), apart=8, centred=centred)
        assert tables(page) == [rows]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([HEAD, ROWS[2], ["3", "组织", "", ""]], id="points are missing"),
        pytest.param(
            [["一级指标", "考核内容", "分值"], ["组织", "换届", "40"], ["", "学习", "60"]], id="a merged group"
        ),
    ],
)
def test_rows_that_lack_what_a_row_has_are_refused(rows: Rows) -> None:
    assert refused(sheet().open_table(rows, top=110, ruled="")) == (Refused.UNCLEAR, 1)


def test_a_cell_that_reaches_into_the_next_column_is_refused() -> None:
    page = sheet().open_table(ROWS[:3], top=110).text("3", left=84, top=300).text(LONG[:25], left=124, top=300)
    assert refused(page.text("30", left=484, top=300).rule(80, 330, 520, 330)) == (Refused.UNCLEAR, 1)


def test_a_section_that_reaches_into_a_column_with_a_number_is_refused() -> None:
    page = sheet().open_table(ROWS[:3], top=110, ruled="").text("一、组织建设", left=84, top=260)
    assert refused(page.text("四十", left=200, top=260)) == (Refused.UNCLEAR, 1)


def test_a_column_without_a_head_is_refused() -> None:
    rows = [["序号", "考核内容", "", "分值"], *ROWS[1:]]
    assert refused(sheet().open_table(rows, top=110)) == (Refused.UNCLEAR, 1)


def test_numbers_below_each_other_without_a_head_are_a_table_that_is_refused() -> None:
    rows = [[text, points] for text, points in (("换届", "40"), ("学习", "30"), ("活动", "30"))]
    assert refused(sheet().open_table(rows, top=110, edges=(80, 440, 520), ruled="")) == (Refused.UNCLEAR, 1)


MORE = [["4", "加强学习", "缺一次扣1分", "10"], ["5", LONG[:30], "少一份扣1分", "5"]]


@pytest.mark.parametrize("ruled", ["head", ""])
@pytest.mark.parametrize("above", ["", "（续表）"])
def test_a_table_goes_on_over_the_page(ruled: str, above: str) -> None:
    first = sheet().open_table(ROWS, top=110, ruled=ruled).text("— 1 —", top=810, left=280)
    second = Sheet().open_table(MORE, top=140, ruled=ruled).text("— 2 —", top=810, left=280)
    read_rows = [row for rows in tables(first, second.text(above, top=110) if above else second) for row in rows]
    assert read_rows == [*ROWS, *MORE]


def test_a_number_in_the_middle_of_a_row_at_the_page_s_edge_is_no_page_number() -> None:
    rows = [["14", LONG * 2, "少一次扣1分", "10"], ["15", LONG * 2, "少一份扣1分", "5"]]
    first, second = sheet().open_table(ROWS, top=110), Sheet().open_table(rows, top=30, apart=12, centred=True)
    assert tables(first, second) == [[*ROWS, *rows]]


def test_rows_whose_lines_overlap_are_read_by_how_they_stand_apart() -> None:
    rows = [HEAD, ["1", LONG[:36], LONG[:27], "40"], ["2", LONG[:18], "缺席扣2分", "60"]]
    page = sheet().open_table(rows, top=110, edges=(80, 120, 248, 380, 420), centred=True, apart=12)
    assert tables(page) == [rows]


def test_a_table_that_goes_on_below_its_head_is_read() -> None:
    second = Sheet().text("续表", top=110).open_table([HEAD, *MORE], top=140)
    assert tables(sheet().open_table(ROWS, top=110), second)[-1][-2:] == MORE


def test_the_rest_of_a_row_on_the_next_page_is_refused() -> None:
    second = Sheet().text("的各项工作", left=124, top=110).open_table(MORE, top=140)
    assert refused(sheet().open_table(ROWS, top=110), second) == (Refused.UNCLEAR, 2)


def test_a_ruled_table_without_outer_sides_has_its_outer_columns() -> None:
    rows = [["序号", "考核内容", "分值"], ["1", "开展活动", "60"], ["2", "组织建设", "40"]]
    page = sheet()
    for number, row in enumerate(rows):
        page.rule(80, 110 + 30 * number, 520, 110 + 30 * number)
        for text, left in zip(row, (84, 124, 444), strict=True):
            page.text(text, left=left, top=116 + 30 * number)
    page.rule(80, 200, 520, 200).rule(120, 110, 120, 200).rule(440, 110, 440, 200)
    assert tables(page) == [rows]


@pytest.mark.parametrize("seed", range(30))
def test_a_table_is_read_as_it_is_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    rows = [HEAD]
    for number in range(1, chance.randint(3, 6)):
        words = [(LONG * 2)[chance.randrange(40) :][: chance.randint(3, 60)] for _cell in "ab"]
        rows.append([str(number), *words, str(chance.randint(1, 60))])
    page = sheet().open_table(
        rows,
        top=110,
        ruled=chance.choice(("head", "row", "")),
        apart=chance.choice((0, 4, 8)),
        centred=chance.random() < 0.4,
    )
    try:
        found = tables(page)
    except RefusedError as problem:
        assert problem.why == Refused.UNCLEAR
    else:
        assert found == [rows]
