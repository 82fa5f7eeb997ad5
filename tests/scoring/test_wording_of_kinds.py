"""How rules of every kind are said to people, and what they admit."""

from decimal import Decimal

import pytest

from common.errors import DomainError
from scoring.engine.track import Level, Part, Rule, Veto
from scoring.refusals import require_admitted
from scoring.wording import say_effect, say_kinds, say_rule

GRANTED = Rule("D1.1", "酌情", Decimal(2), rate_from=Decimal("0.5"))
GRANTED_EACH = Rule("D1.1", "酌情", Decimal(2), "次", rate_from=Decimal("0.5"))


def test_a_rule_says_what_it_gives() -> None:
    assert say_rule(Rule("D1.1", "", Decimal(2), "次")) == "每次 2 分"
    assert say_rule(GRANTED_EACH) == "每次酌情计 0.5 至 2 分"


def test_a_part_says_its_levels_and_what_is_taken() -> None:
    levels = (Level("1.1.1", "有方案", Decimal(4)), Level("1.1.2", "无方案", Decimal(2)))
    part = Part("1.1", "", Decimal(4), levels=levels, losses=(Rule("1.1.3", "缺席", Decimal(2), "次"),))
    chosen, taken = say_kinds(part)
    assert "有方案 = 4；无方案 = 2" in chosen
    assert "缺席 − 每次 2 分" in taken
    assert say_kinds(Part("1.1", "", Decimal(4))) == []


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
