"""Levels of which one applies: the highest counts, is explained so, and is written only where it is so."""

import json
from decimal import Decimal

from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, Rule
from tests.scoring.engine.paths import annex, scheme_from

RULES = (Rule("B1.1", "国家级", Decimal(5)), Rule("B1.2", "省级", Decimal(3)))


def item(*, highest: bool) -> Adjustment:
    return Adjustment("B1", "bonus", "国家级5分、省级3分", rules=RULES, highest=highest)


def test_only_the_highest_level_counts() -> None:
    both = {"B1.1": 1, "B1.2": 1}
    assert item(highest=True).worth(both) == Decimal(5)
    assert item(highest=True).worth({"B1.2": 1}) == Decimal(3)
    assert item(highest=False).worth(both) == Decimal(8)


def test_levels_that_do_not_apply_count_nothing() -> None:
    assert item(highest=True).worth({}) == Decimal(0)


def test_the_scheme_says_so_only_where_it_is_so() -> None:
    assert item(highest=True).to_json()["highest"] is True
    assert "highest" not in item(highest=False).to_json()


def test_a_scheme_with_levels_comes_back_from_its_json() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "加分项", "1.获国家级、省级表彰的分别加5分、3分"))
    body = json.loads(json.dumps(scheme.to_json()))
    assert SchemeRules.from_json(body).to_json() == scheme.to_json()
    assert body["tracks"][0]["adjustments"][0]["highest"] is True
