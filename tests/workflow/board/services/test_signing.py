"""Returning lines of a board, or signing it: of the list that was seen, complete, sealed for ever (design.md 6.3)."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common.many import Dealt
from scoring.engine.scheme import scheme_sha256
from scoring.models import Cycle, Scheme, ScoreSheet, Step
from tests.support.pages import Visitor
from tests.support.schemes import put_rules
from tests.support.traces import last_event, outcomes_of, refused
from tests.support.world import World, a_cycle
from tests.workflow.board.made import TRACK, a_board, bring, lines_of
from workflow.board.models import Board, BoardLine
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import return_lines, sign_board
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


def graded(count: int = 2, grade: str = "一等") -> tuple[World, Board]:
    """A world whose societies stand on a board, all with a grade."""
    world, board = a_board(count)
    with world.clock():
        set_grades(board=board, grades={}, rest=grade, by=world.chief)
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
    assert [assessment.step for assessment in world.assessments] == [Step.PUBLICITY] * 2
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


def _quotas_not_confirmed(world: World, _board: Board) -> None:
    scheme = Scheme.objects.get(cycle=world.cycle)
    put_rules(scheme, scheme.body | {"quotas": [{"code": "Q1", "text": "", "grade": "一等", "count": 2}]})


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
    (_quotas_not_confirmed, "the notice's quotas are not confirmed"),
    (_another_unit, "a unit that waits is not on it"),
]


@pytest.mark.parametrize("change", [change for change, _name in CHANGES], ids=[name for _change, name in CHANGES])
def test_a_list_that_does_not_hold_is_not_signed(change: Callable[[World, Board], None]) -> None:
    world, board = graded()
    change(world, board)
    board = Board.objects.get(pk=board.pk)
    refused(lambda: sign_seen(world, board))
    assert [assessment.step for assessment in world.assessments] == [Step.APPROVAL] * 2
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
    signed = sign_seen(world, board)
    assert signed.sha256 == scheme_sha256(signed.sealed or {})
    line = lines_of(board)[0]
    with world.clock():
        refused(lambda: set_grades(board=board, grades={line.pk: "二等"}, by=world.chief))
        refused(lambda: return_lines(board=board, line_ids=[line.pk], why="存疑", by=world.chief))
        refused(lambda: sign_board(board=board, seen=digest_of(board), by=world.chief))
        refused(lambda: submit_board(track=board.track, by=world.office))
    assert [line.grade for line in lines_of(board)] == ["一等", "一等"]


def test_a_unit_that_comes_back_goes_on_a_new_version_and_the_others_keep_their_grades() -> None:
    world, board = graded()
    back, kept = world.assessments
    with world.clock():
        return_lines(board=board, line_ids=[lines_of(board)[0].pk], why="复核", by=world.chief)
    first = sign_seen(world, bring(world))
    with world.clock():
        consolidate(task=world.task(back, "consolidation"), by=world.office)
        second = bring(world)
        fixed, free = second.lines.get(sheet=kept.sheet), second.lines.get(sheet=back.sheet)
        saved = set_grades(board=second, grades={fixed.pk: "二等", free.pk: "二等"}, by=world.chief)
    assert (saved.saved, set(saved.refused)) == ({free.pk}, {fixed.pk})
    sign_seen(world, second)
    first.refresh_from_db()
    assert first.superseded_at == world.at, "the version before is superseded, not changed"
    assert [line["grade"] for line in (first.sealed or {})["lines"]] == ["一等"]
    assert {assessment.step for assessment in world.assessments} == {Step.PUBLICITY}


def test_a_unit_that_came_after_the_board_keeps_it_from_being_signed() -> None:
    world = a_cycle().with_units(2, TRACK).consolidated()
    late = world.assessments[1]
    Assessment.objects.filter(pk=late.pk).update(step=Step.CONSOLIDATION)
    board = bring(world)
    with world.clock():
        set_grades(board=board, grades={}, rest="二等", by=world.chief)
    Assessment.objects.filter(pk=late.pk).update(step=Step.APPROVAL)
    assert late.sheet.unit_name in refused(lambda: sign_seen(world, board))


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
    with world.clock():
        refused(lambda: sign_board(board=board, seen=digest_of(board), by=world.office))
    assert sign_seen(world, board).signed_by == world.chief


# ---- returned ----


def give_back(world: World, board: Board, *places: int, why: str = "总分存疑") -> Dealt[BoardLine]:
    """The head of the leading group returns the lines of these units."""
    keys = [lines_of(board)[place].pk for place in places]
    with world.clock():
        return return_lines(board=board, line_ids=keys, why=why, by=world.chief)


def test_a_unit_goes_back_to_consolidation_with_the_reason_and_the_version_is_done() -> None:
    world, board = a_board(2)
    assert give_back(world, board, 0).done == lines_of(board)[:1]
    assert [assessment.step for assessment in world.assessments] == [Step.CONSOLIDATION, Step.APPROVAL]
    board.refresh_from_db()
    assert board.superseded_at == world.at
    assert last_event(Verb.BOARD_RETURNED).data["units"] == 1
    assert last_event(Verb.RETURNED).why == "总分存疑"
    assert outcomes_of(world.assessments[0])[-1] == ("approval", "returned")


@pytest.mark.parametrize(
    ("why", "field"), [("", "why"), (" \n ", "why"), ("存疑", None)], ids=["none", "blank", "nobody"]
)
def test_a_return_needs_a_reason_and_somebody(why: str, field: str | None) -> None:
    world, board = a_board(1)
    refused(lambda: give_back(world, board, why=why), field)
    board.refresh_from_db()
    assert board.superseded_at is None


def test_one_s_own_unit_and_one_that_does_not_wait_are_named_and_the_others_go_back() -> None:
    world, board = a_board(3)
    own, gone, back = world.assessments
    Membership.objects.create(user=world.chief, role=Role.FILER, unit=own.sheet.unit, since=world.at)
    gone.task_set.filter(finished=None).update(status="CANCELED")
    dealt = give_back(world, board, 0, 1, 2)
    assert [line.sheet_id for line in dealt.done] == [back.sheet_id]
    assert [line.sheet_id for line, _why in dealt.refused] == [own.sheet_id, gone.sheet_id]
    assert world.assessments[0].step == Step.APPROVAL


def test_where_no_line_goes_back_the_version_stands() -> None:
    world, board = a_board(1)
    Membership.objects.create(user=world.chief, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    assert give_back(world, board, 0).done == []
    board.refresh_from_db()
    assert board.superseded_at is None


def test_a_list_is_signed_once_the_notices_quotas_are_confirmed() -> None:
    world, board = graded()
    _quotas_not_confirmed(world, board)
    Cycle.objects.filter(pk=world.cycle.pk).update(quotas_came_to={"": {"一等": 2}})
    page = Visitor(world, world.chief).get(f"/boards/{board.pk}/").content.decode()
    assert "通知中的名额" in page
    assert "尚未按现有" not in page
    sign_seen(world, Board.objects.get(pk=board.pk))
    assert Board.objects.exclude(signed_at=None).exists()


def test_the_page_says_that_quotas_are_not_confirmed() -> None:
    world, board = graded()
    _quotas_not_confirmed(world, board)
    Cycle.objects.filter(pk=world.cycle.pk).update(quotas_why="领导小组决定")
    page = Visitor(world, world.office).get(f"/boards/{board.pk}/").content.decode()
    assert "尚未按现有参评单位数确认" in page
    assert "领导小组决定" in page
