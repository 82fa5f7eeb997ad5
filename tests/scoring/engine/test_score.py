"""The score: contract 2 by example, by its errors, and by properties that must always hold."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.errors import EngineErrors
from scoring.engine.numbers import plain, points
from scoring.engine.rank import rank_totals
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore, rank, score_unit
from scoring.engine.track import Rule, TrackRules
from scoring.engine.units import REMEMBERED, Unit
from tests.scoring.engine.paths import NOTICE, scheme_of
from tests.support.scored import parse_units, score_units

SCHEME = scheme_of(NOTICE)
DISTRICT, SOCIETY = SCHEME.tracks[0], SCHEME.tracks[1]
FULL = {part.code: plain(part.points) for part in DISTRICT.parts()}


def scored(**unit: Any) -> dict[str, Any]:
    raw = {"unit": "u1", "track": "district", **unit}
    return score_units(SCHEME, parse_units(SCHEME, [raw]))[0].to_json()


def test_a_district_in_full() -> None:
    result = scored(
        parts=FULL | {"1.1": "9.5"},
        adjustments={"B1": {"B1.1": 2, "B1.2": 1}, "B2": {"B2.2": 1}, "D2": {"D2.1": 1}},
        recipient_ratings=["88", "89", "89"],
        leader_ratings=["90", "91.5"],
        incidents=[{"bars": ["一等"]}, {"not_assessed": False}],
    )
    explain = result.pop("explain")
    assert result == {
        "unit": "u1",
        "track": "district",
        "base": "99.50",
        "bonus": "5.00",
        "deduction": "2.00",
        "components": {"work": "102.50", "recipients": "88.67", "leaders": "90.75"},
        "total": "98.56",
        "missing": [],
        "barred": ["特等", "一等"],
        "not_assessed": False,
        "rank": 1,
    }
    assert explain[1:] == [
        "B1: 2 × 1 [B1.1] + 1 × 2 [B1.2] = 4, at most 3, counts 3",
        "B2: 1 × 2 [B2.2] = 2, at most 3, counts 2",
        "Bonus: 3 [B1] + 2 [B2] = 5, at most 10, counts 5",
        "D2: 1 × 2 [D2.1] = 2",
        "Deductions: 2 [D2] = 2, at most 10, counts 2",
        "Work assessment: 99.5 + 5 − 2 = 102.5",
        "Service recipients: (88 + 89 + 89) ÷ 3 = 266 ÷ 3",
        "Leaders: (90 + 91.5) ÷ 2 = 181.5 ÷ 2",
        "Total: 102.5 × 70% + 266 ÷ 3 × 20% + 181.5 ÷ 2 × 10%, rounded half up to 0.01 = 98.56",
        "Can't be graded: 特等、一等",
    ]


def test_a_missing_rating_is_never_a_zero() -> None:
    result = scored(parts=FULL, leader_ratings=["90"])
    assert (result["total"], result["rank"], result["missing"]) == (None, None, ["recipients"])
    assert result["components"] == {"work": "100.00", "recipients": None, "leaders": "90.00"}
    assert result["explain"][-1] == "Total: open, no rating yet from service recipients"
    assert scored(parts=FULL)["explain"][-1].endswith("from service recipients and leaders")


def test_other_tracks_are_their_work_assessment() -> None:
    result = scored(track="society", parts={"1.1": "20"}, adjustments={"B1": {"B1.1": 4}, "B2": {}, "D1": {"D1.1": 0}})
    assert (result["components"], result["total"], result["bonus"]) == ({"work": "23.00"}, "23.00", "3.00")


def test_work_is_never_below_zero() -> None:
    result = scored(track="society", adjustments={"D1": {"D1.1": 40}})
    assert (result["deduction"], result["components"]["work"], result["total"]) == ("10.00", "0.00", "0.00")
    assert "Work assessment: 0 + 0 − 10 is below 0, counts 0" in result["explain"]


def test_not_assessed_keeps_its_total_but_has_no_rank() -> None:
    ratings = {"recipient_ratings": ["90"], "leader_ratings": ["90"]}
    result = scored(parts=FULL, incidents=[{"not_assessed": True}], **ratings)
    assert (result["total"], result["rank"], result["not_assessed"]) == ("97.00", None, True)
    assert result["explain"][-1] == "Not assessed, by decision on an incident"


def test_a_rule_has_a_limit_of_its_own() -> None:
    body = SCHEME.to_json()
    body["tracks"][1]["adjustments"][0]["rules"][0] |= {"rate": "1", "cap": "2"}
    body["tracks"][1] |= {"bonus_cap": None, "deduction_cap": None}
    scheme = SchemeRules.from_json(body)
    raw = [{"unit": "u", "track": "society", "adjustments": {"B1": {"B1.1": 9}}}]
    result = score_units(scheme, parse_units(scheme, raw))[0].to_json()
    assert result["bonus"] == "2.00"
    assert "B1.1: 9 × 1 = 9, at most 2, counts 2" in result["explain"]
    assert "Bonus: 2 [B1] = 2" in result["explain"]
    assert "Deductions: 0 = 0" in result["explain"]


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ({"parts": {"1.1": "10.5"}}, "u1 parts.1.1"),
        ({"parts": {"1.1": "-1"}}, "u1 parts.1.1"),
        ({"parts": {"1.1": 9.5}}, "u1 parts.1.1"),
        ({"parts": {"1.1": "9．5"}}, "u1 parts.1.1"),
        ({"parts": {"9.9": "1"}}, "u1 parts.9.9"),
        ({"parts": []}, "u1 parts"),
        ({"adjustments": {"B9": {}}}, "u1 adjustments.B9"),
        ({"adjustments": {"B1": []}}, "u1 adjustments.B1"),
        ({"adjustments": {"B1": {"B2.1": 1}}}, "u1 adjustments.B1.B2.1"),
        ({"adjustments": {"B1": {"B1.1": -1}}}, "u1 adjustments.B1.B1.1"),
        ({"adjustments": {"B1": {"B1.1": True}}}, "u1 adjustments.B1.B1.1"),
        ({"adjustments": {"D2": {"D2.1": 2}}}, "u1 adjustments.D2.D2.1"),
        ({"recipient_ratings": ["101"]}, "u1 recipient_ratings[0]"),
        ({"leader_ratings": ["90", 90]}, "u1 leader_ratings[1]"),
        ({"leader_ratings": "90"}, "u1 leader_ratings"),
        ({"track": "society", "leader_ratings": ["90"]}, "u1 leader_ratings"),
        ({"track": "society", "incidents": [{"bars": []}]}, "u1 incidents"),
        ({"incidents": [{}]}, "u1 incidents[0]"),
        ({"incidents": ["x"]}, "u1 incidents[0]"),
        ({"incidents": [{"not_assessed": 1}]}, "u1 incidents[0].not_assessed"),
        ({"incidents": [{"bars": ["三等"]}]}, "u1 incidents[0].bars"),
        ({"track": "moon"}, "u1 track"),
        ({"track": 1}, "u1 track"),
        ({"unit": " "}, "#1 unit"),
        ({"note": "x"}, "u1 note"),
    ],
)
def test_errors_name_the_unit_and_the_place(unit: dict[str, Any], place: str) -> None:
    with pytest.raises(EngineErrors) as caught:
        scored(**unit)
    assert [error.place for error in caught.value] == [place]


def test_errors_of_the_list_itself() -> None:
    unit = {"unit": "u1", "track": "society"}
    for raw, place in (("u1", ""), ({}, ""), (["u1"], "#1"), ([unit, unit], "u1 unit")):
        with pytest.raises(EngineErrors) as caught:
            parse_units(SCHEME, raw)
        assert [error.place for error in caught.value] == [place]


def test_a_scheme_with_an_open_error_scores_nobody() -> None:
    body = SCHEME.to_json()
    body["findings"].append({"code": "unread", "severity": "error", "track": "district", "at": "3", "message": "x"})
    with pytest.raises(EngineErrors) as caught:
        parse_units(SchemeRules.from_json(body), [])
    assert [error.text() for error in caught.value] == ["scheme district 3: The scheme has an open error: x"]


def test_ties_share_a_rank_by_what_is_published() -> None:
    totals = [("a", Decimal("90.00")), ("b", Decimal(1)), ("a", Decimal("90")), ("a", None), ("a", Decimal("89.99"))]
    assert rank_totals(totals) == [1, 1, 1, None, 3]


@given(st.decimals(min_value=0, max_value=10**6, places=15), st.integers(1, 10**5))
def test_rounding_is_half_up(total: Decimal, count: int) -> None:
    rounded, value = points(total, count), Fraction(total) / count
    assert abs(Fraction(rounded) - value) <= Fraction(1, 200)
    assert Fraction(rounded) != value - Fraction(1, 200)


@given(st.decimals(min_value=0, max_value=1000, places=4))
def test_rounding_agrees_with_the_decimal_module(value: Decimal) -> None:
    assert points(value) == value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(plain(value)) == value


def rating() -> st.SearchStrategy[str]:
    return st.decimals(min_value=0, max_value=100, places=1).map(lambda value: plain(abs(value)))


@st.composite
def raw_units(draw: st.DrawFn, track: TrackRules = DISTRICT) -> dict[str, Any]:
    parts = {}
    for part in track.parts():
        if draw(st.booleans()):
            parts[part.code] = plain(draw(st.decimals(min_value=0, max_value=part.points, places=2)).copy_abs())
    unit: dict[str, Any] = {"track": track.code, "parts": parts, "adjustments": {}}
    for item in track.adjustments:
        counts = {rule.code: draw(st.integers(0, 6 if rule.per else 1)) for rule in item.rules}
        unit["adjustments"][item.code] = counts
    if track.component("leaders"):
        unit["recipient_ratings"] = draw(st.lists(rating(), max_size=7))
        unit["leader_ratings"] = draw(st.lists(rating(), max_size=5))
    return unit


def results(units: list[dict[str, Any]]) -> list[UnitScore]:
    named = [{"unit": f"u{index}", **unit} for index, unit in enumerate(units)]
    return score_units(SCHEME, parse_units(SCHEME, named))


@given(st.sampled_from([DISTRICT, SOCIETY]).flatmap(raw_units))
def test_limits_are_never_exceeded(unit: dict[str, Any]) -> None:
    result = results([unit])[0]
    assert 0 <= result.bonus <= 10 and 0 <= result.deduction <= 10 and 0 <= result.base <= 100
    raw = parse_units(SCHEME, [{"unit": "u", **unit}])[0]
    track = SCHEME.track(unit["track"])
    assert track is not None
    expected = sum(
        min(Decimal(3), sum((raw.counts[rule.code] * rule.rate for rule in item.rules), Decimal(0)))
        for item in track.adjustments
        if item.kind == "bonus"
    )
    assert result.bonus == min(Decimal(10), Decimal(expected))


@given(st.lists(raw_units(), min_size=1, max_size=6), st.randoms())
def test_order_of_the_input_never_matters(units: list[dict[str, Any]], random: Any) -> None:
    named = [{"unit": f"u{index}", **unit} for index, unit in enumerate(units)]
    for unit in named:
        unit["parts"] = dict(sorted(unit["parts"].items(), reverse=True))
    before = {each.unit: each.to_json() for each in score_units(SCHEME, parse_units(SCHEME, named))}
    random.shuffle(named)
    for unit in named:
        random.shuffle(unit["recipient_ratings"])
    after = {each.unit: each.to_json() for each in score_units(SCHEME, parse_units(SCHEME, named))}
    for result in (*before.values(), *after.values()):
        result.pop("explain")
    assert before == after


def written(expression: str) -> Fraction:
    """Redo a sum of the explanation: + between terms, × ÷ % inside one."""
    total = Fraction(0)
    for term in re.sub(r" \[[^\]]+\]|[()]", "", expression).split(" + "):
        value = Fraction(1)
        for sign, figure, percent in re.findall(r"([×÷]?) ?([\d.]+)(%?)", term):
            number = Fraction(figure) / (100 if percent else 1)
            value = value / number if sign == "÷" else value * number
        total += value
    return total


@given(st.sampled_from([DISTRICT, SOCIETY]).flatmap(raw_units))
def test_the_explanation_adds_up(unit: dict[str, Any]) -> None:
    result = results([unit])[0]
    for sentence in result.to_json()["explain"]:
        label, _, sums = sentence.partition(": ")
        if label in ("Points given", "Bonus", "Deductions") or re.fullmatch(r"[BD]\d+", label):
            sum_, _, rest = sums.partition(" = ")
            raw, _, limit = rest.partition(", at most ")
            assert written(sum_) == Fraction(raw)
            if limit:
                cap, _, counts = limit.partition(", counts ")
                assert Fraction(counts) == min(Fraction(raw), Fraction(cap))
        if label == "Total" and result.total is not None:
            assert points(written(sums.partition(", rounded")[0])) == result.total


@given(raw_units(), st.data())
def test_a_change_of_one_part_moves_the_total_by_its_weight(unit: dict[str, Any], data: st.DataObject) -> None:
    unit |= {"recipient_ratings": ["80"], "leader_ratings": ["80"], "adjustments": {}}
    part = data.draw(st.sampled_from(DISTRICT.parts()))
    low = unit | {"parts": unit["parts"] | {part.code: "0"}}
    high = unit | {"parts": unit["parts"] | {part.code: plain(part.points)}}
    first, second = results([low, high])
    assert first.total is not None and second.total is not None
    assert abs(second.total - first.total - part.points * Decimal("0.7")) <= Decimal("0.01")


@given(st.lists(rating(), min_size=1, max_size=30))
def test_a_mean_of_ratings_is_exact(ratings: list[str]) -> None:
    unit = {"track": "district", "recipient_ratings": ratings, "leader_ratings": ["0"]}
    exact = sum(map(Fraction, ratings), Fraction(0)) / len(ratings)
    result = results([unit])[0]
    assert dict(result.components)["recipients"] == points(exact)
    assert result.total == points(exact / 5)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.none() | st.integers(0, 5).map(Decimal)), max_size=12))
def test_ranks_count_those_above(totals: list[tuple[str, Decimal | None]]) -> None:
    for (group, total), place in zip(totals, rank_totals(totals), strict=True):
        if total is None:
            assert place is None
        else:
            assert place == 1 + sum(other == group and value is not None and value > total for other, value in totals)


def test_one_unit_alone_has_no_rank_until_it_is_ranked() -> None:
    score = score_unit(SOCIETY, Unit("u", "society"))
    assert score.rank is None and rank([score])[0].rank == 1
    assert score_unit(DISTRICT, Unit("u", "district", counts={"D1.1": 1})).barred == ("特等",)


def test_helpers_of_a_track() -> None:
    assert DISTRICT.part("1.1") is not None and DISTRICT.part("x") is None
    assert isinstance(DISTRICT.rule("B1.1"), Rule) and DISTRICT.rule("x") is None
    assert DISTRICT.adjustment("D1") is not None and DISTRICT.adjustment("x") is None
    assert SCHEME.track("moon") is None


def test_points_are_read_alike_however_many_differ() -> None:
    written = [f"{number / 1000:.3f}" for number in range(REMEMBERED + 2)]
    raw = [{"unit": text, "track": "district", "parts": {"1.1": text}} for text in written]
    units = parse_units(SCHEME, raw)
    assert [plain(unit.parts["1.1"]) for unit in units] == [plain(Decimal(text)) for text in written]
