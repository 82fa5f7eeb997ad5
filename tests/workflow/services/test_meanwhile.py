"""What a colleague or the sweep ended between the question and the lock is passed over, never ended twice."""

import pytest
from django.db.models import QuerySet

from audit.models import Event
from audit.verbs import Verb
from scoring.models import Step
from tests.support.world import World, a_cycle, sign
from workflow.board.models import Board
from workflow.board.services import signing
from workflow.board.services.submitting import submit_board
from workflow.flow.models import Task
from workflow.flow.queries.process import flow_ref
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
    assert [assessment.step for assessment in world.assessments] == [Step.APPROVAL, Step.PUBLICITY]


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
