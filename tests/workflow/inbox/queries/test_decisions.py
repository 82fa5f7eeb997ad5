"""The office's first page says how far the running cycles are and what is to be decided in them next."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Membership, Role, User
from common import clock
from common.errors import DomainError
from scoring.models import ScoreSheet, Step
from tests.support.inbox import owed_on
from tests.support.pages import Visitor
from tests.support.traces import causes
from tests.support.world import World, a_cycle, a_person
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate
from workflow.inbox.queries.decisions import running_cycles
from workflow.office.services.closing import close_cycle
from workflow.publicity.models import ObjectorKind, Publicity
from workflow.publicity.services.objections import Signed, file_objection

pytestmark = pytest.mark.django_db


def decisions(world: World) -> list[tuple[str, int]]:
    with world.clock():
        return [(decision.place, decision.count) for decision in running_cycles(deciding=True).decisions]


@pytest.mark.parametrize(
    ("stage", "waiting"),
    [
        ("opened", []),
        ("accepted", [("draws", 2)]),
        ("consolidated", [("boards", 3)]),
        ("approved", [("publicities", 2)]),
        ("published", []),
        ("to_circulate", [("notices", 3)]),
        ("circulated", [("cycle-close", 0)]),
    ],
)
def test_what_waits_for_the_office_follows_the_steps(stage: str, waiting: list[tuple[str, int]]) -> None:
    world: World = getattr(a_cycle().with_units(2).with_units(1, "society"), stage)()
    assert decisions(world) == waiting


def test_a_board_that_lies_with_the_leading_group_is_no_decision_of_the_office() -> None:
    world = a_cycle().with_units(1).consolidated()
    with world.clock():
        submit_board(track=world.cycle.tracks.get(code="district"), by=world.office)
    assert decisions(world) == []


def district_board(world: World, by: User | None = None) -> Board:
    with world.clock():
        return submit_board(track=world.cycle.tracks.get(code="district"), by=by or world.office)


def test_a_unit_that_comes_after_the_board_was_submitted_waits_for_the_office() -> None:
    world = a_cycle().with_units(2).rated()
    first, late = (world.task(assessment, "consolidation") for assessment in world.assessments)
    with world.clock():
        consolidate(task=first, by=world.office)
        district_board(world)
        consolidate(task=late, by=world.office)
    assert decisions(world) == [("boards", 1)]


def test_a_board_whose_results_have_changed_waits_for_the_office() -> None:
    world = a_cycle().with_units(2).consolidated()
    board = district_board(world)
    ScoreSheet.objects.filter(pk=world.assessments[0].sheet_id).update(total=1)
    assert decisions(world) == [("boards", 1)]
    with world.clock(), pytest.raises(DomainError, match=world.assessments[0].sheet.unit_name):
        sign_board(board=board, seen=digest_of(board), by=world.chief)


def test_a_board_that_nobody_else_can_sign_waits_for_the_office_and_asks_nobody() -> None:
    world = a_cycle().with_units(1).consolidated()
    Membership.objects.create(user=world.chief, role=Role.OFFICE, since=world.at)
    board = district_board(world, by=world.chief)
    assert decisions(world) == [("boards", 1)] and not causes(f"board:{board.pk}:")
    other = a_person(Role.CHIEF)
    assert decisions(world) == []
    again = district_board(world, by=world.chief)
    assert causes(f"board:{again.pk}:") == [f"board:{again.pk}:{other.pk}"]


def test_closing_leads_to_its_page() -> None:
    world = a_cycle().with_units(1, "society").circulated()
    page = Visitor(world, world.office).get("/")
    (owed,) = owed_on(page)
    assert (owed.url, owed.detail) == (reverse("cycle-close", args=[world.cycle.year]), "")


def test_an_objection_waits_until_it_is_decided() -> None:
    world = a_cycle().with_units(1).published()
    signed = Signed(kind=ObjectorKind.PERSON, name="样例", contact="13900000000", workplace="某单位")
    with world.clock():
        file_objection(
            publicity=Publicity.objects.get(),
            sheet=world.assessments[0].sheet,
            signed=signed,
            text="第一项的次数不对，请核实",
            arrived_at=world.at,
        )
    assert decisions(world) == [("publicities", 1)]


def test_a_decision_says_until_when_it_is_planned() -> None:
    world = a_cycle().with_units(1).consolidated()
    (decision,) = running_cycles(deciding=True).decisions
    planned = world.cycle.planned_steps.get(step=Step.APPROVAL)
    assert (decision.cycle, decision.due_at) == (world.cycle, clock.end_of(planned.ends_on))


def test_the_first_page_of_the_office_shows_the_cycle_and_leads_to_what_is_next() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").consolidated()
    page = Visitor(world, world.office).get("/")
    (state,) = page.context["cycles"]
    assert (state.cycle, state.total, dict(state.by_step)) == (world.cycle, 3, {str(Step.APPROVAL.label): 3})
    assert [owed.url for owed in owed_on(page)] == [f"{reverse('boards')}?cycle={world.cycle.pk}"]
    assert reverse("cycle", args=[world.cycle.year]) in page.content.decode()


def test_the_step_that_is_planned_next_is_named() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        (state,) = running_cycles(deciding=False).states
    first = world.cycle.planned_steps.filter(starts_on__gt=world.at.date()).order_by("starts_on").first()
    assert state.coming == first


def test_who_oversees_sees_the_state_but_owes_nothing_and_a_unit_sees_neither() -> None:
    world = a_cycle().with_units(1).consolidated()
    supervisor = Visitor(world, world.supervisor).get("/")
    assert (len(supervisor.context["cycles"]), owed_on(supervisor)) == (1, [])
    unit = Visitor(world, world.filers[world.assessments[0].sheet_id]).get("/")
    assert unit.context["cycles"] == []


def test_late_units_are_counted_once() -> None:
    world = a_cycle().with_units(2).submitted()
    with world.clock(world.deadline.replace(year=2028)):
        (state,) = running_cycles(deciding=False).states
    assert state.late == 2


def test_a_closed_cycle_is_gone() -> None:
    world = a_cycle().with_units(1).circulated()
    with world.clock():
        close_cycle(cycle=world.cycle, by=world.office)
        assert running_cycles(deciding=False).states == []


@pytest.mark.parametrize("units", [1, 4])
def test_the_questions_do_not_grow_with_the_units(units: int, django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(units).accepted()
    with world.clock():
        with django_assert_num_queries(3):
            running_cycles(deciding=False)
        with django_assert_num_queries(5):
            running_cycles(deciding=True)
