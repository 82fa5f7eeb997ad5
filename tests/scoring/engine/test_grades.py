"""Grades in the ways that letters name them, and what they say of how many may get one (R12)."""

import pytest

from scoring.engine.notice.grades import grades, quotas
from tests.scoring.engine.paths import annex, scheme_from


@pytest.mark.parametrize(
    ("letter", "named"),
    [
        ("考核等次分为一等奖、二等奖、三等奖，其中一等奖3名，二等奖5名。", ("一等奖", "二等奖", "三等奖")),
        ("设一等奖1个、二等奖2个、三等奖3个。", ("一等奖", "二等奖", "三等奖")),
        ("评出优秀单位3个、先进单位5个。", ("优秀", "先进")),
        ("考核等次分为优秀（20%）、良好（50%）、合格（30%）。", ("优秀", "良好", "合格")),
        ("按得分排名，前3名为一等，4-8名为二等，其余为三等。", ("一等", "二等", "三等")),
        ("60分以下为不合格，60-79分为合格，80-89分为良好，90分及以上为优秀。", ("优秀", "良好", "合格", "不合格")),
        ("90分以上评定为“优秀”，60分以下评定为“不达标”。", ("优秀", "不达标")),
        ("考核等次分为优、良、中、差。", ("优", "良", "中", "差")),
        ("考核结果分优秀、合格、不合格三个等次。", ("优秀", "合格", "不合格")),
        ("分为优秀（90分以上）、良好（80—89分）、合格（60—79分）等次。", ("优秀", "良好", "合格")),
        ("考核结果分为优秀、良好、待改进、不合格四个等次。", ()),
        ("对优秀单位、先进个人予以表彰。", ()),
        ("95分以上为一等奖。", ()),
    ],
)
def test_grades_the_best_first(letter: str, named: tuple[str, ...]) -> None:
    assert grades([letter]) == named


@pytest.mark.parametrize(
    "sentence",
    [
        "优秀等次不超过参评单位的20%",
        "其中优秀3名，良好5个",
        "前3名评为优秀",
        "优秀单位名额另行通知",
        "优秀、良好比例分别为10%、30%",
        "优秀五名",
    ],
)
def test_how_many_may_get_a_grade_is_told_as_printed(sentence: str) -> None:
    assert quotas([f"考核工作如下。{sentence}。"], ["优秀", "良好"]) == [sentence]


def test_a_quota_is_told_of_the_whole_notice() -> None:
    letter = "考核等次分为优秀、良好，优秀等次不超过参评单位的20%。"
    scheme = scheme_from(annex("1.甲（100分）", letter=letter))
    assert [finding.track for finding in scheme.findings if finding.code == "judgement"] == [None]


@pytest.mark.parametrize(
    "line", ["等次分为优秀、良好两个等次。", "90分以上为优秀。", "优秀单位公示5个工作日。", "每家单位报2名。"]
)
def test_other_figures_are_no_quota(line: str) -> None:
    assert quotas([line], ["优秀", "良好"]) == []
