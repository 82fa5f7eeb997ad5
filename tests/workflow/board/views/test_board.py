"""A board by its page: graded as one chooses, lines returned, who reads it, and how many queries it takes."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Unit
from scoring.models import ScoreSheet, Step
from tests.support.pages import Visitor
from tests.support.world import World
from tests.workflow.board.made import a_board, bring, lines_of
from workflow.board.models import Board, BoardLine
from workflow.board.queries.sealed import digest_of
from workflow.consolidation.services.consolidation import consolidate
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


def chief(world: World) -> Visitor:
    return Visitor(world, world.chief)


def test_ties_share_a_rank_and_the_page_shows_bars_and_why() -> None:
    world, _board = a_board(3)
    first, second, third = (assessment.sheet for assessment in world.assessments)
    ScoreSheet.objects.filter(pk__in=[first.pk, second.pk]).update(total=Decimal("90.50"))
    ScoreSheet.objects.filter(pk=third.pk).update(barred=["特等"], deduction=Decimal(2))
    page = chief(world).get(f"/boards/{bring(world).pk}/")
    rows = page.context["rows"]
    assert [row.line.rank for row in rows] == [1, 1, 3]
    assert [choice.barred for choice in rows[2].choices] == [True, False, False]
    assert rows[2].line.bar_reasons[0] in page.content.decode()


# ---- graded ----


def choose(world: World, board: Board, grade: str, seen: str = "") -> Any:
    """The answer to the choice of a grade in the first row, saved as it is chosen."""
    name = f"grade-{lines_of(board)[0].pk}"
    data = {"changed": name, name: grade, "version": seen or digest_of(board)}
    return chief(world).post(f"/boards/{board.pk}/grades/", data, headers={"X-Requested-With": "autosave"})


def test_one_grade_is_saved_as_it_is_chosen_and_the_counts_come_back() -> None:
    world, board = a_board()
    answer = choose(world, board, "一等")
    body = answer.json()
    assert (answer.status_code, body["errors"]) == (200, {})
    assert body["saved_at"] and body["version"] == digest_of(board)
    assert set(body["html"]) == {"#counts", "#seen"}
    assert lines_of(board)[0].grade == "一等"


def test_whoever_has_not_seen_another_s_change_keeps_their_version() -> None:
    world, board = a_board()
    assert choose(world, board, "一等", seen="seen long ago").json()["version"] == "seen long ago"


def test_a_grade_that_is_none_is_refused_at_its_line() -> None:
    world, board = a_board()
    answer = choose(world, board, "金奖")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [f"grade-{lines_of(board)[0].pk}"])
    assert lines_of(board)[0].grade == ""


def test_a_plain_form_keeps_what_is_right_and_names_what_is_not() -> None:
    world, board = a_board()
    wrong, right = lines_of(board)
    data = {f"grade-{wrong.pk}": "金奖", f"grade-{right.pk}": "特等", "grade-x": "一等"}
    page = chief(world).post(f"/boards/{board.pk}/grades/", data)
    assert (page.status_code, list(page.context["errors"])) == (422, [f"grade-{wrong.pk}"])
    assert [line.grade for line in lines_of(board)] == ["", "特等"]


def test_every_open_line_is_filled_at_once() -> None:
    world, board = a_board()
    path, chosen = f"/boards/{board.pk}/grades/", lines_of(board)[0]
    assert chief(world).post(path, {"fill": "金奖"}).status_code == 422
    assert chief(world).post(path, {f"grade-{chosen.pk}": "特等", "fill": "二等"}).url == f"/boards/{board.pk}/"
    assert [line.grade for line in lines_of(board)] == ["特等", "二等"]


def test_a_version_that_is_done_takes_no_grades() -> None:
    world, board = a_board()
    Board.objects.update(superseded_at=world.at)
    assert list(choose(world, board, "一等").json()["errors"]) == [""]


# ---- returned ----


def test_a_return_asks_why_and_names_whom() -> None:
    world, board = a_board()
    line, path = lines_of(board)[0], f"/boards/{board.pk}/return/"
    page = chief(world).post(path, {"ids": [line.pk]})
    assert [item["label"] for item in page.context["items"]] == [line.sheet.unit_name]
    unexplained = chief(world).post(path, {"ids": [line.pk], "confirmed": "1", "why": " "})
    assert (list(unexplained.context["form"].errors), unexplained.context["keys"]) == (["why"], [line.pk])
    assert chief(world).post(path, {"ids": [line.pk], "confirmed": "1", "why": "复核"}).url == f"/boards/{board.pk}/"
    assert line.sheet.assessment.step == Step.CONSOLIDATION


def test_a_version_that_is_done_returns_nobody() -> None:
    world, board = a_board(1)
    Board.objects.update(superseded_at=world.at)
    data = {"ids": [lines_of(board)[0].pk], "confirmed": "1", "why": "复核"}
    assert chief(world).post(f"/boards/{board.pk}/return/", data).context["form"].errors


def test_nobody_chosen_is_returned_to_nowhere() -> None:
    world, board = a_board(1)
    assert chief(world).post(f"/boards/{board.pk}/return/", {"confirmed": "1", "why": "复核"}).status_code == 302
    assert world.assessments[0].step == Step.APPROVAL


def test_a_new_version_shows_what_changed_since_rows_were_returned() -> None:
    world, board = a_board()
    data = {"ids": [lines_of(board)[0].pk], "confirmed": "1", "why": "复核加分"}
    chief(world).post(f"/boards/{board.pk}/return/", data)
    back = world.assessments[0]
    with world.clock():
        consolidate(task=world.task(back, "consolidation"), by=world.office)
    ScoreSheet.objects.filter(pk=back.sheet_id).update(total=Decimal("99.00"))
    page = chief(world).get(f"/boards/{bring(world).pk}/")
    assert page.context["before"] == board
    assert back.sheet.unit_name in {change.unit for change in page.context["changes"]}


# ---- read ----


def test_who_reads_and_who_does_not() -> None:
    world, board = a_board(1)
    page = f"/boards/{board.pk}/"
    for reader in (world.office, world.chief, world.leaders[0], world.supervisor):
        assert Visitor(world, reader).get(page).status_code == 200
    for stranger in (next(iter(world.filers.values())), world.reviewers["district"]):
        assert Visitor(world, stranger).get(page).status_code == 403
    for other in (world.leaders[0], world.supervisor):
        assert not Visitor(world, other).get(page).context["may_edit"]
        assert Visitor(world, other).post(f"{page}grades/").status_code == 403


@pytest.mark.parametrize("count", [10, 1000])
def test_a_board_takes_the_same_queries_at_any_size(count: int, django_assert_max_num_queries: Any) -> None:
    world, board = a_board(1)
    _copies(board.lines.get(), count - 1)
    visitor = chief(world)
    with django_assert_max_num_queries(16):
        page = visitor.get(f"/boards/{board.pk}/")
    assert len(page.context["rows"]) == count
    with django_assert_max_num_queries(12):
        visitor.get("/boards/")


def _copies(line: BoardLine, count: int) -> None:
    """More units on the same board, made at once."""
    sheet = line.sheet
    units = Unit.objects.bulk_create(Unit(code=f"copy{n}", name=f"副本{n}") for n in range(count))
    same = {"cycle": sheet.cycle, "track": sheet.track, "total": sheet.total, "components": sheet.components}
    sheets = ScoreSheet.objects.bulk_create(ScoreSheet(unit=unit, unit_name=unit.name, **same) for unit in units)
    Assessment.objects.bulk_create(
        Assessment(sheet=copy, step=Step.APPROVAL, flow_class=sheet.assessment.flow_class, status="NEW")
        for copy in sheets
    )
    BoardLine.objects.bulk_create(
        BoardLine(board=line.board, sheet=copy, rank=1, total=copy.total, components=copy.components) for copy in sheets
    )
