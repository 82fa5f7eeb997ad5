"""Grades by score: a board proposes what each total makes, says what is barred, and others decide (R12)."""

import pytest

from scoring.models import Scheme
from tests.support.pages import Visitor
from tests.support.schemes import put_rules
from tests.support.world import World
from tests.workflow.board.made import a_board, lines_of
from workflow.board.models import Board
from workflow.board.queries.rows import Proposed, rows_of
from workflow.board.services.grading import BY_TOTAL, set_grades

pytestmark = [pytest.mark.django_db, pytest.mark.both]

BANDS = [
    {"grade": "特等", "least": "90"},
    {"grade": "一等", "least": "80", "below": "90"},
    {"grade": "二等", "least": "60", "below": "80"},
]


@pytest.fixture
def graded_by_score() -> tuple[World, Board]:
    world, board = a_board(4)
    scheme = Scheme.objects.get(cycle=world.cycle)
    body = scheme.body | {"grade_bands": BANDS}
    put_rules(scheme, body)
    kept = zip(lines_of(board), ("95", "92", "80", "50"), ([], ["特等"], [], []), strict=True)
    for line, line.total, line.barred in kept:
        line.save()
    return world, Board.objects.get(pk=board.pk)


def proposed(board: Board) -> list[Proposed | None]:
    return [row.proposed for row in sorted(rows_of(board), key=lambda row: row.line.sheet.unit.pk)]


def test_each_total_makes_a_grade_or_the_next_below_where_it_is_barred(graded_by_score: tuple[World, Board]) -> None:
    _world, board = graded_by_score
    assert proposed(board) == [Proposed("特等"), Proposed("一等", barred="特等"), Proposed("一等"), None]


def test_a_total_whose_grades_are_all_barred_gets_none_and_says_so(graded_by_score: tuple[World, Board]) -> None:
    _world, board = graded_by_score
    board.lines.update(barred=["特等", "一等", "二等"])
    assert proposed(board)[0] == Proposed("", barred="特等")


def test_a_unit_without_a_total_is_proposed_nothing(graded_by_score: tuple[World, Board]) -> None:
    _world, board = graded_by_score
    board.lines.update(total=None)
    assert proposed(board) == [None] * 4


def test_a_scheme_without_bands_proposes_nothing() -> None:
    _world, board = a_board(1)
    assert proposed(board) == [None]


def test_those_without_a_grade_take_the_proposed_one_and_what_was_decided_stays(
    graded_by_score: tuple[World, Board],
) -> None:
    world, board = graded_by_score
    with world.clock():
        set_grades(board=board, grades={lines_of(board)[2].pk: "二等"}, by=world.chief, rest=BY_TOTAL)
    assert [line.grade for line in lines_of(board)] == ["特等", "一等", "二等", ""]


def test_the_page_says_what_the_totals_make(graded_by_score: tuple[World, Board]) -> None:
    world, board = graded_by_score
    page = Visitor(world, world.chief).get(f"/boards/{board.pk}/").content.decode()
    assert page.count("按总分：") == 3
    assert "特等受限" in page
    assert f'<option value="{BY_TOTAL}">' in page
