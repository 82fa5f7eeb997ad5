"""The totals of a board at a glance: distribution and median."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.board.queries.figures import BUCKETS, distribution, middle_of

POINTS = st.decimals(min_value=0, max_value=110, places=2, allow_nan=False, allow_infinity=False)


@given(st.lists(POINTS, min_size=1, max_size=60))
def test_the_distribution_counts_everybody_once_in_few_ranges(totals: list[Decimal]) -> None:
    ranges = distribution(totals)
    assert sum(count for _label, count in ranges) == len(totals)
    assert 1 <= len(ranges) <= BUCKETS
    assert ranges[0][1] > 0, "it begins at the lowest"
    assert ranges[-1][1] > 0, "and ends at the highest"


@given(st.lists(POINTS, min_size=1, max_size=60))
def test_half_lie_on_each_side_of_the_median(totals: list[Decimal]) -> None:
    middle = middle_of(totals)
    assert middle is not None
    assert 2 * sum(total <= middle for total in totals) >= len(totals)
    assert 2 * sum(total >= middle for total in totals) >= len(totals)


@pytest.mark.parametrize(("totals", "middle"), [([], None), (["3", "1", "2"], "2.00"), (["90.01", "90.02"], "90.02")])
def test_the_median_is_rounded_half_up_like_any_points(totals: list[str], middle: str | None) -> None:
    assert middle_of([Decimal(total) for total in totals]) == (None if middle is None else Decimal(middle))


@pytest.mark.parametrize(
    ("totals", "labels"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param(["90"], ["90–91"], id="one"),
        pytest.param(["90", "90.99"], ["90–91"], id="two in one range"),
        pytest.param(["90", "92"], ["90–91", "91–92", "92–93"], id="an empty range in between"),
        pytest.param(["80", "90"], ["80–82", "82–84", "84–86", "86–88", "88–90", "90–92"], id="ranges of two"),
    ],
)
def test_the_ranges(totals: list[str], labels: list[str]) -> None:
    assert [label for label, _count in distribution([Decimal(total) for total in totals])] == labels
