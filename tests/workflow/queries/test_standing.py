"""Where everything stands: for the office, for a person, for the public; each in a fixed number of queries."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import actor_of
from accounts.models import Membership, Role, User
from common.tallies import counted
from scoring.models import Step
from tests.support.single import exclude_overdue
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.board.queries.boards import beside_board, not_yet_on_board, on_board, tracks_standing
from workflow.consolidation.queries import waiting_for_office, waiting_for_others, why_sent_back
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import open_task, open_tasks
from workflow.flow.queries.visibility import assessments_visible_to, tasks_for
from workflow.office.queries.dashboard import holder_of, progress_counted, progress_of, standing
from workflow.publicity.models import Publicity
from workflow.publicity.queries.publicity import boards_to_publish, standing_of, units_to_publish

pytestmark = pytest.mark.django_db
TRACK = "society"


# ---- visible ----


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("filer", ["district"]),
        ("district desk", ["district", "district"]),
        ("society desk", ["society"]),
        ("office", ["district", "district", "society"]),
        ("leader", ["district", "district", "society"]),
        ("chief", ["district", "district", "society"]),
        ("supervisor", ["district", "district", "society"]),
    ],
)
def test_what_exists_for_whom(who: str, seen: list[str]) -> None:
    world = a_cycle().with_units(2).with_units(1, TRACK).opened()
    user = {
        "filer": world.filers[world.assessments[0].sheet_id],
        "district desk": world.reviewers["district"],
        "society desk": world.heads[TRACK],
        "office": world.office,
        "leader": world.leaders[0],
        "chief": world.chief,
        "supervisor": world.supervisor,
    }[who]
    with world.clock():
        found = [assessment.sheet.track.code for assessment in assessments_visible_to(actor_of(user))]
    assert sorted(found) == seen


@pytest.mark.parametrize(
    ("step", "who"),
    [("self_evaluation", "filer"), ("acceptance", "desk"), ("department_review", "desk"), ("consolidation", "office")],
)
def test_a_task_is_for_those_who_owe_it_and_nobody_else(step: str, who: str) -> None:
    world = a_cycle().with_units(1, TRACK)
    reach = {"self_evaluation": world.opened, "acceptance": world.submitted, "department_review": world.accepted}
    reach.get(step, world.reviewed)()
    task = world.task(world.assessments[0], step)
    cast = {
        "filer": world.filers[world.assessments[0].sheet_id],
        "desk": world.reviewers[TRACK],
        "office": world.office,
        "other desk": world.reviewers["district"],
        "supervisor": world.supervisor,
        "leader": world.leaders[0],
    }
    with world.clock():
        found = {name for name, user in cast.items() if tasks_for(actor_of(user)).filter(pk=task.pk).exists()}
    assert found == {who}


def test_a_person_with_a_stake_never_sees_the_others_task_about_their_unit() -> None:
    world = a_cycle().with_units(1, TRACK).submitted()
    desk = world.reviewers[TRACK]
    Membership.objects.create(user=desk, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    with world.clock():
        assert not tasks_for(actor_of(desk)).exists()


def test_what_a_colleague_claimed_is_theirs() -> None:
    world = a_cycle().with_units(1, TRACK).submitted()
    Task.objects.filter(finished=None).update(owner=world.heads[TRACK])
    with world.clock():
        assert not tasks_for(actor_of(world.reviewers[TRACK])).exists()
        assert tasks_for(actor_of(world.heads[TRACK])).count() == 1


# ---- the process ----


def test_what_is_open_is_found_by_its_node() -> None:
    world = a_cycle().with_units(1, TRACK).submitted()
    assert open_task(world.assessments[0], Node.SELF_EVALUATION) is None
    assert [task.node for task in open_tasks()] == [Node.ACCEPTANCE]


# ---- the dashboard ----


def late(world: World) -> None:
    """One unit excluded, the other's acceptance long overdue."""
    first, second = world.assessments
    Assessment.objects.filter(pk=first.pk).update(step=Step.EXCLUDED)
    Task.objects.filter(process=second, finished=None).update(due_at=world.at - timedelta(days=1))


def test_progress_by_track() -> None:
    world = a_cycle().with_units(2, TRACK).submitted()
    late(world)
    with world.clock():
        district, society = progress_of(world.cycle.tracks.all(), counted(progress_counted(world.cycle)))
    assert (district.total, society.total, society.late) == (0, 2, 1)
    assert (society.submitted, society.finished) == (1, 1)
    assert [units for _label, units in society.by_step] == [1, 1]


@pytest.mark.parametrize(
    ("narrow", "count"),
    [
        ({}, 2),
        ({"track": TRACK}, 2),
        ({"track": "district"}, 0),
        ({"step": Step.ACCEPTANCE}, 1),
        ({"late": True}, 1),
        ({"search": "单位"}, 2),
        ({"search": "没有"}, 0),
    ],
    ids=["all", "its track", "another track", "a step", "late", "found", "not found"],
)
def test_standing_is_narrowed(narrow: dict[str, Any], count: int) -> None:
    world = a_cycle().with_units(2, TRACK).submitted()
    late(world)
    with world.clock():
        assert len(standing(world.cycle, **narrow)) == count


@pytest.mark.parametrize("units", [1, 6])
def test_standing_takes_two_queries(units: int, django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(units, TRACK).submitted()
    with world.clock(), django_assert_max_num_queries(2):
        rows: list[Any] = list(standing(world.cycle))
        holders = {holder_of(task) for row in rows for task in row.open_now}
    desk = world.desks[TRACK]
    assert desk
    assert holders == {desk.name}


def test_who_holds_a_task_is_said_with_the_place_where_there_is_one() -> None:
    world = a_cycle().with_units(1, TRACK).submitted()
    head, desk = world.heads[TRACK], world.desks[TRACK]
    assert desk
    Task.objects.filter(finished=None).update(owner=head)

    def held_by() -> str:
        with world.clock():
            (row,) = standing(world.cycle)
            (task,) = row.open_now  # type: ignore[attr-defined]  # prefetched
            return holder_of(task)

    assert held_by() == f"{desk.name} · {head.name}"
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert held_by() == desk.name, "whoever left holds nothing"
    User.objects.filter(pk=world.reviewers[TRACK].pk).update(is_active=False)
    assert held_by() == f"{desk.name} · 无人能办"
    Task.objects.filter(finished=None).update(role="", department=None)
    assert held_by() == ""


# ---- boards, consolidation, publicity ----


def test_where_the_units_of_a_track_stand_to_its_board() -> None:
    world = a_cycle().with_units(3, TRACK).consolidated()
    on_its_way, beside = world.assessments[:2]
    Assessment.objects.filter(pk=on_its_way.pk).update(step=Step.CONSOLIDATION)
    Assessment.objects.filter(pk=beside.pk).update(step=Step.EXCLUDED)
    [standing] = [standing for standing in tracks_standing(world.cycle) if standing.track.code == TRACK]
    assert (standing.units, standing.waiting, standing.approved, standing.beside) == (3, 1, 0, 1)
    track = standing.track
    assert [assessment.assessment for assessment in not_yet_on_board(track)] == [on_its_way]
    assert [assessment.assessment for assessment in beside_board(track)] == [beside]
    assert [assessment.assessment for assessment in on_board(track)] == [world.assessments[2]]


def test_what_waits_for_the_office_and_for_whom_the_rest_waits() -> None:
    world = a_cycle().with_units(1).with_units(1, TRACK).reviewed()
    assert [task.process for task in waiting_for_office()] == [world.assessments[1]]
    assert {task.process for task in waiting_for_others()} == {world.assessments[0]}
    assert why_sent_back(waiting_for_office()[0]) is None


def test_a_signed_board_waits_to_be_published_with_its_units() -> None:
    world = a_cycle().with_units(2, TRACK).approved()
    board = Board.objects.get()
    assert list(boards_to_publish()) == [board]
    assert units_to_publish(board) == [assessment.sheet.unit_name for assessment in world.assessments]


def test_how_a_publicity_stands_from_day_to_day() -> None:
    world = a_cycle().with_units(1, TRACK).published()
    publicity = Publicity.objects.get()
    left = [standing_of(publicity, world.at + timedelta(days=day)).days_left for day in range(12)]
    assert left[0] == 5
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert not standing_of(publicity, publicity.ends_at - timedelta(microseconds=1)).over
    assert standing_of(publicity, publicity.ends_at).over


def test_an_excluded_unit_is_nobodys_task() -> None:
    world = a_cycle().with_units(1, TRACK).opened()
    with world.clock(world.deadline):
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
        for user in (world.office, world.filers[world.assessments[0].sheet_id], world.reviewers[TRACK]):
            assert not tasks_for(actor_of(user)).exists()
