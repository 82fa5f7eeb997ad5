"""Pictures that the server draws carry their numbers in words."""

from decimal import Decimal

from common.ui import drawing
from tests.common.ui.rendering import render, standing_clock, text  # noqa: F401  # the fixture works by its name


def test_stacked_parts_lie_side_by_side_and_are_said():
    page = render(
        "{% stacked parts %}", parts=[("Work", Decimal("66.57")), ("Recipients", Decimal("18.48")), ("Leaders", None)]
    )
    assert page.count("<rect") == 2
    assert 'aria-label="Work 66.57, Recipients 18.48, Leaders —"' in page
    assert 'x="66.57"' in page


def test_a_bar_never_grows_past_its_whole():
    pieces = drawing.stack([("a", 80), ("b", 40), ("c", 5)], 100)
    assert [piece.label for piece in pieces] == ["a", "b"]
    assert pieces[-1].x + pieces[-1].width <= 100


def test_nothing_of_nothing_is_empty():
    assert drawing.hundredths(0, 0) == 0
    assert drawing.hundredths(None, 5) == 0


def test_histogram_has_its_numbers_in_label_and_table():
    page = render('{% histogram buckets "Totals" %}', buckets=[("70–75", 1), ("75–80", 0), ("80–85", 16)])
    assert 'aria-label="Totals: 70–75 1, 75–80 0, 80–85 16"' in page
    assert page.count("<tr>") == 4
    assert 'height="96"' in page
    assert drawing.columns([]) == []


def test_progress_and_versus_say_their_numbers():
    assert 'aria-label="Submitted: 26 / 41"' in render('{% progress 26 41 "Submitted" %}')
    assert text("{% versus claimed given 15 %}", claimed=12, given=Decimal("10.50")) == "Claimed 12 Reviewed 10.5"
