"""How points are said: rounded half up to 0.01, a dash only for none."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from scoring.engine.track import Component
from scoring.wording import say_points, say_rate, say_rating_options, say_score


@pytest.mark.parametrize(
    ("value", "trimmed", "exact"),
    [
        (Decimal("88.664999"), "88.66", "88.66"),
        (Decimal("0.005"), "0.01", "0.01"),
        (Decimal("99.995"), "100", "100.00"),
        (Decimal("-2.50"), "-2.5", "-2.50"),
        (Decimal("1000"), "1000", "1000.00"),
        (2.675, "2.68", "2.68"),
        (0.1 + 0.2, "0.3", "0.30"),
        (None, "—", "—"),
        ("", "—", "—"),
        ("-0.001", "0", "0.00"),
    ],
)
def test_numbers_are_rounded_half_up_and_never_trimmed_to_another(value: object, trimmed: str, exact: str) -> None:
    assert (say_points(value), say_score(value)) == (trimmed, exact)


@pytest.mark.parametrize("value", ["9,5", "—", Decimal("Infinity"), Decimal("NaN")])
def test_what_is_no_number_is_a_fault_that_is_seen_and_no_dash(value: object) -> None:
    for say in (say_points, say_score):
        with pytest.raises((ArithmeticError, ValueError)):
            say(value)


def test_a_rate_is_said_by_the_piece_or_once() -> None:
    assert say_rate(Decimal("0.50"), "项") == "每项 0.5 分"
    assert say_rate(Decimal(2), None) == "2 分，只计一次"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, ""),
        ({"trim": 2}, "without the 2 highest and the 2 lowest"),
        ({"trim_share": Decimal("12.5")}, "without 12.5% at each end"),
        ({"trim": 1, "least": 5}, "without the 1 highest and the 1 lowest; at least 5 ratings"),
    ],
)
def test_which_ratings_count_is_said_and_nothing_where_all_do(options: dict[str, Any], said: str) -> None:
    with translation.override("en"):
        assert say_rating_options(Component("leaders", Decimal(10), **options)) == said
