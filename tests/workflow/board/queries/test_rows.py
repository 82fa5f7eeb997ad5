"""The rows of a board: parts as weighted points, choices of a grade, quotas; and the sums that they take."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.world import sign
from tests.workflow.board.made import a_board
from workflow.board.models import Board
from workflow.board.queries.figures import grade_counts, quotas_of
from workflow.board.queries.rows import component_labels, rows_of
from workflow.board.services.grading import set_grades

pytestmark = pytest.mark.django_db


def test_the_components_of_a_district_are_weighted_points() -> None:
    _world, board = a_board(1, "district")
    (row,) = rows_of(board)
    assert [code for code, _name, _weight in component_labels(board.track.rules)] == [
        "work",
        "recipients",
        "leaders",
    ]
    assert [points for _name, points in row.parts] == [Decimal("21.00"), Decimal("17.60"), Decimal("9.00")]
    assert sum(points for _name, points in row.parts) == row.line.total


def test_a_weighted_part_is_rounded_half_up() -> None:
    _world, board = a_board(1, "district")
    line = board.lines.get()
    line.components = {**line.components, "work": "94.35"}
    line.save()
    (row,) = rows_of(board)
    assert row.parts[0][1] == Decimal("66.05"), "94.35 × 70 % is 66.045"


def test_a_component_without_a_mark_is_left_out() -> None:
    _world, board = a_board(1, "district")
    line = board.lines.get()
    line.components = {**line.components, "leaders": None}
    line.save()
    (row,) = rows_of(board)
    assert len(row.parts) == 2
    assert len(row.marks) == 3


def test_the_choices_of_a_row() -> None:
    world, board = a_board(1)
    line = board.lines.get()
    board.lines.update(barred=["特等"])
    with world.clock():
        set_grades(board=board, grades={line.pk: "二等"}, by=world.chief)
    (row,) = rows_of(board)
    assert [(choice.grade, choice.barred, choice.selected) for choice in row.choices] == [
        ("特等", True, False),
        ("一等", False, False),
        ("二等", False, True),
    ]
    assert (row.field, row.fixed) == (f"grade-{line.pk}", False)


def test_a_unit_that_was_approved_keeps_its_grade() -> None:
    world, board = a_board(1)
    with world.clock():
        sign(board, world.chief)
    assert [row.fixed for row in rows_of(board)] == [True]


@pytest.mark.parametrize("units", [2, 8])
def test_the_rows_take_a_fixed_number_of_queries(units: int, django_assert_max_num_queries: Any) -> None:
    _world, board = a_board(units)
    board = Board.objects.select_related("track__cycle__scheme").get(pk=board.pk)
    with django_assert_max_num_queries(2):
        assert len(rows_of(board)) == units


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
    counts = {count.grade: (count.given, count.quota) for count in grade_counts(board, board.lines.all())}
    assert counts == {"特等": (0, found.get("特等")), "一等": (2, None), "二等": (0, None)}
    assert world.cycle.pk == board.track.cycle_id
