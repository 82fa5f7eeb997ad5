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


def test_a_strip_has_its_numbers_in_its_description_and_a_table():
    page = render('{% strip means "Means" %}', means=[("甲", Decimal("85.30")), ("乙", Decimal("91.25"))])
    assert page.count("<circle") == 2
    assert ">甲 85.3, 乙 91.25</desc>" in page
    assert page.count("<tr>") == 3


def test_a_strip_begins_at_the_ten_below_its_lowest_value():
    assert [tick.value for tick in drawing.strip([("a", 83), ("b", 97)]).ticks] == [80, 90, 100]
    assert [tick.value for tick in drawing.strip([("a", 100)]).ticks] == [90, 100]
    assert [tick.value for tick in drawing.strip([]).ticks] == [90, 100]


def test_dots_that_would_cover_each_other_stand_one_above_the_other():
    dots = drawing.strip([("a", 90), ("b", 90), ("c", Decimal("90.1")), ("d", 70)]).dots
    by_label = {dot.label: dot for dot in dots}
    assert by_label["a"].y > by_label["b"].y > by_label["c"].y
    assert by_label["d"].y == by_label["a"].y
    assert all(drawing.EDGE <= dot.x <= drawing.ACROSS - drawing.EDGE for dot in dots)
