"""What a colleague or the sweep ended between the question and the lock is passed over, never ended twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from audit.models import Event
from audit.verbs import Verb
from scoring.models import Step
from tests.support.traces import outcomes_of, refused
from tests.support.world import World, a_cycle, sign
from workflow.board.models import Board
from workflow.board.services import signing
from workflow.board.services.submitting import submit_board
from workflow.filing.services.self_evaluation import exclude_overdue
from workflow.flow.models import Task
from workflow.flow.queries.process import flow_ref, open_tasks
from workflow.office.services import closing
from workflow.office.services.closing import close_cycle, still_running
from workflow.office.services.extensions import reinstate
from workflow.publicity.models import Publicity
from workflow.publicity.services import publicity
from workflow.publicity.services.publicity import publish

pytestmark = pytest.mark.django_db
TRACK = "society"


def as_read_before(*nodes: str) -> QuerySet[Task]:
    """Every task of these nodes, as they were read before somebody ended one."""
    found: QuerySet[Task] = Task.objects.filter(flow_task__in=[flow_ref(node) for node in nodes])
    return found


def one_ended(world: World, node: str) -> Task:
    """The first unit's task, marked as ended by somebody else at this instant; the process stays where it is."""
    task = world.task(world.assessments[0], node)
    Task.objects.filter(pk=task.pk).update(status="DONE", finished=world.at)
    return task


def test_signing_passes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(2, TRACK).consolidated()
    with world.clock():
        board = submit_board(track=world.cycle.tracks.get(code=TRACK), by=world.office)
        one_ended(world, "approval")
        monkeypatch.setattr(signing, "open_tasks", as_read_before)
        sign(board, world.chief)
    assert Event.objects.filter(verb=Verb.APPROVED).count() == 1
    assert [one.step for one in world.assessments] == [Step.APPROVAL, Step.PUBLICITY]


def test_publishing_passes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(2, TRACK).approved()
    task = one_ended(world, "publicity")
    monkeypatch.setattr(publicity, "open_tasks", as_read_before)
    with world.clock():
        made = publish(board=Board.objects.get(), count_first_day=False, by=world.office)
    task.refresh_from_db()
    assert (task.due_at, task.fires) == (None, False)
    assert world.task(world.assessments[1], "publicity").due_at == made.ends_at
    assert Publicity.objects.count() == 1


def test_closing_passes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(2, TRACK).opened()
    with world.clock(world.deadline):
        for one in world.assessments:
            exclude_overdue(task=world.task(one, "self_evaluation"))
        one_ended(world, "excluded")
        monkeypatch.setattr(closing, "open_tasks", as_read_before)
        close_cycle(cycle=world.cycle, by=world.office)
    kinds = [[kind for _node, kind in outcomes_of(one)] for one in world.assessments]
    assert kinds == [["excluded"], ["excluded", "cycle_closed"]]


def test_a_unit_taken_back_in_while_the_cycle_closes_keeps_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(2, TRACK).opened()
    back, until = world.assessments[0], world.deadline + timedelta(days=3)

    def read_as_one_is_taken_back(node: str) -> QuerySet[Task]:
        reinstate(task=world.task(back, node), by=world.office, until=until, why="系统故障")
        return open_tasks(node)

    with world.clock(world.deadline):
        for one in world.assessments:
            exclude_overdue(task=world.task(one, "self_evaluation"))
        monkeypatch.setattr(closing, "open_tasks", read_as_one_is_taken_back)
        refused(lambda: close_cycle(cycle=world.cycle, by=world.office))
    world.cycle.refresh_from_db()
    assert world.cycle.closed_at is None
    assert not Event.objects.filter(verb=Verb.CYCLE_CLOSED).exists()


# ---- closing, as it is without anybody in between ----


def closed(world: World) -> Any:
    with world.clock():
        close_cycle(cycle=world.cycle, by=world.office)
    world.cycle.refresh_from_db()
    return world.cycle.closed_at


def test_a_cycle_closes_once_all_have_come_to_their_end() -> None:
    world = a_cycle().with_units(1, TRACK).circulated()
    assert still_running(world.cycle) == 0
    first = closed(world)
    assert first == world.at
    world.at = world.at.replace(year=2028)
    assert closed(world) == first, "closing again changes nothing"
    assert Event.objects.filter(verb=Verb.CYCLE_CLOSED, subject=f"cycle:{world.cycle.year}").count() == 1


def test_an_excluded_unit_ends_with_its_cycle() -> None:
    world = a_cycle().with_units(1, TRACK).opened()
    with world.clock(world.deadline):
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
    assert closed(world)
    one = world.assessments[0]
    assert (one.step, one.finished is not None) == (Step.EXCLUDED, True)
