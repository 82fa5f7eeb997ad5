"""What was ticked on a page is read as keys; whatever else a request carries there harms nobody."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from common.ui.asked import ticked


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", []),
        ("ids=3&ids=1&ids=2", [3, 1, 2]),
        ("ids=&ids=x&ids=-1&ids=1.0&ids=+4&ids=7", [7]),
        ("ids=²&ids=１&ids=٣", []),
        (f"ids={'9' * 18}&ids={'9' * 19}", [10**18 - 1]),
        ("other=3", []),
    ],
)
def test_only_numbers_that_can_be_keys_are_taken(query: str, keys: list[int]) -> None:
    assert ticked(QueryDict(query)) == keys


def test_another_name_can_be_asked_for() -> None:
    assert ticked(QueryDict("lines=3&ids=4"), "lines") == [3]


@given(st.lists(st.text()))
def test_nothing_breaks_it(values: list[str]) -> None:
    data = QueryDict(mutable=True)
    data.setlist("ids", values)
    assert all(0 <= key < 2**63 for key in ticked(data))
