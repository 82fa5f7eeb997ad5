"""Words that double, halve or count points at a share are a factor where they say of what; elsewhere they are told."""

from decimal import Decimal

import pytest

from scoring.engine.notice.factors import told_factors
from scoring.engine.numbers import plain
from tests.scoring.engine.paths import annex, scheme_from

HALF = Decimal("0.5")


def factors(text: str, *, above: str = "") -> list[tuple[str, str, str]]:
    """The factors of a row: the code of each, when it holds, and by how much it multiplies."""
    (track,) = scheme_from(annex(*([above] if above else []), text)).tracks
    losses = [loss for part in track.parts() for loss in part.losses]
    rules = [rule for rule in (*losses, *track.rules()) if rule.factor is not None]
    return [(rule.code, rule.text, plain(rule.factor)) for rule in rules if rule.factor is not None]


def told(text: str, *, at: str | None = "1", above: str = "") -> list[str]:
    findings = scheme_from(annex(*([above] if above else []), text)).findings
    return [finding.message.text() for finding in findings if (finding.code, finding.at) == ("judgement", at)]


@pytest.mark.parametrize(
    ("text", "when", "factor"),
    [
        ("1.报送材料（100分），逾期报送的减半计分。", "逾期报送的", "0.5"),
        ("1.报送材料（100分，逾期报送的减半计分）。", "逾期报送的", "0.5"),
        ("1.报送材料（100分），未按时完成的得分减半。", "未按时完成的", "0.5"),
        ("1.报送材料（100分），未按时完成的，得分折半。", "未按时完成的", "0.5"),
        ("1.报送材料（100分），逾期报送的减半。", "逾期报送的", "0.5"),
        ("1.报送材料（100分），逾期报送的得一半分。", "逾期报送的", "0.5"),
        ("1.报送材料（100分），逾期报送的只计一半分值。", "逾期报送的", "0.5"),
        ("1.报送材料（100分），迟报的只能按50%计分。", "迟报的", "0.5"),
        ("1.报送材料（100分），迟报的按50%计分。", "迟报的", "0.5"),
        ("1.报送材料（100分），迟报的减按50%计分。", "迟报的", "0.5"),
        ("1.报送材料（100分），迟报的按应得分的80％计分。", "迟报的", "0.8"),
        ("1.报送材料（100分），迟报的按百分之六十计分。", "迟报的", "0.6"),
        ("1.报送材料（100分），迟报的打八折计分。", "迟报的", "0.8"),
        ("1.报送材料（100分），迟报的按该项分值打8.5折计分。", "迟报的", "0.85"),
        ("1.报送材料（100分），每缺一次扣5分；逾期的减半计分。", "逾期的", "0.5"),
    ],
)
def test_a_part_is_multiplied_by_what_its_words_say(text: str, when: str, factor: str) -> None:
    ((_code, text_of, value),) = factors(text)
    assert (text_of, value, told(text)) == (when, factor, [])


def test_a_factor_goes_on_behind_the_losses_of_its_part() -> None:
    assert factors("1.报送材料（100分），每缺一次扣5分；逾期的减半计分。") == [("1.1.2", "逾期的", "0.5")]


def test_a_part_in_whose_bracket_a_factor_stands_is_multiplied_alone() -> None:
    assert factors("1.报送信息（40分，逾期的减半计分），开展活动（60分）。") == [("1.1.1", "逾期的", "0.5")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.报送材料（100分），每缺一次扣5分，第二次起加倍扣分。", "加倍扣分"),
        ("1.报送材料（100分），弄虚作假的双倍扣分。", "双倍扣分"),
        ("1.报送材料（100分），屡次不改的，扣分翻倍。", "扣分翻倍"),
        ("1.报送材料（100分），牵头的加倍计分。", "加倍计分"),
        ("1.报送材料（100分），每逾期一天减半计分。", "减半计分"),
        ("1.报送信息（40分），开展活动（60分），逾期的减半计分。", "减半计分"),
        ("1.开展活动（100分，5分/次），逾期的减半计分。", "减半计分"),
        ("1.甲（共100分，其中：报送信息40分，开展活动60分），逾期的减半计分。", "减半计分"),
        ("1.有方案有记录得100分；有记录无方案得50分；逾期的减半计分。", "减半计分"),
        ("1.逾期报送的减半计分，报送材料（100分）。", "减半计分"),
        ("1.报送材料（100分），减半计分。", "减半计分"),
        ("1.报送材料（100分，其中工作总结逾期的减半计分）。", "减半计分"),
        ("1.完成任务（100分），逾期完成的部分按50%计分。", "按50%计分"),
        ("1.完成任务（100分），以上各项逾期的减半计分。", "减半计分"),
        ("1.报送材料（100分），迟报的按完成任务的50%计分。", "按完成任务的50%计分"),
        ("1.报送材料（100分），迟报的扣除该项得分的50%。", "扣除该项得分的50%"),
        ("1.报送材料（100分），迟报的按得分×50%计。", "×50%"),
        ("1.报送材料（100分），迟报的得80%的分。", "得80%的分"),
        ("1.报送材料（100分），迟报的取消该项得分的一半。", "取消该项得分的一半"),
        ("1.报送材料（100分），迟报的计0.5倍分。", "计0.5倍"),
        ("1.报送材料（100分），迟报的加倍计扣。", "加倍计扣"),
        ("1.报送材料（100分），逾期报送减半", "减半"),
        ("1.开展活动（100分），难度系数1.2。", "系数1.2"),
        ("1.报送材料（100分），弄虚作假的按10倍扣分。", "10倍扣分"),
        ("1.报送材料（100分），逾期的按三分之一计分。", "三分之一计分"),
        ("1.报送材料（100分），逾期的按1/2计分。", "1/2计分"),
        ("1.报送材料（100分），逾期的按0.8系数计分。", "按0.8系数计分"),
        ("1.报送材料（100分），逾期的减免50%。", "减免50%"),
        ("1.获奖情况（100分），同一项目就高不重复计分。", "就高不重复计分"),
        ("1.获奖情况（100分），同一项目择高计分。", "择高计分"),
    ],
)
def test_words_whose_scope_is_unclear_are_told_at_the_row(text: str, words: str) -> None:
    (sentence,) = told(text)
    assert (f"“{words}”" in sentence, factors(text)) == (True, [])


@pytest.mark.parametrize(
    "text",
    [
        "1.实现产值翻倍（100分）。",
        "1.学时减半的课程不少于3门（100分）。",
        "1.产值达到上年的2倍以上（100分）。",
        "1.产值翻两番得分100分。",
        "1.覆盖率达到三分之二（100分）。",
        "1.完成率达到80%以上（100分）。",
        "1.整改率=整改数/应整改数×100%（100分）。",
    ],
)
def test_words_that_change_no_points_are_neither_a_factor_nor_a_finding(text: str) -> None:
    assert (factors(text), told(text)) == ([], [])


@pytest.mark.parametrize(
    ("head", "text", "read"),
    [
        ("扣分项", "1.未按要求组建组织扣2分，情节严重的加倍扣分。", [("D1.2", "情节严重的", "2")]),
        ("扣分项", "1.未按要求组建组织扣2分，情节严重的按两倍扣分。", [("D1.2", "情节严重的", "2")]),
        ("扣分项", "1.迟报扣1分，漏报扣2分，主动整改的扣分减半。", [("D1.3", "主动整改的", "0.5")]),
        ("加分项", "1.国家级加5分、省级加3分，联合申报的减半。", [("B1.3", "联合申报的", "0.5")]),
        ("加分项", "1.获表彰加2分，联合申报的减半加分，最高加5分。", [("B1.2", "联合申报的", "0.5")]),
    ],
)
def test_an_item_is_multiplied_as_a_whole(head: str, text: str, read: list[tuple[str, str, str]]) -> None:
    assert factors(text, above=head) == read
    assert told(text, at=read[0][0][:2], above=head) == []


@pytest.mark.parametrize(
    ("head", "text", "at"),
    [
        ("扣分项", "1.每次扣1分，再次发生的加倍扣分。", "D1"),
        ("扣分项", "1.每次扣1分，整改的减半加分。", "D1"),
        ("扣分项", "1.每次扣1分，弄虚作假的按十二倍扣分。", "D1"),
        ("扣分项", "1.每次扣1分，整改到位的减少一半。", "D1"),
        ("扣分项", "1.迟报（扣1分，情节严重的加倍扣分），漏报（扣2分）。", "D1"),
        ("扣分项", "1.迟报（扣1分），漏报（扣2分，情节严重的加倍扣分）。", "D1"),
        ("加、扣分项", "1.表彰加1分，批评扣2分，情节严重的加倍。", "B1"),
        ("加分项", "1.国家级加5分、省级加3分，联合申报的按省级标准的50%加分。", "B1"),
        ("加分项", "1.获奖加5分，第一单位100%，第二单位50%。", "B1"),
    ],
)
def test_words_that_may_mean_some_of_an_items_points_are_told(head: str, text: str, at: str) -> None:
    assert (factors(text, above=head), len(told(text, at=at, above=head))) == ([], 1)


def test_a_factor_of_an_item_asks_whether_it_multiplies_all() -> None:
    scheme = scheme_from(annex("扣分项", "1.迟报信息每次扣1分，情节严重的加倍扣分。"))
    (item,) = scheme.tracks[0].adjustments
    assert [(plain(rule.rate), rule.per, rule.factor) for rule in item.rules] == [("1", "次", None), ("0", None, 2)]
    (asked,) = [finding for finding in scheme.findings if finding.code == "unclear-scope"]
    assert (asked.at, asked.severity, "“情节严重的”" in asked.message.text()) == ("D1.2", "confirm", True)


@pytest.mark.parametrize("long", ["\u3000", "该", "1", "一", "的"])
def test_what_is_printed_over_and_over_is_looked_through_once(long: str) -> None:
    assert told_factors(f"考核{long * 20_000}优秀10%。", ()) == []


def in_columns(row: tuple[str, ...], head: tuple[str, ...], above: str = "") -> str:
    rows = [head, *([(above, *("" for _cell in head[1:]))] if above else []), row]
    cells = "".join("\n" + "".join(f"\t{cell}\n" for cell in each) for each in rows)
    return f"关于2024年度考核的通知\n\n测试市科协\n2024年12月1日\n\n附件1\n2024年度市级学会考核表\n{cells}"


@pytest.mark.parametrize(
    ("row", "head", "above", "code"),
    [
        (("报送材料，逾期的减半计分", "100"), ("考核内容", "分值"), "", "1.1.1"),
        (("报送材料", "100", "逾期的减半计分"), ("考核内容", "分值", "评分标准"), "", "1.1.1"),
        (("报送材料", "100", "每缺一次扣5分，逾期的减半计分"), ("考核内容", "分值", "评分标准"), "", "1.1.2"),
        (("获表彰加2分", "", "逾期的减半计分"), ("考核内容", "分值", "评分标准"), "加分项", "B1.2"),
        (("获表彰，逾期的减半计分", "2"), ("考核内容", "分值"), "加分项", "B1.2"),
    ],
)
def test_a_factor_stands_in_a_table_with_columns(
    row: tuple[str, ...], head: tuple[str, ...], above: str, code: str
) -> None:
    (track,) = scheme_from(in_columns(row, head, above)).tracks
    rules = [rule for part in track.parts() for rule in part.losses] + list(track.rules())
    assert [(rule.code, rule.factor) for rule in rules if rule.factor is not None] == [(code, HALF)]


@pytest.mark.parametrize(
    ("text", "highest", "sentences"),
    [
        ("1.承办年会的加5分，协办年会的加2分，就高不重复计分。", True, 0),
        ("1.承办年会每次加5分，协办年会每次加2分，就高不重复计分。", False, 1),
        ("1.承办年会的加5分，协办年会的加2分，与其他项就高不重复计分。", True, 1),
        ("1.承办年会的加5分，就高不重复计分。", False, 1),
        ("1.承办年会的加5分，协办年会的加2分，不累计加分。", False, 1),
    ],
)
def test_counted_once_is_computed_within_an_item_and_told_where_a_person_must_see_to_it(
    text: str, highest: bool, sentences: int
) -> None:
    scheme = scheme_from(annex("加分项", text))
    (item,) = scheme.tracks[0].adjustments
    found = [finding.message.text() for finding in scheme.findings if finding.at == "B1"]
    assert (item.highest, len(found)) == (highest, sentences)
    assert all("count only what comes to most" in sentence for sentence in found)


def test_the_highest_of_one_matter_is_told_since_a_row_may_hold_several_matters() -> None:
    scheme = scheme_from(annex("加分项", "1.承办年会的加5分，协办年会的加2分，同一事项择高计分。"))
    (item,) = scheme.tracks[0].adjustments
    assert item.highest
    assert [finding.code for finding in scheme.findings if finding.at == "B1"] == ["alternatives"]


@pytest.mark.parametrize("head", ["加分项（联合申报的减半计分）", "加分项（同一事项就高不重复计分）"])
def test_what_a_head_says_of_all_its_rows_is_told_for_the_track(head: str) -> None:
    scheme = scheme_from(annex(head, "1.获表彰加2分。"))
    assert [finding.at for finding in scheme.findings if finding.code == "judgement"] == [None]


def test_a_remark_beside_a_row_that_multiplies_is_told_at_the_row() -> None:
    row = ("报送材料", "100", "逾期的减半计分")
    findings = scheme_from(in_columns(row, ("考核内容", "分值", "备注"))).findings
    assert [finding.at for finding in findings if "逾期的减半计分" in finding.message.text()] == ["1"]


@pytest.mark.parametrize(
    ("sentence", "sentences"),
    [
        ("逾期报送的减半计分。", 1),
        ("同一事项就高不重复加分。", 1),
        ("工作考核按70%计分，领导评价按30%计分。", 0),
        ("请按时报送。", 0),
    ],
)
def test_what_the_letter_says_of_all_rows_is_told_but_for_its_weights(sentence: str, sentences: int) -> None:
    findings = scheme_from(annex("1.甲（100分）", letter=sentence)).findings
    assert len([finding for finding in findings if (finding.code, finding.track) == ("judgement", None)]) == sentences


def test_a_factor_behind_parts_that_the_rules_column_shares_out_is_told() -> None:
    row = ("组织工作（100分）", "100", "按期换届60分；发展团员40分；逾期的减半计分")
    scheme = scheme_from(in_columns(row, ("考核内容", "分值", "评分标准")))
    assert [(part.points, part.losses) for part in scheme.tracks[0].parts()] == [(60, ()), (40, ())]
    assert [finding.at for finding in scheme.findings if "“减半计分”" in finding.message.text()] == ["1"]
