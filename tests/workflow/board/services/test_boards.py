"""The board of a track: who stands on it, which grades can be given, and what a signature is bound to (R11, R12)."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.files.base import ContentFile

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from scoring.engine.scheme import scheme_sha256
from scoring.models import IncidentKind, ScoreSheet, Step
from tests.support.traces import causes, last_event, outcomes_of, refused, told
from tests.support.world import World, a_cycle, sign
from workflow.board.models import Board, BoardLine
from workflow.board.services import (
    digest_of,
    fill_grades,
    return_lines,
    sealed_list,
    set_grades,
    sign_board,
    submit_board,
)
from workflow.consolidation.services.consolidation import consolidate, decide_incident
from workflow.consolidation.services.incidents import Decision, Severity
from workflow.flow.models import Assessment
from workflow.flow.queries.process import open_tasks

pytestmark = pytest.mark.django_db
TRACK = "society"


def waiting(count: int = 3) -> World:
    """A world whose societies wait for approval; they have no ratings, so it is quick."""
    return a_cycle().with_units(count, TRACK).consolidated()


def bring(world: World) -> Board:
    with world.clock():
        return submit_board(track=world.cycle.tracks.get(code=TRACK), by=world.office)


def lines(board: Board) -> list[BoardLine]:
    return list(board.lines.order_by("sheet__unit__pk"))


def grade(world: World, board: Board, *grades: str) -> int:
    """Give the lines these grades, in the order of the units."""
    chosen = {line.pk: grade for line, grade in zip(lines(board), grades, strict=False)}
    with world.clock():
        return set_grades(board=board, grades=chosen, by=world.chief)


# ---- submitted ----


def test_a_board_holds_every_unit_that_waits_with_its_rank_and_total() -> None:
    world = waiting(3)
    best = world.assessments[1].sheet
    ScoreSheet.objects.filter(pk=best.pk).update(total=Decimal("95.50"))
    board = bring(world)
    assert [(line.rank, line.total) for line in lines(board)] == [
        (2, Decimal("30.00")),
        (1, Decimal("95.50")),
        (2, Decimal("30.00")),
    ]
    assert (board.version, board.submitted_by, board.submitted_at) == (1, world.office, world.at)


def test_the_head_of_the_leading_group_is_told_of_each_version() -> None:
    world = waiting(1)
    first, second = bring(world), bring(world)
    assert told("board:") == {world.chief}
    assert causes("board:") == sorted(f"board:{board.pk}:{world.chief.pk}" for board in (first, second))
    assert last_event(Verb.BOARD_SUBMITTED).went_to == "v2"


@pytest.mark.parametrize("state", ["nobody there yet", "all approved", "a track without units"])
def test_a_board_of_nobody_is_refused(state: str) -> None:
    world = a_cycle().with_units(1, TRACK)
    world = world.approved() if state == "all approved" else world.submitted()
    code = "district" if state == "a track without units" else TRACK
    track, before = world.cycle.tracks.get(code=code), Board.objects.count()
    with world.clock():
        refused(lambda: submit_board(track=track, by=world.office))
    assert Board.objects.count() == before


def test_units_on_their_way_excluded_or_not_assessed_do_not_stand_on_it() -> None:
    world = waiting(2)
    for step in (Step.EXCLUDED, Step.NOT_ASSESSED, Step.CONSOLIDATION):
        world.with_units(1, TRACK)
        sheet, like = ScoreSheet.objects.latest("pk"), world.assessments[0]
        Assessment.objects.create(sheet=sheet, step=step, flow_class=like.flow_class)
    board = bring(world)
    assert board.lines.count() == 2
    assert [one["state"] for one in sealed_list(board)["beside"]] == [Step.EXCLUDED, Step.NOT_ASSESSED]


def test_a_later_version_supersedes_an_unsigned_one_and_takes_its_grades_over() -> None:
    world = waiting(2)
    first = bring(world)
    grade(world, first, "一等", "二等")
    second = bring(world)
    first.refresh_from_db()
    assert first.superseded_at == world.at
    assert [line.grade for line in lines(second)] == ["一等", "二等"]
    with world.clock():
        refused(lambda: set_grades(board=first, grades={lines(first)[0].pk: "二等"}, by=world.chief))


def test_a_grade_that_is_barred_meanwhile_is_not_taken_over() -> None:
    world = waiting(2)
    grade(world, bring(world), "特等", "特等")
    ScoreSheet.objects.filter(pk=world.assessments[0].sheet_id).update(barred=["特等"])
    assert [line.grade for line in lines(bring(world))] == ["", "特等"]


# ---- graded ----


@pytest.mark.parametrize("given", ["特等", "一等", "二等"])
def test_the_grades_of_the_scheme_can_be_given_changed_and_taken_back(given: str) -> None:
    world = waiting(1)
    board = bring(world)
    assert grade(world, board, given) == 1
    assert grade(world, board, given) == 0, "the same again changes nothing"
    assert lines(board)[0].grade == given
    assert grade(world, board, "") == 1
    assert lines(board)[0].grade == ""
    assert Event.objects.filter(verb=Verb.GRADES_SET).count() == 2


def test_the_event_tells_each_change() -> None:
    world = waiting(2)
    board = bring(world)
    grade(world, board, "一等")
    grade(world, board, "二等", "特等")
    names = [one.sheet.unit_name for one in world.assessments]
    data = last_event(Verb.GRADES_SET).data
    assert {name: data[name] for name in names} == {names[0]: ["一等", "二等"], names[1]: ["", "特等"]}


@pytest.mark.parametrize("given", ["三等", "优秀", "特等 "])
def test_there_are_no_other_grades(given: str) -> None:
    world = waiting(1)
    board = bring(world)
    refused(lambda: grade(world, board, given), f"grade-{lines(board)[0].pk}")


def test_a_barred_grade_is_given_by_nobody_and_no_way() -> None:
    world = waiting(2)
    ScoreSheet.objects.filter(pk=world.assessments[0].sheet_id).update(barred=["特等", "一等"])
    board = bring(world)
    barred = lines(board)[0]
    for given in ("特等", "一等"):
        refused(partial(grade, world, board, given), f"grade-{barred.pk}")
    with world.clock():
        assert fill_grades(board=board, grade="一等", by=world.chief) == 1, "the barred one is passed over"
    assert [line.grade for line in lines(board)] == ["", "一等"]
    assert grade(world, board, "二等") == 1


def test_nobody_grades_their_own_unit() -> None:
    world = waiting(1)
    Membership.objects.create(user=world.chief, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    board = bring(world)
    refused(lambda: grade(world, board, "特等"), f"grade-{lines(board)[0].pk}")


@pytest.mark.parametrize(
    ("quotas", "given", "fits"),
    [
        pytest.param({}, ["特等", "特等", "特等"], True, id="no quota"),
        pytest.param({TRACK: {"特等": 1}}, ["特等", "一等", "一等"], True, id="as many as the quota"),
        pytest.param({TRACK: {"特等": 1}}, ["特等", "特等", "一等"], False, id="one too many"),
        pytest.param({"特等": 2}, ["特等", "特等", "一等"], True, id="a quota for every track"),
        pytest.param({"特等": 1}, ["特等", "特等", "一等"], False, id="over the quota for every track"),
        pytest.param({TRACK: {"特等": 3}, "特等": 1}, ["特等", "特等", "特等"], True, id="its own quota counts"),
        pytest.param({"district": {"特等": 0}}, ["特等", "一等", "二等"], True, id="another track's quota"),
        pytest.param({TRACK: {"特等": 0}}, ["特等", "一等", "二等"], False, id="none at all"),
    ],
)
def test_a_quota_is_not_exceeded(quotas: dict[str, object], given: list[str], fits: bool) -> None:
    world = waiting(3)
    world.cycle.quotas = quotas
    world.cycle.save()
    board = bring(world)
    if fits:
        assert grade(world, board, *given) == 3
    else:
        refused(lambda: grade(world, board, *given), f"grade-{lines(board)[2].pk}")
    assert [line.grade for line in lines(board)] == (given if fits else ["", "", ""])


# ---- returned ----


def test_a_unit_goes_back_to_consolidation_with_the_reason_and_the_version_is_done() -> None:
    world = waiting(2)
    board = bring(world)
    with world.clock():
        assert return_lines(board=board, line_ids=[lines(board)[0].pk], why="总分存疑", by=world.chief) == 1
    assert [one.step for one in world.assessments] == [Step.CONSOLIDATION, Step.APPROVAL]
    board.refresh_from_db()
    assert board.superseded_at == world.at
    assert last_event(Verb.BOARD_RETURNED).data["units"] == 1
    assert last_event(Verb.RETURNED).why == "总分存疑"
    assert outcomes_of(world.assessments[0])[-1] == ("approval", "returned")


@pytest.mark.parametrize(
    ("why", "field"), [("", "why"), (" \n ", "why"), ("存疑", None)], ids=["none", "blank", "nobody"]
)
def test_a_return_needs_a_reason_and_somebody(why: str, field: str | None) -> None:
    world = waiting(1)
    board = bring(world)
    with world.clock():
        refused(lambda: return_lines(board=board, line_ids=[], why=why, by=world.chief), field)
    board.refresh_from_db()
    assert board.superseded_at is None


def test_the_returned_unit_comes_back_on_the_next_version() -> None:
    world = waiting(2)
    board = bring(world)
    with world.clock():
        return_lines(board=board, line_ids=[lines(board)[1].pk], why="存疑", by=world.chief)
        consolidate(task=world.task(world.assessments[1], "consolidation"), by=world.office)
    again = bring(world)
    assert (again.version, again.lines.count()) == (2, 2)


# ---- barred by an incident ----


def test_why_a_grade_is_barred_stands_on_the_line() -> None:
    world = a_cycle().with_units(1).rated()
    document = ContentFile(b"%PDF-1.4", name="order.pdf")
    decision = Decision(kind=IncidentKind.SAFETY, severity=Severity.FIRST, reason="事故", document=document)
    with world.clock():
        decide_incident(assessment=world.assessments[0], decision=decision, by=world.office)
        consolidate(task=world.task(world.assessments[0], "consolidation"), by=world.office)
        board = submit_board(track=world.cycle.tracks.get(code="district"), by=world.office)
    line = board.lines.get()
    assert line.barred == ["特等"]
    assert len(line.bar_reasons) == 1
    assert "特等" in line.bar_reasons[0]


def test_signing_ends_every_approval_and_only_those() -> None:
    world = waiting(2)
    board = bring(world)
    with world.clock():
        sign(board, world.chief)
        refused(lambda: sign_board(board=board, seen=digest_of(board), by=world.chief))
    assert not open_tasks("approval").exists()
    board.refresh_from_db()
    assert board.sha256 == scheme_sha256(board.sealed or {})
    assert board.signed_by == world.chief
