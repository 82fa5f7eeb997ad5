"""What multiplies points, doubled, halved or counted at a share: as data, in the score, and as it is explained."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.basis import Basis
from scoring.engine.edit import Edit, edited
from scoring.engine.errors import EngineErrors
from scoring.engine.explain_parts import part_explained
from scoring.engine.notice import check
from scoring.engine.revision import Revision
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore
from scoring.engine.track import Level, Part, Rule
from scoring.engine.what_if import carrying
from tests.support.schemes import a_body
from tests.support.scored import parse_units, score_units

DOUBLED = {"code": "D1.2", "text": "屡教不改的", "rate": "0", "per": None, "cap": None, "factor": "2"}
HALVED = DOUBLED | {"code": "D1.3", "text": "主动整改的", "factor": "0.5"}
ITEM = ("tracks", 1, "adjustments", 1)


def scheme(*factors: dict[str, Any], **item: Any) -> SchemeRules:
    """The society's D1: 2 points each 次, beside these factors; no deduction is limited."""
    body = a_body()
    track = body["tracks"][1]
    track["deduction_cap"] = None
    track["deduction_bars"] = ["特等"]
    deduction = track["adjustments"][1]
    deduction |= {"rules": [deduction["rules"][0] | {"rate": "2", "per": "次"}, *factors], **item}
    return SchemeRules.from_json(body)


def scored(rules: SchemeRules, **times: int) -> UnitScore:
    counts = {code.replace("_", "."): count for code, count in times.items()}
    unit = {"unit": "u", "track": "society", "adjustments": {"D1": counts}}
    (score,) = score_units(rules, parse_units(rules, [unit]))
    return score


def told(score: UnitScore, label: str = "D1: ") -> list[str]:
    return [text for sentence in score.explain if (text := sentence.text()).startswith(label)]


@pytest.mark.parametrize(
    ("times", "deduction", "sentence"),
    [
        ({"D1_1": 2, "D1_2": 1}, "8.00", "D1: 2 × 2 [D1.1] × 2 [D1.2] = 8"),
        ({"D1_1": 2, "D1_2": 0}, "4.00", "D1: 2 × 2 [D1.1] = 4"),
        ({"D1_1": 2, "D1_2": 1, "D1_3": 1}, "4.00", "D1: 2 × 2 [D1.1] × 2 [D1.2] × 0.5 [D1.3] = 4"),
        ({"D1_2": 1}, "0.00", "D1: 0 × 2 [D1.2] = 0"),
    ],
)
def test_what_the_other_rules_come_to_is_multiplied(times: dict[str, int], deduction: str, sentence: str) -> None:
    score = scored(scheme(DOUBLED, HALVED), **times)
    assert (str(score.deduction), told(score)) == (deduction, [sentence])


def test_a_sum_stands_in_brackets_before_its_factor() -> None:
    other = DOUBLED | {"code": "D1.3", "rate": "1"}
    del other["factor"]
    score = scored(scheme(DOUBLED, other), D1_1=3, D1_2=1, D1_3=1)
    assert (told(score), score.deduction) == (["D1: (3 × 2 [D1.1] + 1 × 1 [D1.3]) × 2 [D1.2] = 14"], 14)


def test_of_levels_the_highest_is_multiplied() -> None:
    other = HALVED | {"rate": "3"}
    del other["factor"]
    score = scored(scheme(DOUBLED, other, highest=True), D1_1=1, D1_2=1, D1_3=1)
    assert told(score) == ["D1: max(1 × 2 [D1.1], 1 × 3 [D1.3]) × 2 [D1.2] = 6"]


def test_the_limit_of_the_item_stands_above_its_factor() -> None:
    score = scored(scheme(DOUBLED, cap="5"), D1_1=2, D1_2=1)
    assert (told(score), score.deduction) == (["D1: 2 × 2 [D1.1] × 2 [D1.2] = 8, at most 5, counts 5"], 5)


def test_a_factor_alone_is_no_deduction_that_bars_a_grade() -> None:
    rules = scheme(DOUBLED)
    assert (scored(rules, D1_2=1).barred, scored(rules, D1_1=1, D1_2=1).barred) == ((), ("特等",))


def test_a_factor_is_never_rounded() -> None:
    third = DOUBLED | {"factor": "0.333333333333333"}
    assert told(scored(scheme(third), D1_1=1, D1_2=1)) == [
        "D1: 1 × 2 [D1.1] × 0.333333333333333 [D1.2] = 0.666666666666666"
    ]


def test_it_applies_once_or_not_at_all() -> None:
    with pytest.raises(EngineErrors) as refused:
        scored(scheme(DOUBLED), D1_1=1, D1_2=2)
    assert [error.place for error in refused.value.errors] == ["u adjustments.D1.D1.2"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"factor": "0"}, "factor"),
        ({"factor": "-1"}, "factor"),
        ({"factor": 2}, "factor"),
        ({"rate": "1"}, "rate"),
        ({"per": "次"}, "per"),
        ({"cap": "3"}, "cap"),
        ({"rate_from": "0"}, "rate_from"),
    ],
)
def test_a_factor_that_is_none_or_has_points_of_its_own_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(EngineErrors) as refused:
        scheme(DOUBLED | changes)
    assert {error.field for error in refused.value.errors} == {field}


LEVELS = (Level("1.1", "省级", Decimal(6)), Level("1.2", "市级", Decimal(4)))
LOSSES = (
    Rule("1.3", "缺席", Decimal(1), "次"),
    Rule("1.4", "逾期", Decimal(0), factor=Decimal("0.5")),
    Rule("1.5", "牵头", Decimal(0), factor=Decimal(2)),
)
PART = Part("1", "会议", Decimal(6), losses=LOSSES)


def explained(part: Part, given_points: str, **basis: Any) -> list[str]:
    sentences = part_explained(part, Decimal(given_points), Basis(**basis))
    return [sentence.text() for sentence in sentences]


def times(**counts: int) -> dict[str, Decimal]:
    return {f"1.{code[1:]}": Decimal(count) for code, count in counts.items()}


def test_a_part_that_is_halved_comes_to_half_of_what_the_losses_leave() -> None:
    assert Basis(losses=times(l3=2, l4=1)).points(PART) == 2
    assert explained(PART, "2", losses=times(l3=2, l4=1)) == [
        "1: 6 − (2 × 1 [1.3]), not below 0 = 4",
        "1: 4 × 0.5 [1.4], not above 6 = 2",
    ]


def test_without_a_loss_half_of_the_full_points_follow_and_others_are_judged() -> None:
    assert Basis(losses=times(l4=1)).points(PART) == 3
    assert explained(PART, "2.5", losses=times(l4=1)) == [
        "1: 6 × 0.5 [1.4], not above 6 = 3",
        "1: 3 would follow, 2.5 were given by judgement",
    ]


def test_points_that_a_sheet_can_only_hold_rounded_are_not_called_judged() -> None:
    part = replace(PART, points=Decimal("6.25"), losses=(Rule("1.4", "逾期", Decimal(0), factor=Decimal("0.9")),))
    assert explained(part, "5.63", losses=times(l4=1)) == [
        "1: 6.25 × 0.9 [1.4], not above 6.25 = 5.625",
        "1: 5.625 follow, rounded half up to 0.01 5.63 are given",
    ]


def test_the_level_reached_is_what_is_multiplied() -> None:
    part = replace(PART, levels=LEVELS)
    assert Basis(level="1.2", losses=times(l4=1)).points(part) == 2
    assert Basis(losses=times(l4=1)).points(part) is None
    assert explained(part, "2", level="1.2", losses=times(l4=1)) == [
        "1: level 1.2 “市级” = 4",
        "1: 4 × 0.5 [1.4], not above 6 = 2",
    ]


@given(lost=st.integers(0, 9), halved=st.booleans(), doubled=st.booleans())
def test_what_follows_lies_between_nothing_and_the_points_of_the_part(lost: int, halved: bool, doubled: bool) -> None:
    follows = Basis(losses=times(l3=lost, l4=halved, l5=doubled)).points(PART)
    left = max(6 - lost, 0) * (Decimal("0.5") if halved else 1) * (2 if doubled else 1)
    assert follows == min(left, 6)


def test_it_is_written_and_read_again_and_left_out_where_it_is_not_taken() -> None:
    rules = scheme(DOUBLED)
    assert SchemeRules.from_json(rules.to_json()) == rules
    body = a_body()
    assert "factor" not in str(SchemeRules.from_json(body).to_json())


def test_a_number_of_times_says_nothing_of_a_factor() -> None:
    rule = DOUBLED | {"rate": "1"}
    del rule["factor"]
    before, after = scheme(rule).tracks[1], scheme(DOUBLED).tracks[1]
    assert Revision(before, after).carried("D1.2", 1) is None
    assert "D1.2" not in carrying(before, after).rules


def test_a_rule_that_is_made_a_factor_loses_its_points_and_times() -> None:
    rule = (*ITEM, "rules", 0)
    body, _moved = edited(a_body(), Edit(rule, {"factor": "2"}))
    made = body["tracks"][1]["adjustments"][1]["rules"][0]
    assert {name: made.get(name) for name in ("rate", "per", "cap", "factor")} == {
        "rate": "0",
        "per": None,
        "cap": None,
        "factor": "2",
    }
    SchemeRules.from_json(body)
    back, _moved = edited(body, Edit(rule, {"factor": None, "rate": "1"}))
    assert "factor" not in back["tracks"][1]["adjustments"][1]["rules"][0]


def test_a_rule_that_is_left_without_points_is_told_at_its_place() -> None:
    rule = (*ITEM, "rules", 0)
    body, _moved = edited(a_body(), Edit(rule, {"factor": "2"}))
    body, _moved = edited(body, Edit(rule, {"factor": None}))
    told = [finding.at for finding in check(SchemeRules.from_json(body)) if finding.track == "society"]
    assert body["tracks"][1]["adjustments"][1]["rules"][0]["code"] in told
