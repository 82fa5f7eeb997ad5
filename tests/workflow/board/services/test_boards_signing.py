"""Signing a board: by its head, of the list that was seen, complete; then it is sealed for ever (design.md 6.3)."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from scoring.models import ScoreSheet, Step
from tests.support.pages import Visitor
from tests.support.traces import last_event, outcomes_of, refused
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.board.services import digest_of, fill_grades, return_lines, set_grades, sign_board, submit_board
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db
TRACK = "society"


def graded(count: int = 2, grade: str = "一等") -> tuple[World, Board]:
    """A world whose societies stand on a board, all with a grade."""
    world = a_cycle().with_units(count, TRACK).consolidated()
    with world.clock():
        board = submit_board(track=world.cycle.tracks.get(code=TRACK), by=world.office)
        fill_grades(board=board, grade=grade, by=world.chief)
    return world, board


def sign_seen(world: World, board: Board, seen: str = "") -> Board:
    with world.clock():
        return sign_board(board=board, seen=seen or digest_of(board), by=world.chief)


def test_a_signature_seals_the_list_and_approves_all() -> None:
    world, board = graded()
    seen = digest_of(board)
    signed = sign_seen(world, board)
    assert (signed.signed_by, signed.signed_at, signed.sha256) == (world.chief, world.at, seen)
    assert [line["grade"] for line in (signed.sealed or {})["lines"]] == ["一等", "一等"]
    assert (signed.sealed or {})["scheme_sha256"] == world.cycle.scheme.sha256
    assert [one.step for one in world.assessments] == [Step.PUBLICITY] * 2
    assert outcomes_of(world.assessments[0])[-1] == ("approval", "approved")
    assert last_event(Verb.BOARD_SIGNED).went_to == seen
    assert Event.objects.filter(verb=Verb.APPROVED).count() == 2


@pytest.mark.parametrize("who", ["office", "leader", "supervisor", "head", "filer"])
def test_only_the_head_of_the_leading_group_signs(who: str) -> None:
    world, board = graded()
    by = {
        "office": world.office,
        "leader": world.leaders[0],
        "supervisor": world.supervisor,
        "head": world.heads[TRACK],
        "filer": world.filers[world.assessments[0].sheet_id],
    }[who]
    with world.clock():
        refused(lambda: sign_board(board=board, seen=digest_of(board), by=by))
    board.refresh_from_db()
    assert board.signed_at is None


def _another_grade(world: World, board: Board) -> None:
    line = board.lines.first()
    assert line
    with world.clock():
        set_grades(board=board, grades={line.pk: "二等"}, by=world.chief)


def _no_grade(world: World, board: Board) -> None:
    line = board.lines.first()
    assert line
    with world.clock():
        set_grades(board=board, grades={line.pk: ""}, by=world.chief)


def _another_total(_world: World, board: Board) -> None:
    ScoreSheet.objects.filter(board_lines__board=board).update(total=Decimal("1.00"))


def _not_assessed(_world: World, board: Board) -> None:
    ScoreSheet.objects.filter(board_lines__board=board).update(not_assessed=True)


def _barred_meanwhile(_world: World, board: Board) -> None:
    ScoreSheet.objects.filter(board_lines__board=board).update(barred=["一等"])


def _barred_line(_world: World, board: Board) -> None:
    board.lines.update(barred=["一等"])


def _quota(world: World, _board: Board) -> None:
    world.cycle.quotas = {TRACK: {"一等": 1}}
    world.cycle.save()


def _another_unit(world: World, board: Board) -> None:
    gone = world.assessments[1]
    board.lines.filter(sheet=gone.sheet).delete()


CHANGES: list[tuple[Callable[[World, Board], None], str]] = [
    (_no_grade, "a unit has no grade"),
    (_another_total, "a total has changed"),
    (_not_assessed, "a unit is not assessed after all"),
    (_barred_meanwhile, "a grade is barred meanwhile"),
    (_barred_line, "a barred grade stands there"),
    (_quota, "the quota is exceeded"),
    (_another_unit, "a unit that waits is not on it"),
]


@pytest.mark.parametrize("change", [one for one, _name in CHANGES], ids=[name for _one, name in CHANGES])
def test_a_list_that_does_not_hold_is_not_signed(change: Callable[[World, Board], None]) -> None:
    world, board = graded()
    change(world, board)
    board = Board.objects.get(pk=board.pk)
    refused(lambda: sign_seen(world, board))
    assert [one.step for one in world.assessments] == [Step.APPROVAL] * 2
    assert not Board.objects.exclude(signed_at=None).exists()


@pytest.mark.parametrize("seen", ["0" * 64, "x"], ids=["another list's", "nonsense"])
def test_a_signature_is_bound_to_what_was_seen(seen: str) -> None:
    world, board = graded()
    refused(lambda: sign_seen(world, board, seen))


def test_a_grade_changed_by_a_colleague_after_the_look_is_not_signed_unseen() -> None:
    world, board = graded()
    seen = digest_of(board)
    _another_grade(world, board)
    refused(lambda: sign_seen(world, board, seen))
    sign_seen(world, board)


def test_what_is_signed_is_sealed() -> None:
    world, board = graded()
    sign_seen(world, board)
    line = board.lines.first()
    assert line
    with world.clock():
        refused(lambda: set_grades(board=board, grades={line.pk: "二等"}, by=world.chief))
        refused(lambda: return_lines(board=board, line_ids=[line.pk], why="存疑", by=world.chief))
        refused(lambda: sign_board(board=board, seen=digest_of(board), by=world.chief))
        refused(lambda: submit_board(track=board.track, by=world.office))
    line.refresh_from_db()
    assert line.grade == "一等"


def test_a_unit_that_comes_back_goes_on_a_new_version_and_the_others_keep_their_grades() -> None:
    world, board = graded()
    sign_seen(world, board)
    back, kept = world.assessments
    Assessment.objects.filter(pk=back.pk).update(step=Step.APPROVAL)
    task = back.task_set.filter(flow_task="workflow/flows.AssessmentFlow.publicity").get()
    task.flow_task = task.flow_task.flow_class.instance.node("approval")
    task.save()
    with world.clock():
        second = submit_board(track=board.track, by=world.office)
        fixed, free = second.lines.get(sheet=kept.sheet), second.lines.get(sheet=back.sheet)
        refused(lambda: set_grades(board=second, grades={fixed.pk: "二等"}, by=world.chief), f"grade-{fixed.pk}")
        assert set_grades(board=second, grades={free.pk: "二等"}, by=world.chief) == 1
    sign_seen(world, second)
    board.refresh_from_db()
    assert board.superseded_at == world.at, "the version before is superseded, not changed"
    assert [line["grade"] for line in (board.sealed or {})["lines"]] == ["一等", "一等"]
    assert {one.step for one in world.assessments} == {Step.PUBLICITY}


def test_a_unit_whose_approval_somebody_ended_meanwhile_is_passed_over() -> None:
    world, board = graded()
    task = world.task(world.assessments[0], "approval")
    task.status = "CANCELED"
    task.save(update_fields=["status"])
    sign_seen(world, board)
    assert Event.objects.filter(verb=Verb.APPROVED).count() == 1


def test_whoever_submitted_a_list_does_not_sign_it() -> None:
    world, board = graded()
    Membership.objects.create(user=world.office, role=Role.CHIEF, since=world.at)
    browser = Visitor(world, world.office)
    assert not browser.get(f"/boards/{board.pk}/").context["may_sign"]
    assert browser.get(f"/boards/{board.pk}/sign/").url == f"/boards/{board.pk}/"
    assert f"/boards/{board.pk}/" not in browser.get("/").content.decode()
    with world.clock():
        refused(lambda: sign_board(board=board, seen=digest_of(board), by=world.office))
    assert sign_seen(world, board).signed_by == world.chief
