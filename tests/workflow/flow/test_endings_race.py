"""Two endings at once on the same assessment, on real connections: one consolidation each, nobody waits for ever."""

from collections import Counter

import pytest
from django.utils import translation

from scoring.models import Responsibility, Step
from tests.support.world import World, a_cycle
from tests.workflow.flow.conftest import Together
from workflow.flow.endings import Ending, hold, is_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
RACES = 200
REVIEWED = Ending(kind=OutcomeKind.REVIEWED, by=None)


def end_open(tasks: list[Task]) -> int:
    """End those that are open still, as a set; how many."""
    with translation.override("zh-hans"), hold(tasks) as held:
        endings = {task: REVIEWED for task in held.tasks if is_open(task)}
        held.end(endings)
        return len(endings)


@pytest.fixture
def world() -> World:
    """Societies whose review is done by two departments."""
    world = a_cycle().with_units(RACES, "society")
    answering = Responsibility.objects.filter(track__cycle=world.cycle, track__code="society")
    answering.filter(pk=answering.latest("pk").pk).update(department=world.desks["district"])
    world.opened()
    tasks = list(open_tasks(Node.SELF_EVALUATION))
    for kind, node in ((OutcomeKind.SUBMITTED, Node.SELF_EVALUATION), (OutcomeKind.ACCEPTED, Node.ACCEPTANCE)):
        tasks = list(open_tasks(node))
        with world.clock(), hold(tasks) as held:
            held.end({task: Ending(kind=kind, by=world.office) for task in held.tasks})
    return world


def reviews_of(world: World) -> list[list[Task]]:
    """The two open reviews of each assessment."""
    pairs: dict[int, list[Task]] = {}
    for task in open_tasks(Node.DEPARTMENT_REVIEW).order_by("process_id", "pk"):
        pairs.setdefault(task.process_id, []).append(task)
    return list(pairs.values())


def one_consolidation_each(world: World) -> None:
    assert Counter(task.process_id for task in open_tasks(Node.CONSOLIDATION)) == {
        assessment.pk: 1 for assessment in world.assessments
    }
    assert {assessment.step for assessment in world.assessments} == {Step.CONSOLIDATION}
    joins = Task.objects.filter(flow_task__endswith=".join")
    assert (joins.count(), joins.filter(finished=None).count()) == (RACES, 0)


def test_the_last_two_branches_end_at_once_200_times(world: World, together: Together) -> None:
    for first, second in reviews_of(world):
        assert together(lambda task=first: end_open([task]), lambda task=second: end_open([task])) == [1, 1]
    one_consolidation_each(world)


def test_two_sets_over_the_same_assessments_meet_from_both_ends(world: World, together: Together) -> None:
    pairs = reviews_of(world)
    forth, back = [pair[0] for pair in pairs], [pair[1] for pair in reversed(pairs)]
    assert together(lambda: end_open(forth), lambda: end_open(back)) == [RACES, RACES]
    one_consolidation_each(world)


def test_the_same_task_is_ended_once(world: World, together: Together) -> None:
    pairs = reviews_of(world)[:20]
    for task, _other in pairs:
        assert sorted(together(lambda task=task: end_open([task]), lambda task=task: end_open([task]))) == [0, 1]
