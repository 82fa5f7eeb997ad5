"""Rows whose numbers no rule takes: they are told at their place, and give nothing."""

import pytest

from scoring.engine.numbers import plain
from tests.scoring.engine.paths import annex, scheme_from
from tests.scoring.engine.test_layouts import points, read


@pytest.mark.parametrize(
    "row",
    [
        "1.获国家级、省级表彰的分别加五分、三分",
        "1.获得表彰的各加3分",
        "1.获得表彰的不超过3分",
    ],
    ids=["levels in words", "each of names that are not named", "a limit of nothing"],
)
def test_an_item_without_a_rate_is_told(row: str) -> None:
    track = scheme_from(annex("1.甲（100分）", "加分项", row)).tracks[0]
    assert [item.rules for item in track.adjustments] == [()]
    told_items = scheme_from(annex("1.甲（100分）", "加分项", row)).findings
    assert ("unread", "B1") in [(finding.code, finding.at) for finding in told_items]


def test_levels_of_names_that_are_not_named_keep_the_whole_words() -> None:
    item = scheme_from(annex("1.甲（100分）", "加分项", "1.获表彰的分别加5分、3分")).tracks[0].adjustments[0]
    assert [(rule.text, plain(rule.rate)) for rule in item.rules] == [("获表彰的", "5"), ("获表彰的", "3")]


def test_a_row_of_a_group_that_only_deducts_is_a_deduction() -> None:
    rows = ("考核内容|", "一、组织（40分）|", "1.换届，缺一次扣20分|", "2.发展（40分）|", "3.团日（60分）|")
    scheme = read(rows)
    assert points(scheme) == [["40"], ["60"]]
    assert [plain(rule.rate) for rule in scheme.tracks[0].rules()] == ["20"]


def test_a_row_that_says_only_its_group_is_a_row() -> None:
    scheme = read(("一级指标|二级指标|分值", "组织建设||40", "活力|团日|60"))
    assert points(scheme) == [["40"], ["60"]]
