"""The account of a reading: every cell and every number of an annex is in the scheme, or told at its row."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Cell, Paragraph, Source, SourceRow, Table, read_notice
from scoring.engine.notice.account import Became, Place, account, left_over
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import TrackRules
from scoring.readers.sources import read_source
from tests.scoring.engine.damages import DAMAGES, Damage, points
from tests.scoring.engine.paths import CITY, FIXTURES, NOTICE, scheme_from

PROVINCE = FIXTURES / "notice-2025-province.txt"
NOTICES = [NOTICE, CITY, PROVINCE, *sorted((FIXTURES / "small").glob("*.txt"))]
LETTER = "关于2024年度乡镇科协考核的通知\n各乡镇科协：\n请于12月31日前报送。\n附件1\n2024年度乡镇科协考核指标\n"


def source_of(path: Path) -> Source:
    return read_source(path.name, path.read_bytes())


def table_of(*rows: str, head: str = "序号|考核内容|分值") -> Source:
    text = LETTER + "".join(f"\n\t{row}\n".replace("|", "\t") for row in (head, *rows))
    return read_source("notice.txt", text.encode())


def told(source: Source) -> list[tuple[str, str | None]]:
    findings = read_notice(source).findings
    return [(finding.code, finding.at) for finding in findings if finding.code == "unread"]


def without(scheme: SchemeRules) -> Iterator[SchemeRules]:
    """The scheme without each of its rows in turn."""
    for index, track in enumerate(scheme.tracks):
        for row in track.indicators:
            yield _with(scheme, index, replace(track, indicators=tuple(r for r in track.indicators if r is not row)))
        for row in track.adjustments:
            yield _with(scheme, index, replace(track, adjustments=tuple(r for r in track.adjustments if r is not row)))


def _with(scheme: SchemeRules, index: int, track: TrackRules) -> SchemeRules:
    return replace(scheme, tracks=(*scheme.tracks[:index], track, *scheme.tracks[index + 1 :]))


@pytest.mark.parametrize("notice", NOTICES, ids=lambda path: path.stem)
def test_every_cell_and_paragraph_of_a_notice_has_become_something_and_nothing_is_left(notice: Path) -> None:
    source = source_of(notice)
    entries = account(source, read_notice(source))
    assert left_over(entries) == []
    for index, block in enumerate(source.blocks):
        rows = len(block.rows) if isinstance(block, Table) else 1
        assert {place.row for place in entries if place.block == index} == set(range(rows))


@pytest.mark.parametrize("notice", [NOTICE, CITY, PROVINCE], ids=lambda path: path.stem)
def test_a_row_that_the_scheme_has_not_got_is_left_over(notice: Path) -> None:
    source = source_of(notice)
    for scheme in without(read_notice(source)):
        assert left_over(account(source, scheme))


@pytest.mark.parametrize(("place", "printed"), [(0, "40"), (1, "60")])
def test_a_number_that_the_scheme_has_not_got_is_left_over_at_its_row(place: int, printed: str) -> None:
    source = table_of("1|甲|40", "2|乙|60")
    scheme = read_notice(source)
    (track,) = scheme.tracks
    rows = list(track.indicators)
    rows[place] = replace(rows[place], points=Decimal(30))
    wrong = _with(scheme, 0, replace(track, indicators=tuple(rows)))
    assert left_over(account(source, wrong)) == [("annex-1", str(place + 1), (printed,))]


def test_points_in_the_column_of_a_bonus_that_no_rule_takes_are_told() -> None:
    assert told(table_of("1|甲|40", "2|乙|60", "|加分项（不超过10分）|", "1|获得表彰（加2分/次）|1")) == [
        ("unread", "B1")
    ]


def test_words_and_points_know_where_in_the_scheme_they_went() -> None:
    source = table_of("1|甲（20分），丙（20分）|40", "2|乙|60")
    entries = account(source, read_notice(source))
    became = [entries[Place(5, 1, cell)] for cell in range(3)]
    assert [entry.became for entry in became] == [Became.NUMBER, Became.INDICATOR, Became.POINTS]
    assert [(entry.track, entry.at) for entry in became] == [("annex-1", "1")] * 3
    assert [span.code for span in became[1].spans] == ["1.1", "1.2"]


def test_the_letter_is_told_apart_from_plain_text() -> None:
    source = table_of("1|甲|40", "2|乙|60")
    entries = account(source, read_notice(source))
    became = [entries[Place(block)].became for block in range(5)]
    assert became == [Became.LETTER, Became.PLAIN, Became.LETTER, Became.PLAIN, Became.TITLE]


@pytest.mark.parametrize("row", ["3|||30", "3||"])
def test_what_was_read_into_nothing_is_told_at_the_row_before_it(row: str) -> None:
    assert told(table_of("1|甲|40", "2|乙|60", row)) == [("unread", "2")]


@pytest.mark.parametrize(
    ("head", "beside", "became"),
    [
        ("备注", "见附表", Became.BESIDE),
        ("完成情况", "示例：开展活动3次，得40分", Became.BESIDE),
        ("备注", "优秀得50分", Became.TOLD),
        ("完成情况", "50", Became.UNREAD),
    ],
)
def test_what_stands_beside_a_row_is_plain_an_example_or_told(head: str, beside: str, became: Became) -> None:
    source = table_of(f"1|甲|40|{beside}", "2|乙|60|", head=f"序号|考核内容|分值|{head}")
    scheme = read_notice(source)
    before = replace(scheme, findings=tuple(each for each in scheme.findings if each.code != "unread"))
    assert account(source, before)[Place(5, 1, 3)].became == became


def test_a_sum_of_the_rows_above_is_no_doubt() -> None:
    assert told(table_of("1|甲|40", "2|乙|10", "|小计|50", "3|丙|50", "|小计|50", "|合计|100")) == []


def test_a_subtotal_that_the_rows_do_not_come_to_is_told() -> None:
    assert told(table_of("1|甲|40", "2|乙|60", "|小计|90", "|合计|100")) == [("unread", "2")]


def test_no_points_are_implied_beside_what_was_read_into_nothing() -> None:
    scheme = read_notice(table_of("1|甲|40", "2|乙|", "|小计|30", "|合计|100"))
    assert [row.implied for row in scheme.tracks[0].indicators] == [False, False]


def test_an_annex_of_which_nothing_was_read_is_told() -> None:
    text = LETTER + "\n\t考核内容\t分值\n\n\t甲\t100\n\n\n附件2\n考核评分登记表\n\n\t考核内容\t分值\n\n\t合计\t30分\n"
    scheme = scheme_from(text)
    assert ("unread", None) in [(finding.code, finding.track) for finding in scheme.findings]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (("1|甲|40", "2|乙|20", "3|丙|40"), 20),  # its own points and the next one's come to what is printed
        (("一|组织|40", "1|甲（15分）|", "2|乙（25分）|", "二|活动|60", "3|丙（60分）|"), 40),
    ],
)
def test_a_wrong_number_is_told_though_its_neighbours_come_to_what_is_printed(
    rows: tuple[str, ...], wrong: int
) -> None:
    source = table_of(*rows)
    scheme = read_notice(source)
    (track,) = scheme.tracks
    first, *others = track.indicators
    part = replace(first.parts[0], points=Decimal(wrong))
    changed = replace(track, indicators=(replace(first, points=Decimal(wrong), parts=(part,)), *others))
    assert [code for _track, code, _words in left_over(account(source, _with(scheme, 0, changed)))] == ["1"]


def test_a_rate_that_the_scheme_has_not_got_is_left_over() -> None:
    source = table_of("1|甲（40分，5分/次）", "2|乙（60分）", head="序号|考核内容")
    scheme = read_notice(source)
    (track,) = scheme.tracks
    first, second = track.indicators
    without_rate = replace(first, parts=(replace(first.parts[0], rate=None, per=None),))
    changed = _with(scheme, 0, replace(track, indicators=(without_rate, second)))
    assert left_over(account(source, changed)) == [("annex-1", "1", ("5分/次",))]


@pytest.mark.parametrize("row", ["||7", "|||每次扣2分"])
def test_words_left_over_beside_an_item_without_a_rate_are_told(row: str) -> None:
    scheme = read_notice(table_of("1|甲|40", "2|乙|60", "|加分项|", "1|有特色|", row))
    words = [finding.message.text() for finding in scheme.findings if (finding.code, finding.at) == ("unread", "B1")]
    assert any(row.strip("|") in text for text in words)


WORDS = st.sampled_from(["组织建设", "团日活动", "联系服务会员", "报送信息", "科普宣传", "人才工作"])
ROWS = st.lists(st.tuples(WORDS, st.integers(1, 40)), min_size=2, max_size=5)


def built(rows: list[tuple[str, int]], in_text: bool) -> Source:
    """A table of these rows, each with its points in the text or in a column of their own."""
    full = sum(each for _words, each in rows)
    printed = [
        f"{number}|{words}（{each}分）" if in_text else f"{number}|{words}|{each}"
        for number, (words, each) in enumerate(rows, start=1)
    ]
    head = f"序号|考核内容（{full}分）" if in_text else f"序号|考核内容|分值（{full}分）"
    return table_of(*printed, head=head)


@settings(max_examples=25, deadline=None)
@given(ROWS, st.booleans())
def test_a_table_of_any_rows_is_read_as_it_is_printed(rows: list[tuple[str, int]], in_text: bool) -> None:
    scheme = read_notice(built(rows, in_text))
    assert [row.points for row in scheme.tracks[0].indicators] == [Decimal(each) for _words, each in rows]
    assert not scheme.errors()


@settings(max_examples=40, deadline=None)
@given(ROWS, st.booleans(), st.sampled_from(DAMAGES), st.integers(0, 10_000))
def test_a_damaged_table_is_read_right_or_told(
    rows: list[tuple[str, int]], in_text: bool, damage: Damage, seed: int
) -> None:
    source = built(rows, in_text)
    read = read_notice(source)
    try:
        scheme = read_notice(damage(source, random.Random(seed)))
    except EngineErrors:
        return
    known = {finding.message.text() for finding in read.findings}
    assert points(scheme) == points(read) or {finding.message.text() for finding in scheme.findings} - known


def test_a_row_that_stands_in_the_column_of_groups_alone_is_a_row() -> None:
    source = table_of("甲（40分）||", "组织|乙（60分）|", head="类别|考核内容|自评得分")
    scheme = read_notice(source)
    assert [row.points for row in scheme.tracks[0].indicators] == [Decimal(40), Decimal(60)]
    assert told(source) == []


@pytest.mark.parametrize("first", ["甲（40分）", "甲（40分）|按季度"])
def test_a_table_without_a_head_is_read(first: str) -> None:
    source = table_of("乙（30分）", "丙（30分）", head=first)
    assert [row.points for row in read_notice(source).tracks[0].indicators] == [Decimal(40), Decimal(30), Decimal(30)]


def test_each_cell_of_a_form_with_merged_cells_is_found_by_its_number() -> None:
    table = table_of("1|甲|60", "2|乙|40")
    merged = SourceRow((Cell("申报材料", 0, 2), Cell("份数", 2), Cell("备注", 3)), "form")
    source = replace(table, blocks=(*table.blocks, Paragraph("附件2", "heading"), Table((merged,))))
    form = len(source.blocks) - 1
    places = [place for place in account(source, read_notice(source)) if place.block == form]
    assert places == [Place(form, 0, number) for number in range(3)]
