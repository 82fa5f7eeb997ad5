"""Bonus and deduction items in other words: what counts once, what of several steps, and what a limit is of."""

import pytest

from scoring.engine.notice.printing import unsaid
from scoring.engine.numbers import plain
from scoring.engine.scheme import Finding, SchemeRules
from scoring.engine.track import Adjustment
from tests.scoring.engine.paths import annex, scheme_from


def item_of(printed: str, head: str = "加分项") -> tuple[Adjustment, list[Finding]]:
    scheme = scheme_from(annex("1.甲（100分）", head, f"1.{printed}"))
    (item,) = scheme.tracks[0].adjustments
    return item, [finding for finding in scheme.findings if finding.at == item.code]


@pytest.mark.parametrize(
    "printed",
    [
        "作品点击量超10万次的加1分，超50万次的加2分，超100万次的加3分",
        "会员年增长率超过10%的加1分，超过20%的加2分",
        "参会人数100人以上加2分、200人以上加3分",
        "造成损失5万元以下的扣1分，5万元至20万元的扣3分，20万元以上的扣5分",
        "活动规模500人以下加1分，500人以上加2分",
        "逾期1-5天扣0.5分，逾期6-10天扣1分，逾期10天以上扣2分",
        "未落实检查的，1次扣1分，2次扣3分，3次以上扣5分",
        "经费使用不合规的扣5分；情节严重的扣10分",
        "特别重大事件扣10分、重大事件扣6分、较大事件扣4分、一般事件扣2分",
        "受到省政府表彰的加2分，受到市政府表彰的加1分",
        "获中国残联推广加5分，省残联推广加3分，市委市政府推广加2分",
        "更新不及时，超过1个月扣0.2分，超过3个月扣0.5分",
    ],
)
def test_of_the_steps_of_one_measure_the_highest_counts(printed: str) -> None:
    item, told = item_of(printed, "加减分项")
    assert (item.highest, {rule.per for rule in item.rules}) == (True, {None})
    assert [finding.code for finding in told] == ["alternatives"]


def test_a_factor_beside_them_leaves_the_steps_a_ladder() -> None:
    item, _told = item_of("省部级加3分、厅局级加2分、县处级加1分；个人受表彰的减半")
    assert (item.highest, [rule.factor is None for rule in item.rules]) == (True, [True, True, True, False])


def test_a_ladder_that_adds_stays_one_beside_what_deducts() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "加减分项", "1.评为优秀的加2分、良好的加1分、较差的扣2分"))
    assert [(item.kind, item.highest) for item in scheme.tracks[0].adjustments] == [
        ("bonus", True),
        ("deduction", False),
    ]


@pytest.mark.parametrize(
    ("printed", "per"),
    [
        ("新增一个示范点加1分", "个"),
        ("获得一项国家级荣誉加5分", "项"),
        ("较上年提升1个等次加2分", "个等次"),
        ("一级学会加2分", None),
        ("统一部署的工作完成后加2分", None),
    ],
)
def test_what_one_of_something_adds(printed: str, per: str | None) -> None:
    assert [rule.per for rule in item_of(printed)[0].rules] == [per]


def test_prizes_keep_their_names() -> None:
    item, _told = item_of("获科技奖的，特等奖10分，一等奖8分，二等奖5分")
    assert ([rule.text for rule in item.rules][1:], item.highest) == (["一等奖", "二等奖"], True)


@pytest.mark.parametrize(
    "printed",
    [
        "举办讲座5次以上加1分，举办展览8次以上加1分",
        "举办讲座5次以上加1分，培训8天以上加1分",
        "举办讲座5次以上加1分，展览办得好的加1分",
        "公章管理不规范扣1分，财务管理不规范扣2分",
        "迟到1次扣1分，旷工扣3分",
        "每迟到1次扣1分，3次以上扣5分",
        "迟到1次扣1分，早退每2次扣1分",
    ],
)
def test_what_is_said_of_different_things_is_added_up(printed: str) -> None:
    assert not item_of(printed, "加减分项")[0].highest


@pytest.mark.parametrize(
    ("printed", "item_cap", "rule_caps", "told"),
    [
        ("省级每篇加2分，市级每篇加1分，累计不超过3分", "3", [None, None], False),
        ("省级每篇加2分，市级每篇加1分，最多加4分", "4", [None, None], False),
        ("省级每篇加2分；市级每篇加1分；全年累计不超过3分", "3", [None, None], False),
        ("省级每篇加2分；市级每篇加1分，最多加3分", None, [None, "3"], True),
        ("省级每篇加2分，市级每篇加1分，最多加2分", None, [None, "2"], False),
        ("省级每篇加2分，最多加4分，市级每篇加1分，最多加3分", None, ["4", "3"], False),
        ("省级（2分/篇），市级（1分/篇，累计不超过3分）", None, [None, "3"], False),
        ("提出建议1条加0.2分，满分2分", None, ["2"], False),
        ("发明每项加2分、实用新型每项加1分，上限均为4分", None, ["4", "4"], False),
    ],
)
def test_what_a_limit_behind_several_rates_is_of(
    printed: str, item_cap: str | None, rule_caps: list[str | None], told: bool
) -> None:
    item, findings = item_of(printed)
    caps = [None if rule.cap is None else plain(rule.cap) for rule in item.rules]
    assert (None if item.cap is None else plain(item.cap), caps) == (item_cap, rule_caps)
    assert [finding.code for finding in findings] == (["judgement"] if told else [])


@pytest.mark.parametrize(
    ("printed", "quoted"),
    [
        ("工作有创新的，最高加5分", "最高加"),
        ("发表论文每篇加5分，每人最高10分", "最高10分"),
        ("材料造假的，取消该项加分并倒扣5分", "取消该项加分"),
        ("每家学会限报一项；获奖的加2分", "每家学会限报一项"),
        ("被省级约谈每次扣5分，被市级约谈每次扣3分，同一事项不重复扣分", "不重复扣分"),
    ],
)
def test_words_that_nothing_computes_are_told(printed: str, quoted: str) -> None:
    _item, told = item_of(printed, "加减分项" if "扣" in printed else "加分项")
    assert any(quoted in finding.message.text() for finding in told if finding.code == "judgement")


def test_points_that_somebody_decides_on_are_at_discretion() -> None:
    item, _told = item_of("作出突出贡献的，由领导小组研究决定加分，最高不超过5分")
    assert [(rule.per, plain(rule.rate)) for rule in item.rules] == [("分", "1")]


@pytest.mark.parametrize(
    "printed", ["加2分：获全国表彰；加1分：获全省表彰", "可给予3至1分加分", "累计扣满10分的不得参评"]
)
def test_points_that_stand_otherwise_than_any_rule_says_are_told(printed: str) -> None:
    item, told = item_of(printed)
    assert (item.rules, [finding.code for finding in told]) == ((), ["unread"])


@pytest.mark.parametrize("head", ["奖励加分", "负面清单", "倒扣分项", "其他加分项", "加分因素"])
def test_heads_of_adjustments_in_other_words(head: str) -> None:
    scheme = scheme_from(annex("1.甲（100分）", head, "1.乙（0.5分/次）"))
    assert (len(scheme.tracks[0].indicators), len(scheme.tracks[0].adjustments)) == (1, 1)


def test_what_a_head_says_that_nothing_computes_is_told_of_the_track() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "加分项（不超过20分，同一事项不重复计分）", "1.乙（加1分/次）"))
    assert ["不重复计分" in finding.message.text() for finding in scheme.findings if finding.code == "judgement"] == [
        True
    ]


def test_a_limit_that_a_head_states_as_a_share_is_told() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "加分（不超过总分的10%）", "1.乙（加1分/次）"))
    assert any("不超过总分的10%" in finding.message.text() for finding in scheme.findings)


def test_each_small_item_has_a_limit() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "加分项（满分10分，每小项最高得3分）", "1.乙（加1分/次）"))
    (track,) = scheme.tracks
    assert (track.bonus_cap, track.adjustments[0].cap) == (10, 3)


def test_what_is_begun_counts_as_whole_and_nothing_is_multiplied() -> None:
    item, told = item_of("每少完成10%扣1分，不足10%的按10%计算", "扣分项")
    assert ([(rule.per, rule.factor) for rule in item.rules], told) == ([("10%", None)], [])


@pytest.mark.parametrize(
    ("head", "unlimited"),
    [
        ("加分项（加分无上限）", ("bonus",)),
        ("加减分项（扣分不封顶）", ("deduction",)),
        ("扣分项（不设上限）", ("deduction",)),
        ("加减分项（上不封顶）", ("bonus", "deduction")),
        ("加分项（次数不限）", ()),
        ("加分项：各项加分累计不得突破8分", ()),
        ("加分项（单项不限，合计不超过10分）", ()),
        ("加分项（加分无上限，但总加分不超过10分）", ()),
    ],
)
def test_that_there_is_no_limit_is_stated_too(head: str, unlimited: tuple[str, ...]) -> None:
    scheme = scheme_from(annex("1.甲（100分）", head, "1.乙（加1分/次）", "2.丙（扣1分/次）"))
    (track,) = scheme.tracks
    told = {finding.message.text() for finding in scheme.findings if finding.code == "missing"}
    for kind, cap, words in (
        ("bonus", track.bonus_cap, "No limit of the bonus"),
        ("deduction", track.deduction_cap, "No limit of the deductions"),
    ):
        assert any(words in text for text in told) == (cap is None and kind not in unlimited)
    assert track.unlimited == unlimited
    assert unsaid(scheme) == ()
    assert SchemeRules.from_json(scheme.to_json()).tracks == scheme.tracks


def test_a_veto_beside_its_head_and_a_cell_that_is_struck_out() -> None:
    rows = ("1.甲\t100\t无", "一票否决\t/\t发生医疗责任事故的，考核得分为0分")
    scheme = scheme_from(annex(*rows, head="考核内容\t分值\t评分细则"))
    (track,) = scheme.tracks
    assert (len(track.indicators), [veto.effect for veto in track.vetoes], scheme.errors()) == (1, ["zero"], ())


@pytest.mark.parametrize(
    ("row", "effect", "grades"),
    [
        ("发生事故的，直接定为不合格。", "bars", ("优秀", "良好", "合格")),
        ("受到处分的，取消评先资格，定为不合格。", "bars", ("优秀", "良好", "合格")),
        ("未完成整改的，考核等次不得高于合格。", "bars", ("优秀", "良好")),
        ("被立案查处的，不得确定为优秀等次。", "bars", ("优秀",)),
        ("未参加年检的，不纳入考核范围。", "not_assessed", ()),
        ("材料造假的，取消考核资格。", "not_assessed", ()),
        ("被撤销登记的，不再参加考核。", "not_assessed", ()),
        ("被追究刑事责任的，年度考核评为不合格等次。", "bars", ("优秀", "良好", "合格")),
        ("发生政治事件的，取消评优资格且考核结果不高于合格。", "bars", ("优秀", "良好")),
        ("发生违法案件的，当年考核不得分。", "zero", ()),
        ("瞒报事故的，总得分记为0。", "zero", ()),
    ],
)
def test_what_a_veto_does_in_other_words(row: str, effect: str, grades: tuple[str, ...]) -> None:
    letter = "考核等次分为优秀、良好、合格、不合格。"
    (track,) = scheme_from(annex("1.甲（100分）", "一票否决项", f"1.{row}", letter=letter)).tracks
    assert [(veto.effect, veto.grades) for veto in track.vetoes] == [(effect, grades)]


def test_a_veto_that_names_a_grade_which_the_notice_has_not_is_a_remark() -> None:
    letter = "考核等次分为优秀、良好、合格、不合格。"
    (track,) = scheme_from(annex("1.甲（100分）", "一票否决项", "1.造假的，定为基本合格。", letter=letter)).tracks
    assert track.vetoes == ()
