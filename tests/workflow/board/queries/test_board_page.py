"""What a board's page shows: parts, distribution, median, quotas, what changed; and the sums that it takes."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle, sign
from workflow.board.models import Board
from workflow.board.queries.page import (
    BUCKETS,
    changes_since_before,
    component_labels,
    distribution,
    grade_counts,
    middle_of,
    quotas_of,
    rows_of,
    rules_of_board,
)
from workflow.board.services import set_grades, submit_board

POINTS = st.decimals(min_value=0, max_value=110, places=2, allow_nan=False, allow_infinity=False)


@given(st.lists(POINTS, min_size=1, max_size=60))
def test_the_distribution_counts_everybody_once_in_few_ranges(totals: list[Decimal]) -> None:
    found = distribution(totals)
    assert sum(count for _label, count in found) == len(totals)
    assert 1 <= len(found) <= BUCKETS
    assert found[0][1] > 0, "it begins at the lowest"
    assert found[-1][1] > 0, "and ends at the highest"


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
    assert [label for label, _count in distribution([Decimal(one) for one in totals])] == labels


# ---- a board ----


def a_board(count: int = 2, track: str = "society") -> tuple[World, Board]:
    world = a_cycle().with_units(count, track).consolidated()
    return world, bring(world, track)


def bring(world: World, track: str = "society") -> Board:
    with world.clock():
        return submit_board(track=world.cycle.tracks.get(code=track), by=world.office)


@pytest.mark.django_db
def test_the_components_of_a_district_are_weighted_points() -> None:
    _world, board = a_board(1, "district")
    (row,) = rows_of(board)
    assert [code for code, _name, _weight in component_labels(rules_of_board(board))] == [
        "work",
        "recipients",
        "leaders",
    ]
    assert [points for _name, points in row.parts] == [Decimal("21.00"), Decimal("17.60"), Decimal("9.00")]
    assert sum(points for _name, points in row.parts) == row.line.total


@pytest.mark.django_db
def test_a_weighted_part_is_rounded_half_up() -> None:
    _world, board = a_board(1, "district")
    line = board.lines.get()
    line.components = {**line.components, "work": "94.35"}
    line.save()
    (row,) = rows_of(board)
    assert row.parts[0][1] == Decimal("66.05"), "94.35 × 70 % is 66.045"


@pytest.mark.django_db
def test_a_component_without_a_mark_is_left_out() -> None:
    _world, board = a_board(1, "district")
    line = board.lines.get()
    line.components = {**line.components, "leaders": None}
    line.save()
    (row,) = rows_of(board)
    assert len(row.parts) == 2
    assert len(row.marks) == 3


@pytest.mark.django_db
def test_the_choices_of_a_row() -> None:
    world, board = a_board(1)
    line = board.lines.get()
    board.lines.update(barred=["特等"])
    with world.clock():
        set_grades(board=board, grades={line.pk: "二等"}, by=world.chief)
    (row,) = rows_of(board)
    assert [(one.grade, one.barred, one.selected) for one in row.choices] == [
        ("特等", True, False),
        ("一等", False, False),
        ("二等", False, True),
    ]
    assert (row.field, row.fixed) == (f"grade-{line.pk}", False)


@pytest.mark.django_db
def test_a_unit_that_was_approved_keeps_its_grade() -> None:
    world, board = a_board(1)
    with world.clock():
        sign(board, world.chief)
    assert [row.fixed for row in rows_of(board)] == [True]


@pytest.mark.django_db
@pytest.mark.parametrize("units", [2, 8])
def test_the_rows_take_a_fixed_number_of_queries(units: int, django_assert_max_num_queries: Any) -> None:
    _world, board = a_board(units)
    board = Board.objects.select_related("track__cycle__scheme").get(pk=board.pk)
    with django_assert_max_num_queries(1):
        assert len(rows_of(board)) == units


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quotas", "found"),
    [
        ({}, {}),
        ({"特等": 2}, {"特等": 2}),
        ({"society": {"特等": 1}, "特等": 2}, {"特等": 1}),
        ({"district": {"特等": 1}}, {}),
    ],
    ids=["none", "for all", "its own first", "another's"],
)
def test_quotas_and_counts(quotas: dict[str, Any], found: dict[str, int]) -> None:
    world, board = a_board(2)
    board.track.cycle.quotas = quotas
    board.lines.update(grade="一等")
    assert quotas_of(board) == found
    counts = {one.grade: (one.given, one.quota) for one in grade_counts(board, rows_of(board))}
    assert counts == {"特等": (0, found.get("特等")), "一等": (2, None), "二等": (0, None)}
    assert world.cycle.pk == board.track.cycle_id


# ---- what changed ----


@pytest.mark.django_db
def test_a_first_version_has_nothing_before() -> None:
    _world, board = a_board(1)
    assert changes_since_before(board) == (None, [])


@pytest.mark.django_db
def test_an_equal_version_has_no_change() -> None:
    world, first = a_board(2)
    assert changes_since_before(bring(world)) == (first, [])


@pytest.mark.django_db
def test_another_total_and_another_grade_are_told() -> None:
    world, first = a_board(2)
    sheet = world.assessments[0].sheet
    ScoreSheet.objects.filter(pk=sheet.pk).update(total=Decimal("77.70"))
    second = bring(world)
    line = second.lines.get(sheet=world.assessments[1].sheet)
    with world.clock():
        set_grades(board=second, grades={line.pk: "二等"}, by=world.chief)
    before, changes = changes_since_before(second)
    by_unit = {change.unit: change for change in changes}
    assert before == first
    assert "77.7" in by_unit[sheet.unit_name].now
    assert "二等" in by_unit[world.assessments[1].sheet.unit_name].now
    assert "二等" not in by_unit[world.assessments[1].sheet.unit_name].was


@pytest.mark.django_db
@pytest.mark.parametrize("gone", [True, False], ids=["left", "came"])
def test_who_left_and_who_came_are_told(gone: bool) -> None:
    world, first = a_board(2)
    second = bring(world)
    (second if gone else first).lines.filter(sheet=world.assessments[0].sheet).delete()
    _before, changes = changes_since_before(second)
    names = [one.unit for one in changes]
    assert world.assessments[0].sheet.unit_name in names
