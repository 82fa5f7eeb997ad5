"""Points that a row's words double, halve or count once are told at the row: nothing computes them."""

import pytest

from tests.scoring.engine.paths import annex, scheme_from


def judged(text: str) -> list[str]:
    findings = scheme_from(annex(text)).findings
    return [finding.message.text() for finding in findings if (finding.code, finding.at) == ("judgement", "1")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.报送材料（100分），逾期报送的减半计分。", "减半计分"),
        ("1.报送材料（100分），未按时完成的得分减半。", "得分减半"),
        ("1.报送材料（100分），每缺一次扣5分，第二次起加倍扣分。", "加倍扣分"),
        ("1.报送材料（100分），弄虚作假的双倍扣分。", "双倍扣分"),
        ("1.报送材料（100分），屡次不改的，扣分翻倍。", "扣分翻倍"),
        ("1.报送材料（100分），迟报的按50%计分。", "按50%计分"),
        ("1.报送材料（100分），迟报的按应得分的50％计分。", "按应得分的50%计分"),
        ("1.获奖情况（100分），同一项目就高不重复计分。", "就高不重复计分"),
    ],
)
def test_words_that_change_the_points_are_told_at_the_row(text: str, words: str) -> None:
    (told,) = judged(text)
    assert f"“{words}”" in told


@pytest.mark.parametrize(
    "text",
    [
        "1.实现产值翻倍（100分）。",
        "1.学时减半的课程不少于3门（100分）。",
    ],
)
def test_words_that_change_no_points_are_no_finding(text: str) -> None:
    assert judged(text) == []
