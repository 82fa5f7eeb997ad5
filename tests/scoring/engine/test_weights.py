"""Which share of the total a component has, in a letter's words; what no component is known for is told."""

import pytest

from tests.scoring.engine.paths import scheme_from

TABLE = "附件1\n2024年度乡镇科协工作考核表（总分100分）\n\n\t考核内容\n\t分值\n\n\t组织建设\n\t40\n\n\t科普活动\n\t60\n"


def read(letter: str) -> tuple[list[str], list[str]]:
    """The weights of the track as `code weight`, and what is told of weights at it."""
    scheme = scheme_from(f"关于2024年度考核的通知\n\n{letter}\n\n请于12月10日前报送。\n\n某县科协\n\n{TABLE}")
    (track,) = scheme.tracks
    told = [finding.message.text() for finding in scheme.findings if finding.code in {"unread", "points-mismatch"}]
    return [f"{component.code} {component.weight.normalize():f}" for component in track.components], told


@pytest.mark.parametrize(
    ("letter", "weights"),
    [
        ("考核采取百分制，其中工作考核占80%，群众满意度占20%。", ["work 80", "recipients 20"]),
        (
            "总分由工作实绩（权重70%）、服务对象评价（权重20%）、领导评价（权重10%）构成。",
            ["work 70", "recipients 20", "leaders 10"],
        ),
        ("工作考核、服务对象评价、领导评价按7:2:1的比例计入总分。", ["work 70", "recipients 20", "leaders 10"]),
        ("工作考核、领导评价权重为八比二。", ["work 80", "leaders 20"]),
        ("工作考核与领导评价各占50%。", ["work 50", "leaders 50"]),
        ("工作考核、领导评价分别按85%、15%计入总分。", ["work 85", "leaders 15"]),
        ("工作考核得分占总分的七成，领导评价得分占总分的三成。", ["work 70", "leaders 30"]),
        ("总分=工作考核得分×0.7+服务对象评价×0.2+领导评价×0.1。", ["work 70", "recipients 20", "leaders 10"]),
        ("总分=70%×工作考核得分+30%×领导评价得分。", ["work 70", "leaders 30"]),
        ("工作考核占总分的百分之七十，领导评价占百分之三十。", ["work 70", "leaders 30"]),
        ("工作考核占总分的七成五，领导评价占二成五。", ["work 75", "leaders 25"]),
        ("工作考核占总分的八成，领导评价占总分的两成。", ["work 80", "leaders 20"]),
        ("工作考核权重为0.7，领导评价权重为0.3。", ["work 70", "leaders 30"]),
        ("工作考核与服务对象评价、领导评价之比为7∶2∶1。", ["work 70", "recipients 20", "leaders 10"]),
        ("综合得分由目标考核得分（70%）和社会评价得分（30%）组成。", ["work 70", "recipients 30"]),
    ],
)
def test_weights_of_components_that_are_known(letter: str, weights: list[str]) -> None:
    assert read(letter) == (weights, [])


@pytest.mark.parametrize(
    "letter",
    [
        "考核由日常督查、年终考核两部分组成，比例为6:4。",
        "总分=平时考核×40%+年终考核×60%。",
        "平时考核得分占总成绩的30%，年终考核得分占总成绩的70%。",
        "自评、互评、考评组评价各占20%、30%、50%。",
        "自评与考评各占50%。",
        "日常督查占三成，年终考核占七成。",
        "半年考核与年终考核按三比七的比例折算。",
        "平时考核、年终考核权重分别为40%和60%。",
        "年终考核成绩以60%的比例计入年度总成绩。",
        "本表得分按60%折算后计入总分。",
        "综合评定按照单位自评20%、考核小组评定60%、领导小组评定20%的权重计算。",
        "按7:3的比例计算总分。",
        "平时考核占60%，年终考核占50%。",
    ],
)
def test_weights_of_others_are_told_and_change_nothing(letter: str) -> None:
    weights, told = read(letter)
    assert weights == ["work 100"]
    assert any(letter.rstrip("。").replace("，", ",").replace("＋", "+") in sentence for sentence in told)


@pytest.mark.parametrize(
    ("letter", "weight", "others"),
    [
        ("二、考核方式\n（一）日常考核（占40%）\n（二）集中考核（占60%）", "work 40", "(二)集中考核(占60%"),
        ("部门评价占10%，互评占10%，市科协领导评价占80%。", "leaders 80", "部门评价占10%,互评占10%,"),
    ],
)
def test_one_of_ours_among_others_is_read_and_the_rest_told(letter: str, weight: str, others: str) -> None:
    weights, (first, second) = read(letter)
    assert weights == [weight]
    assert others in first
    assert second.startswith("The weights come to")


@pytest.mark.parametrize(
    "letter",
    [
        "各单位完成率应达到100%，参与率达到80%。",
        "优秀等次不超过参评单位总数的20%。",
        "优秀单位比例控制在30%以内，其中一等奖占10%。",
        "参加活动人数占职工总数的80%。",
        "科普经费占财政支出比例同比提高5%。",
        "会议9:30开始，比分为3:2。",
        "科普经费与学术经费按6:4的比例安排，名额按7:3的比例分配。",
        "会员中女性占40%，男性占60%，青年与其他之比为3:2。",
    ],
)
def test_other_percentages_and_ratios_are_no_weights(letter: str) -> None:
    assert read(letter) == (["work 100"], [])
