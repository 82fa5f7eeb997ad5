"""Tables as other bodies lay them out: columns, groups, heads, sums and rules beside the points."""

import pytest

from scoring.engine.numbers import plain
from scoring.engine.scheme import SchemeRules
from tests.scoring.engine.paths import annex, scheme_from

TITLE = "2025年度团组织工作考核评分表（满分100分）"
Table = tuple[str, ...]


def read(table: Table, title: str = TITLE) -> SchemeRules:
    """A notice with one table: cells divided by |, the head first."""
    head, *rows = (row.replace("|", "\t") for row in table)
    return scheme_from(annex(*rows, head=head, title=title))


def points(scheme: SchemeRules) -> list[list[str]]:
    return [[plain(part.points) for part in row.parts] for row in scheme.tracks[0].indicators]


def told(scheme: SchemeRules) -> list[tuple[str, str | None]]:
    usual = [("missing", None), ("unnumbered", None)]
    return [place for finding in scheme.findings if (place := (finding.code, finding.at)) not in usual]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            (
                "一级指标|二级指标|三级指标|分值|评分办法|得分",
                "组织建设（40分）|班子建设|按期换届|20|未换届不得分|",
                "||规范发展团员|20|每发现一例违规扣2分，扣完为止|",
                "活力提升（60分）|主题团日|每月开展|60|少一次扣3分|",
            ),
            [["20"], ["20"], ["60"]],
            id="three levels and a column of rules",
        ),
        pytest.param(
            ("序号|考核内容|分值", "一|组织建设|40", "1|按期换届|20", "2|发展团员|20", "二|活力|60", "3|主题团日|60"),
            [["20"], ["20"], ["60"]],
            id="group rows with points of their own",
        ),
        pytest.param(
            (
                "考核内容|自评分",
                "一、组织（40分）|",
                "1.换届（20分）|",
                "2.发展（20分）|",
                "二、活力（60分）|",
                "3.团日（60分）|",
            ),
            [["20"], ["20"], ["60"]],
            id="group rows in the text",
        ),
        pytest.param(
            ("序号|考核内容|分值", "1|换届|20", "2|发展|20", "|小计|40", "3|团日|60", "|小计|60", "|合计|100"),
            [["20"], ["20"], ["60"]],
            id="subtotals and a sum",
        ),
        pytest.param(
            ("序号|考核内容|分值", "1|换届|40", "序号|考核内容|分值", "2|团日|60"),
            [["40"], ["60"]],
            id="a head repeated",
        ),
        pytest.param(
            ("2025年度团组织考核表（100分）||", "序号|考核内容|分值", "1|换届|40", "2|团日|60"),
            [["40"], ["60"]],
            id="a title inside the table",
        ),
        pytest.param(
            ("指标|权重|考核标准", "按期换届|40%|按时换届得满分", "主题团日|60%|少一次扣5分"),
            [["40"], ["60"]],
            id="points as shares in percent",
        ),
        pytest.param(
            (
                "序号|考核内容|评分标准|分值",
                "1|建团率|90%以上得40分，80%-90%得30分，80%以下得10分|40",
                "2|团日|每月1次得60分，缺1次扣5分|60",
            ),
            [["40"], ["60"]],
            id="bands beside the points",
        ),
        pytest.param(
            ("考核内容|分值", "换届（15分），发展（25分）|40", "团日（60分）|60"),
            [["15", "25"], ["60"]],
            id="points in the text and in a column",
        ),
        pytest.param(
            ("考核项目|基准分|评分标准", "组织|40|换届20分；发展20分", "活力|60|团日30分；志愿30分"),
            [["20", "20"], ["30", "30"]],
            id="parts in the column of rules",
        ),
        pytest.param(
            ("考核项目|考核要求|分值|考核方式", "组织|按期换届|40|查阅资料", "活力|活动4次|60|实地检查"),
            [["40"], ["60"]],
            id="demands and ways of checking",
        ),
        pytest.param(
            ("考核内容|", "制度健全的得20分，较健全的得10分|", "团日活动（80分）|"),
            [["20"], ["80"]],
            id="levels in the text",
        ),
    ],
)
def test_a_layout_is_read_without_a_doubt(table: Table, expected: list[list[str]]) -> None:
    scheme = read(table)
    assert (points(scheme), told(scheme)) == (expected, [])


def test_a_group_that_states_another_sum_is_told() -> None:
    scheme = read(("一级指标|二级指标|分值", "组织（50分）|换届|20", "|发展|20", "活力（60分）|团日|60"))
    assert told(scheme) == [("conflict", "1")]


def test_words_that_state_more_than_their_column_are_told() -> None:
    scheme = read(("考核内容|评分标准|分值", "建团率|90%以上得50分，80%-90%得30分|40", "团日|按时开展|60"))
    assert (points(scheme), told(scheme)) == ([["40"], ["60"]], [("conflict", "1")])


def test_points_of_a_row_without_words_are_told() -> None:
    scheme = read(("序号|考核内容|分值", "1|组织|40", "2||20", "3|活力|40"))
    assert ("unread", "1") in told(scheme)


def test_a_remark_that_states_points_is_told() -> None:
    scheme = read(("序号|考核内容|分值|备注", "1|组织|40|缺一项扣2分", "2|活力|60|"))
    assert told(scheme) == [("judgement", "1")]


@pytest.mark.parametrize(
    "table",
    [
        ("考核内容|分值|评分标准|备注", "组织|40|按时换届|", "||资料齐全|缺一项扣2分", "活力|60||"),
        ("序号|考核内容|分值|备注", "一|组织|40|缺一项扣2分", "1|换届|40|", "2|活力|60|"),
    ],
)
def test_a_remark_of_a_row_that_is_joined_to_another_is_told(table: Table) -> None:
    assert ("judgement", "1") in told(read(table))


def test_what_stands_beyond_the_head_is_told() -> None:
    scheme = read(("序号|考核内容|分值", "1|组织|40|另加5分", "2|活力|60"))
    assert told(scheme) == [("unread", "1")]


def test_rows_under_a_veto_are_no_indicators() -> None:
    scheme = read(("序号|考核内容|分值", "1|组织|40", "2|活力|60", "一票否决项||", "1|发生重大事故的|"))
    assert (points(scheme), scheme.tracks[0].incident_rule) == ([["40"], ["60"]], True)
    assert set(told(scheme)) == {("judgement", "2")}


def test_levels_that_fit_neither_way_are_told() -> None:
    scheme = read(("考核内容|", "制度健全的得20分，较健全的得10分|", "团日活动（60分）|"))
    assert {code for code, _at in told(scheme)} == {"alternatives", "points-mismatch"}


def test_a_table_of_deductions_deducts_in_every_row() -> None:
    table = ("序号|扣分情形|扣分标准", "1|发生一般事故|每起扣10分", "2|迟报信息|每次扣2分，最多扣6分")
    track = read(table, title="2025年度安全生产考核扣分表（基准分100分）").tracks[0]
    (part,) = track.parts()
    assert [(plain(loss.rate), loss.cap) for loss in part.losses] == [("10", None), ("2", 6)]
    assert (plain(part.points), track.adjustments, track.deduction_cap) == ("100", (), None)
