"""Submitting a board: who stands on it, what a new version takes over, and when there is none (R11, R12)."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from accounts.models import Role
from audit.models import Event
from audit.verbs import Verb
from scoring.models import IncidentKind, ScoreSheet, Step
from tests.support.traces import causes, last_event, refused, told
from tests.support.world import World, a_cycle, a_person
from tests.workflow.board.made import TRACK, a_board, bring, lines_of
from workflow.board.models import Board
from workflow.board.queries.sealed import sealed_list
from workflow.board.services.grading import set_grades
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate, decide_incident
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


def grade(world: World, board: Board, *grades: str) -> None:
    """Give the lines these grades, in the order of the units."""
    chosen = {line.pk: given for line, given in zip(lines_of(board), grades, strict=False)}
    with world.clock():
        set_grades(board=board, grades=chosen, by=world.chief)


def test_a_board_holds_every_unit_that_waits_with_its_rank_and_total() -> None:
    world = a_cycle().with_units(3, TRACK).consolidated()
    best = world.assessments[1].sheet
    ScoreSheet.objects.filter(pk=best.pk).update(total=Decimal("95.50"))
    board = bring(world)
    assert [(line.rank, line.total) for line in lines_of(board)] == [
        (2, Decimal("30.00")),
        (1, Decimal("95.50")),
        (2, Decimal("30.00")),
    ]
    assert (board.version, board.submitted_by, board.submitted_at) == (1, world.office, world.at)


def test_the_head_of_the_leading_group_is_told_of_each_version() -> None:
    world, first = a_board(1)
    ScoreSheet.objects.update(total=Decimal("31.00"))
    second = bring(world)
    assert told("board:") == {world.chief}
    assert causes("board:") == sorted(f"board:{board.pk}:{world.chief.pk}" for board in (first, second))
    assert last_event(Verb.BOARD_SUBMITTED).went_to == "v2"


def test_submitting_the_same_again_makes_no_second_version() -> None:
    world, board = a_board(2)
    grade(world, board, "一等")
    assert bring(world) == board
    board.refresh_from_db()
    assert board.superseded_at is None
    assert Event.objects.filter(verb=Verb.BOARD_SUBMITTED).count() == len(causes("board:")) == 1


def test_a_colleague_submits_the_same_as_a_version_of_their_own_so_that_somebody_may_sign_it() -> None:
    world, first = a_board(1)
    world.office = a_person(Role.OFFICE)
    assert (bring(world).version, bring(world).version) == (first.version + 1, first.version + 1)


def test_a_returned_version_is_followed_by_another_even_if_nothing_has_changed() -> None:
    world, board = a_board(2)
    Board.objects.update(superseded_at=world.at)
    assert bring(world).version == board.version + 1


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
    world = a_cycle().with_units(2, TRACK).consolidated()
    for step in (Step.EXCLUDED, Step.NOT_ASSESSED, Step.CONSOLIDATION):
        world.with_units(1, TRACK)
        sheet, like = ScoreSheet.objects.latest("pk"), world.assessments[0]
        Assessment.objects.create(sheet=sheet, step=step, flow_class=like.flow_class)
    board = bring(world)
    assert board.lines.count() == 2
    assert [beside["state"] for beside in sealed_list(board)["beside"]] == [Step.EXCLUDED, Step.NOT_ASSESSED]


def test_a_later_version_supersedes_an_unsigned_one_and_takes_its_grades_over() -> None:
    world, first = a_board(2)
    grade(world, first, "一等", "二等")
    ScoreSheet.objects.filter(pk=world.assessments[0].sheet_id).update(total=Decimal("31.00"))
    second = bring(world)
    first.refresh_from_db()
    assert first.superseded_at == world.at
    assert [line.grade for line in lines_of(second)] == ["一等", "二等"]


def test_a_grade_that_is_barred_meanwhile_is_not_taken_over() -> None:
    world, board = a_board(2)
    grade(world, board, "特等", "特等")
    ScoreSheet.objects.filter(pk=world.assessments[0].sheet_id).update(barred=["特等"])
    assert [line.grade for line in lines_of(bring(world))] == ["", "特等"]


def test_why_a_grade_is_barred_stands_on_the_line() -> None:
    world = a_cycle().with_units(1).rated()
    document = ContentFile(b"%PDF-1.4", name="order.pdf")
    decision = Decision(kind=IncidentKind.SAFETY, consequence=Consequence.FIRST, reason="事故", document=document)
    with world.clock():
        decide_incident(assessment=world.assessments[0], decision=decision, by=world.office)
        consolidate(task=world.task(world.assessments[0], "consolidation"), by=world.office)
    [line] = lines_of(bring(world, "district"))
    assert line.barred == ["特等"]
    [reason] = line.bar_reasons
    assert "特等" in reason
