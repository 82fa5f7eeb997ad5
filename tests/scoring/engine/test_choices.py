"""What else a finding could mean, as changes of the scheme's values."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from scoring.engine.notice.choices import Choice, choices
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import BONUS, Adjustment, Indicator, Level, Part, Rule, TrackRules

PARTS = (Part("1.1", "甲", Decimal(20)), Part("1.2", "乙", Decimal(10)))
LEVELS = (Level("1.1a", "有方案有记录", Decimal(40)), Level("1.1b", "有方案", Decimal(20)))
LADDER = (Rule("B1.1", "国家级", Decimal(5)), Rule("B1.2", "省级", Decimal(3)))


def scheme(*rows: Indicator, adjustments: tuple[Adjustment, ...] = ()) -> SchemeRules:
    other = TrackRules("society", "学会", 1)
    track = TrackRules("district", "区县", 2, indicators=rows, adjustments=adjustments)
    return SchemeRules(2024, None, None, None, None, None, 5, (), (other, track))


def changed(choice: Choice) -> dict[str, Any]:
    return {"/".join(map(str, change.path)): change.value for change in choice.changes}


def test_points_that_differ_from_the_full_marks_may_be_the_full_marks() -> None:
    (choice,) = choices(scheme(Indicator("1", "甲", Decimal(80))), "points-mismatch", "district", "")
    assert changed(choice) == {"tracks/1/full_marks": "80"}


def test_points_that_differ_from_their_parts_may_be_what_these_come_to() -> None:
    row = Indicator("1", "甲", Decimal(40), parts=PARTS)
    (choice,) = choices(scheme(row), "points-mismatch", "district", "1")
    assert changed(choice) == {"tracks/1/indicators/0/points": "30"}


def test_levels_of_a_row_may_be_parts() -> None:
    row = Indicator("1", "甲", Decimal(40), parts=(Part("1.1", "甲", Decimal(40), levels=LEVELS),))
    (choice,) = choices(scheme(row), "alternatives", "district", "1")
    values = changed(choice)
    assert values["tracks/1/indicators/0/points"] == "60"
    assert [part["points"] for part in values["tracks/1/indicators/0/parts"]] == ["40", "20"]


def test_levels_of_a_bonus_may_be_added_up() -> None:
    item = Adjustment("B1", BONUS, "表彰", rules=LADDER, highest=True)
    (choice,) = choices(scheme(adjustments=(item,)), "alternatives", "district", "B1")
    assert changed(choice) == {"tracks/1/adjustments/0/highest": None}


def test_a_limit_below_a_rate_may_be_the_rate() -> None:
    item = Adjustment("B1", BONUS, "表彰", Decimal(3), LADDER)
    (choice,) = choices(scheme(adjustments=(item,)), "rate-exceeds-cap", "district", "B1.1")
    assert changed(choice) == {"tracks/1/adjustments/0/cap": "5"}


def test_a_factor_beside_a_rate_may_be_a_rate_of_its_own() -> None:
    rules = (Rule("B1.1", "获奖", Decimal(2), "次"), Rule("B1.2", "联合申报的", Decimal(0), factor=Decimal("0.5")))
    item = Adjustment("B1", BONUS, "获奖每次加2分，联合申报的减半计分", rules=rules)
    (choice,) = choices(scheme(adjustments=(item,)), "unclear-scope", "district", "B1.2")
    (value,) = changed(choice).values()
    assert value == {"code": "B1.2", "text": "联合申报的", "rate": "1", "per": "次", "cap": None}
    once = replace(item, rules=(replace(rules[0], per=None), rules[1]))
    (choice,) = choices(scheme(adjustments=(once,)), "unclear-scope", "district", "B1.2")
    assert choice.words.text() == "It counts by itself, once: 1 points."
    several = Adjustment("B1", BONUS, "", rules=(*rules, Rule("B1.3", "获评", Decimal(1), "次")))
    assert choices(scheme(adjustments=(several,)), "unclear-scope", "district", "B1.2") == ()


@pytest.mark.parametrize(
    ("code", "track", "at"),
    [
        ("unclear-scope", "district", "B1.1"),
        ("missing", "", ""),
        ("points-mismatch", "district", ""),
        ("points-mismatch", "district", "1"),
        ("alternatives", "district", "1"),
        ("alternatives", "district", "B1"),
        ("rate-exceeds-cap", "district", "B1.2"),
        ("rate-exceeds-cap", "district", "B1.9"),
        ("judgement", "district", "9"),
    ],
)
def test_where_only_a_person_can_say_there_is_no_choice(code: str, track: str, at: str) -> None:
    item = Adjustment("B1", BONUS, "表彰", Decimal(3), LADDER)
    assert choices(scheme(Indicator("1", "甲", None), adjustments=(item,)), code, track, at) == ()
