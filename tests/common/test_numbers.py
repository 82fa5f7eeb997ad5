"""The one reader of numbers from outside: what it takes, and that what it gives fits a column."""

from decimal import Decimal

import pytest

from common.numbers import KeyConverter, key_in, points_in

HOSTILE = ["", " ", "-1", "+1", "1_0", "1.0", "0x1", "٣", "²", "１２", "007", "1\n", "9" * 20, "9" * 5000, "1e3", "NaN"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_names_no_row_is_none(text: str) -> None:
    assert key_in(text) is None


def test_a_key_is_as_large_as_a_column_and_no_larger() -> None:
    assert key_in(str(2**63 - 1)) == 2**63 - 1
    assert key_in(str(2**63)) is None


@pytest.mark.parametrize("text", ["", "-1", "1e3", "NaN", "Infinity", "1.234", "100000", "9" * 5000, "²³.", "一"])
def test_what_is_no_points_is_none(text: str) -> None:
    assert points_in(text) is None


def test_points_are_read_in_full_width_figures_too() -> None:
    assert points_in(" ９．５ ") == Decimal("9.5")


def test_an_address_with_a_number_that_nothing_has_is_no_address() -> None:
    converter = KeyConverter()
    with pytest.raises(ValueError):
        converter.to_python("9" * 30)
    assert converter.to_python("12") == 12 and converter.to_url(12) == "12"
