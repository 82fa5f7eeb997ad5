"""What is different on a board since the version before."""

from decimal import Decimal

import pytest

from scoring.models import ScoreSheet
from tests.workflow.board.made import a_board, bring
from workflow.board.models import Board
from workflow.board.queries.changes import changes_since_before
from workflow.board.services.grading import set_grades

pytestmark = pytest.mark.django_db


def test_a_first_version_has_nothing_before() -> None:
    _world, board = a_board(1)
    assert changes_since_before(board, board.lines.all()) == (None, [])


def test_an_equal_version_has_no_change() -> None:
    world, first = a_board(2)
    Board.objects.update(superseded_at=world.at)
    second = bring(world)
    assert changes_since_before(second, second.lines.all()) == (first, [])


def test_another_total_and_another_grade_are_told() -> None:
    world, first = a_board(2)
    sheet = world.assessments[0].sheet
    ScoreSheet.objects.filter(pk=sheet.pk).update(total=Decimal("77.70"))
    second = bring(world)
    line = second.lines.get(sheet=world.assessments[1].sheet)
    with world.clock():
        set_grades(board=second, grades={line.pk: "二等"}, by=world.chief)
    before, changes = changes_since_before(second, second.lines.all())
    by_unit = {change.unit: change for change in changes}
    assert before == first
    assert "77.7" in by_unit[sheet.unit_name].now
    assert "二等" in by_unit[world.assessments[1].sheet.unit_name].now
    assert "二等" not in by_unit[world.assessments[1].sheet.unit_name].was


@pytest.mark.parametrize("gone", [True, False], ids=["left", "came"])
def test_who_left_and_who_came_are_told(gone: bool) -> None:
    world, first = a_board(2)
    Board.objects.update(superseded_at=world.at)
    second = bring(world)
    (second if gone else first).lines.filter(sheet=world.assessments[0].sheet).delete()
    _before, changes = changes_since_before(second, second.lines.all())
    assert world.assessments[0].sheet.unit_name in [change.unit for change in changes]
