"""Grades on an open board: given by the leading group, never barred ones, within the quotas (R10–R12)."""

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common.saving import Saved
from scoring.models import ScoreSheet
from tests.support.traces import last_event, refused
from tests.support.world import World
from tests.workflow.board.made import TRACK, a_board, bring, lines_of
from workflow.board.models import Board, BoardLine
from workflow.board.services.grading import set_grades

pytestmark = pytest.mark.django_db


def grade(world: World, board: Board, *grades: str, rest: str = "") -> Saved[int]:
    """Give the lines these grades, in the order of the units, and `rest` to those that have none then."""
    chosen = {line.pk: given for line, given in zip(lines_of(board), grades, strict=False)}
    with world.clock():
        return set_grades(board=board, grades=chosen, rest=rest, by=world.chief)


def graded(board: Board) -> list[str]:
    return [line.grade for line in lines_of(board)]


@pytest.mark.parametrize("given", ["特等", "一等", "二等"])
def test_the_grades_of_the_scheme_can_be_given_changed_and_taken_back(given: str) -> None:
    world, board = a_board(1)
    assert grade(world, board, given).saved == {lines_of(board)[0].pk}
    assert grade(world, board, given).saved == set(), "the same again changes nothing"
    assert graded(board) == [given]
    grade(world, board, "")
    assert graded(board) == [""]
    assert Event.objects.filter(verb=Verb.GRADES_SET).count() == 2


def test_the_event_tells_each_change() -> None:
    world, board = a_board(2)
    grade(world, board, "一等")
    grade(world, board, "二等", "特等")
    names = [assessment.sheet.unit_name for assessment in world.assessments]
    data = last_event(Verb.GRADES_SET).data
    assert {name: data[name] for name in names} == {names[0]: ["一等", "二等"], names[1]: ["", "特等"]}


@pytest.mark.parametrize("given", ["三等", "优秀", "特等 "])
def test_there_are_no_other_grades_and_what_is_right_is_saved(given: str) -> None:
    world, board = a_board(2)
    saved = grade(world, board, given, "二等")
    wrong, right = lines_of(board)
    assert (set(saved.refused), saved.saved) == ({wrong.pk}, {right.pk})
    assert graded(board) == ["", "二等"]


def test_a_barred_grade_is_given_by_nobody_and_no_way() -> None:
    world, board = a_board(2)
    barred = lines_of(board)[0]
    BoardLine.objects.filter(pk=barred.pk).update(barred=["特等", "一等"])
    for given in ("特等", "一等"):
        assert set(grade(world, board, given).refused) == {barred.pk}
    assert not grade(world, board, rest="一等").refused, "the barred one is passed over"
    assert graded(board) == ["", "一等"]
    grade(world, board, "二等")
    assert graded(board) == ["二等", "一等"]


def test_nobody_grades_their_own_unit() -> None:
    world, board = a_board(2)
    Membership.objects.create(user=world.chief, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    assert set(grade(world, board, "特等").refused) == {lines_of(board)[0].pk}
    assert not grade(world, board, rest="二等").refused, "one's own is passed over"
    assert graded(board) == ["", "二等"]


def test_the_rest_gets_its_grade_and_whoever_has_one_keeps_it() -> None:
    world, board = a_board(3)
    grade(world, board, "特等", "一等")
    grade(world, board, "", rest="二等")
    assert graded(board) == ["二等", "一等", "二等"]


@pytest.mark.parametrize(
    ("quotas", "given", "kept"),
    [
        pytest.param({}, "特特特", "特特特", id="no quota"),
        pytest.param({TRACK: {"特等": 1}}, "特一一", "特一一", id="as many as the quota"),
        pytest.param({TRACK: {"特等": 1}}, "特特一", "  一", id="one too many"),
        pytest.param({"特等": 2}, "特特一", "特特一", id="a quota for every track"),
        pytest.param({"特等": 1}, "特特一", "  一", id="over the quota for every track"),
        pytest.param({TRACK: {"特等": 3}, "特等": 1}, "特特特", "特特特", id="its own quota counts"),
        pytest.param({"district": {"特等": 0}}, "特一二", "特一二", id="another track's quota"),
        pytest.param({TRACK: {"特等": 0}}, "特一二", " 一二", id="none at all"),
    ],
)
def test_a_quota_is_not_exceeded(quotas: dict[str, object], given: str, kept: str) -> None:
    world, board = a_board(3)
    world.cycle.quotas = quotas
    world.cycle.save()
    saved = grade(world, board, *(f"{first}等" for first in given))
    assert [grade[:1] or " " for grade in graded(board)] == list(kept)
    assert len(saved.refused) == kept.count(" ")


def test_grades_change_places_within_their_quotas() -> None:
    world, board = a_board(2)
    world.cycle.quotas = {"特等": 1, "一等": 1}
    world.cycle.save()
    grade(world, board, "特等", "一等")
    assert not grade(world, board, "一等", "特等").refused
    assert graded(board) == ["一等", "特等"]


def test_what_a_refusal_pushes_over_another_quota_is_refused_as_well() -> None:
    world, board = a_board(3)
    world.cycle.quotas = {"特等": 1, "一等": 1}
    world.cycle.save()
    grade(world, board, "特等", "一等", "二等")
    saved = grade(world, board, "特等", "特等", "一等")
    assert len(saved.refused) == 2
    assert graded(board) == ["特等", "一等", "二等"]


def test_a_unit_that_was_approved_before_keeps_its_grade() -> None:
    world, board = a_board(2)
    grade(world, board, "一等", "一等")
    task = world.task(world.assessments[0], "approval")
    task.status = "DONE"
    task.save(update_fields=["status"])
    assert set(grade(world, board, "二等", "二等").refused) == {lines_of(board)[0].pk}
    assert graded(board) == ["一等", "二等"]


def test_a_superseded_version_is_not_graded() -> None:
    world, first = a_board(1)
    ScoreSheet.objects.update(total="31.00")
    bring(world)
    refused(lambda: grade(world, first, "二等"))
