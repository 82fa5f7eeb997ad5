"""Which ratings count: all by default; where a scheme says so, not the highest and lowest, or only from a number on."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.errors import EngineErrors
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import score_unit
from tests.scoring.engine.paths import scheme_of
from tests.scoring.engine.test_score import NOTICE, SCHEME, rating, written
from tests.support.scored import parse_units, score_units

FIVE = ["60", "88", "89", "90", "99.5"]


def scheme_with(**options: Any) -> SchemeRules:
    """The scheme of 2020 whose leaders' ratings count by these options."""
    body = scheme_of(NOTICE).to_json()
    body["tracks"][0]["components"][2] |= options
    return SchemeRules.from_json(body)


def scored(scheme: SchemeRules, *leaders: str) -> dict[str, Any]:
    unit = {"unit": "u", "track": "district", "recipient_ratings": ["80"], "leader_ratings": list(leaders)}
    return score_units(scheme, parse_units(scheme, [unit]))[0].to_json()


def leaders_told(result: dict[str, Any]) -> list[str]:
    return [sentence for sentence in result["explain"] if sentence.startswith("Leaders")]


def test_without_options_a_component_is_written_as_the_contract_prints_it() -> None:
    assert SCHEME.to_json()["tracks"][0]["components"][2] == {"code": "leaders", "weight": "10"}


@pytest.mark.parametrize("options", [{"trim": 1}, {"trim_share": "12.5"}, {"least": 3}, {"trim": 2, "least": 7}])
def test_options_travel_with_the_scheme(options: dict[str, Any]) -> None:
    assert (
        scheme_with(**options).to_json()["tracks"][0]["components"][2]
        == {
            "code": "leaders",
            "weight": "10",
        }
        | options
    )


@pytest.mark.parametrize(
    ("ratings", "mark"),
    [
        (FIVE, "89.00"),
        (list(reversed(FIVE)), "89.00"),
        (["50", "50", "90"], "50.00"),
        (["0", "100", "88.88"], "88.88"),
    ],
)
def test_the_highest_and_the_lowest_are_left_out(ratings: list[str], mark: str) -> None:
    assert scored(scheme_with(trim=1), *ratings)["components"]["leaders"] == mark


@pytest.mark.parametrize(("count", "out"), [(1, 0), (4, 0), (5, 1), (9, 1), (10, 2), (25, 5)])
def test_of_a_share_whole_ratings_are_left_out_rounded_down(count: int, out: int) -> None:
    [component] = [each for each in scheme_with(trim_share="20").tracks[0].components if each.code == "leaders"]
    assert component.left_out(count) == out


@pytest.mark.parametrize("ratings", [["90"], ["80", "90"]])
def test_where_nothing_would_be_left_the_component_stays_open(ratings: list[str]) -> None:
    result = scored(scheme_with(trim=1), *ratings)
    assert (result["components"]["leaders"], result["total"], result["missing"]) == (None, None, ["leaders"])
    assert leaders_told(result) == [f"Leaders: {len(ratings)} ratings, at least 3 are needed"]
    assert result["explain"][-1] == "Total: open, too few ratings from leaders"


def test_below_the_least_number_the_component_stays_open() -> None:
    scheme = scheme_with(least=3)
    assert scored(scheme, "80", "90")["missing"] == ["leaders"]
    assert scored(scheme, "80", "90", "100")["components"]["leaders"] == "90.00"


def test_the_least_number_counts_before_any_is_left_out() -> None:
    scheme = scheme_with(least=5, trim=1)
    assert scored(scheme, *FIVE[:4])["missing"] == ["leaders"]
    assert scored(scheme, *FIVE)["missing"] == []


def test_no_rating_and_too_few_are_told_apart() -> None:
    body = scheme_with(least=2).to_json()
    body["tracks"][0]["components"][1]["least"] = 2
    scheme = SchemeRules.from_json(body)
    assert scored(scheme)["explain"][-1].endswith("too few ratings yet from service recipients and leaders")
    unit = {"unit": "u", "track": "district"}
    nothing = score_units(scheme, parse_units(scheme, [unit]))[0].to_json()["explain"]
    assert nothing[-1].endswith("no rating yet from service recipients and leaders")


def test_what_is_left_out_is_told() -> None:
    assert leaders_told(scored(scheme_with(trim=2), *FIVE)) == [
        "Leaders, left out: 60, 88; 90, 99.5",
        "Leaders: (89) ÷ 1 = 89 ÷ 1",
    ]


def test_where_nobodys_own_number_may_be_read_only_sum_and_count_are_told() -> None:
    scheme = scheme_with(trim=1)
    unit = parse_units(scheme, [{"unit": "u", "track": "district", "leader_ratings": FIVE}])[0]
    told = [message.text() for message in score_unit(scheme.tracks[0], unit, singly=False).explain]
    assert [sentence for sentence in told if sentence.startswith("Leaders")] == [
        "Leaders: of 5 ratings the 1 highest and the 1 lowest are left out",
        "Leaders: mean of 3 ratings = 267 ÷ 3",
    ]


@settings(max_examples=30)  # each reads a scheme
@given(st.lists(rating(), min_size=1, max_size=12), st.integers(0, 3))
def test_what_is_told_adds_up_to_the_mark(ratings: list[str], trim: int) -> None:
    result = scored(scheme_with(trim=trim), *ratings)
    sums = [sentence.partition(": ")[2] for sentence in leaders_told(result) if " ÷ " in sentence]
    if len(ratings) <= 2 * trim:
        assert sums == []
        return
    left, _, mean = sums[0].partition(" = ")
    terms, _, count = left.partition(") ÷ ")
    assert written(terms) / Fraction(count) == written(mean)
    assert len(terms.split(" + ")) == int(count) == len(ratings) - 2 * trim
    low, high = min(map(Fraction, ratings)), max(map(Fraction, ratings))
    assert low <= written(mean) <= high


@pytest.mark.parametrize(
    ("component", "options"),
    [
        (0, {"trim": 1}),
        (0, {"least": 1}),
        (0, {"trim_share": "10"}),
        (1, {"trim": 1, "trim_share": "10"}),
        (1, {"trim_share": "50"}),
        (1, {"trim_share": 10}),
        (1, {"trim": "1"}),
        (1, {"least": -1}),
    ],
)
def test_options_that_make_no_sense_are_refused_at_their_component(component: int, options: dict[str, Any]) -> None:
    body = scheme_of(NOTICE).to_json()
    body["tracks"][0]["components"][component] |= options
    with pytest.raises(EngineErrors) as caught:
        SchemeRules.from_json(body)
    assert {error.place for error in caught.value} == {f"scheme.tracks[0].components[{component}]"}
