"""How rules of every kind are said to people, and what they admit."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.errors import DomainError
from scoring.engine.basis import Basis
from scoring.engine.quota import UP, Quota
from scoring.engine.track import Level, Part, Rule, Veto
from scoring.refusals import require_admitted
from scoring.wording import name_basis, say_basis, say_effect, say_kinds, say_quota, say_rule, say_worth

GRANTED = Rule("D1.1", "酌情", Decimal(2), rate_from=Decimal("0.5"))
GRANTED_EACH = Rule("D1.1", "酌情", Decimal(2), "次", rate_from=Decimal("0.5"))


def test_a_rule_says_what_it_gives() -> None:
    assert say_rule(Rule("D1.1", "", Decimal(2), "次")) == "每次 2 分"
    assert say_rule(GRANTED_EACH) == "每次酌情计 0.5 至 2 分"
    assert say_rule(replace(GRANTED_EACH, per=None)) == "酌情计 0.5 至 2 分，只计一次"


def test_a_part_says_its_levels_and_what_is_taken() -> None:
    levels = (Level("1.1.1", "有方案", Decimal(4)), Level("1.1.2", "无方案", Decimal(2)))
    part = Part("1.1", "", Decimal(4), levels=levels, losses=(Rule("1.1.3", "缺席", Decimal(2), "次"),))
    chosen, taken = say_kinds(part)
    assert "有方案 = 4；无方案 = 2" in chosen
    assert "缺席 − 每次 2 分" in taken
    assert say_kinds(Part("1.1", "", Decimal(4))) == []


def test_a_loss_says_up_to_what_it_counts() -> None:
    part = Part("1.1", "", Decimal(20), losses=(Rule("1.1.1", "缺席", Decimal(2), "次", Decimal(6)),))
    assert "缺席 − 每次 2 分 ≤ 6" in say_kinds(part)[0]


@pytest.mark.parametrize(
    ("kept", "given", "named"),
    [
        ({"level": "1.1.2"}, "2", "1.1.2 无方案"),
        ({"level": "1.1.2"}, None, "1.1.2 无方案"),
        ({"level": "1.1.2"}, "3", "1.1.2 无方案；应得2分"),
        ({"measured": "1.9"}, "2", "1.9倍；应得4分"),
        ({"measured": "1.9"}, None, "1.9倍"),
        ({"losses": {"1.1.3": "3", "1.1.4": "0.5"}}, "0", "缺席 × 3；材料不全 − 0.5"),
        ({"level": "9"}, "2", ""),
        ({}, "2", ""),
    ],
)
def test_what_points_come_from_is_named_in_a_few_words(kept: dict[str, object], given: str | None, named: str) -> None:
    losses = (Rule("1.1.3", "缺席", Decimal(2), "次"), Rule("1.1.4", "材料不全", Decimal(2), rate_from=Decimal("0.5")))
    levels = (Level("1.1.1", "有方案", Decimal(4), Decimal("1.5")), Level("1.1.2", "无方案", Decimal(2)))
    part = Part("1.1", "", Decimal(4), levels=() if "losses" in kept else levels, measure="倍", losses=losses)
    assert name_basis(part, kept, None if given is None else Decimal(given)) == named


def test_a_long_level_is_cut() -> None:
    part = Part("1.1", "", Decimal(4), levels=(Level("1.1.1", "有方案有记录有总结" * 9, Decimal(4)),))
    assert name_basis(part, {"level": "1.1.1"}, Decimal(4)) == "1.1.1 有方案有记录有总结有方案有..."
    assert name_basis(None, {"level": "1.1.1"}, Decimal(4)) == ""


def test_a_factor_says_what_it_multiplies() -> None:
    late = Rule("1.1.1", "逾期的", Decimal(0), factor=Decimal("0.333"))
    part = Part("1.1", "", Decimal(4), losses=(late,))
    assert say_rule(late) == "× 0.333：与其他规则所计分值相乘"
    assert say_kinds(part) == ["所余分值再乘：逾期的 × 0.333"]
    assert say_basis(part, Basis(losses={"1.1.1": Decimal(1)})) == "逾期的 × 0.333；得1.33分"
    assert name_basis(part, {"losses": {"1.1.1": "1"}}, Decimal("1.33")) == "逾期的 × 0.333"
    assert (say_worth(late), say_worth(Rule("D1.1", "", Decimal(2), "次"))) == ("× 0.333", "2/次")


def test_a_veto_says_what_it_does() -> None:
    told = [say_effect(Veto("V1", "", effect, grades)) for effect, grades in EFFECTS]
    assert told == ["总分计 0 分", "不予考核", "不能评优秀"]


EFFECTS: list[tuple[str, tuple[str, ...]]] = [("zero", ()), ("not_assessed", ()), ("bars", ("优秀",))]


def test_points_at_discretion_stay_in_their_range() -> None:
    require_admitted(GRANTED, Decimal("0.5"))
    require_admitted(GRANTED_EACH, Decimal(5))
    with pytest.raises(DomainError, match=r"0\.5 至 2"):
        require_admitted(GRANTED, Decimal(3))
    with pytest.raises(DomainError, match=r"不少于 0\.5"):
        require_admitted(GRANTED_EACH, Decimal("0.2"))
    assert [rule.most for rule in (GRANTED, GRANTED_EACH, Rule("a", "", Decimal(3)))] == [2, None, 1]


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (Quota("Q1", "", "优秀", count=3), "最多 3 家"),
        (Quota("Q1", "", "优秀", count=10, after=Decimal(3)), "第 4 至 10 名"),
        (Quota("Q1", "", "优秀", share=Decimal(20)), "不超过 20%，不足一家的舍去"),
        (Quota("Q1", "", "优秀", share=Decimal(1), of=3, after=Decimal(0)), "前 1/3，不足一家的舍去"),
        (
            Quota("Q1", "", "优秀", share=Decimal(60), after=Decimal(20), rounding=UP),
            "名次在 20% 至 60% 之间，不足一家的按一家计",
        ),
    ],
)
def test_a_quota_says_how_many_it_lets_in(quota: Quota, words: str) -> None:
    assert say_quota(quota) == words
