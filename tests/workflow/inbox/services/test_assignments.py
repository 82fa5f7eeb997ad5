"""Who does a task: claimed by one, given back by the same, handed to a colleague; for every step that people do."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from accounts.models import Membership, Role, User
from audit.models import Event
from audit.verbs import Verb
from tests.support.traces import causes, last_event, refused, told
from tests.support.world import World, a_cycle, a_person
from workflow.flow.models import Task
from workflow.inbox.services import claim, colleagues_for, delegate, release

pytestmark = pytest.mark.django_db
TRACK = "society"


@dataclass
class Scene:
    """An open task with who may do it, a colleague, and somebody who may not."""

    world: World
    task: Task
    holder: User
    colleague: User
    stranger: User

    def now(self) -> Task:
        """The task as it stands."""
        self.task.refresh_from_db()
        return self.task


def filing() -> Scene:
    world = a_cycle().with_units(2, TRACK).opened()
    first, second = world.assessments
    colleague = a_person(Role.FILER, unit=first.sheet.unit)
    filer, stranger = (world.filers[assessment.sheet_id] for assessment in (first, second))
    return Scene(world, world.task(first, "self_evaluation"), filer, colleague, stranger)


def at_desk() -> Scene:
    world = a_cycle().with_units(1, TRACK).submitted()
    colleague = a_person(Role.REVIEWER, department=world.desks[TRACK])
    task = world.task(world.assessments[0], "acceptance")
    return Scene(world, task, world.reviewers[TRACK], colleague, world.reviewers["district"])


def in_review() -> Scene:
    world = a_cycle().with_units(1, TRACK).accepted()
    task = world.task(world.assessments[0], "department_review")
    return Scene(world, task, world.reviewers[TRACK], world.heads[TRACK], world.office)


def at_office() -> Scene:
    world = a_cycle().with_units(1, TRACK).reviewed()
    task = world.task(world.assessments[0], "consolidation")
    return Scene(world, task, world.office, a_person(Role.OFFICE), world.supervisor)


SCENES = pytest.mark.parametrize("scene_of", [filing, at_desk, in_review, at_office])
SceneOf = Callable[[], Scene]


@pytest.mark.parametrize("scene_of", [at_desk, in_review, at_office])
def test_a_task_is_claimed_by_one(scene_of: SceneOf) -> None:
    scene = scene_of()
    with scene.world.clock():
        claim(task=scene.task, by=scene.holder)
        claim(task=scene.task, by=scene.holder)
        assert scene.holder.name in refused(lambda: claim(task=scene.task, by=scene.colleague))
    task = scene.now()
    assert (task.owner, task.status, task.assigned) == (scene.holder, "ASSIGNED", scene.world.at)
    event = last_event(Verb.TASK_CLAIMED)
    assert (event.actor_id, event.went_to, event.data["task"]) == (scene.holder.pk, scene.holder.name, task.pk)
    assert Event.objects.filter(verb=Verb.TASK_CLAIMED).count() == 1


@SCENES
def test_nobody_claims_what_is_not_theirs(scene_of: SceneOf) -> None:
    scene = scene_of()
    with scene.world.clock():
        refused(lambda: claim(task=scene.task, by=scene.stranger))
    assert scene.now().owner is None


@SCENES
def test_who_holds_it_gives_it_back_and_a_colleague_takes_it(scene_of: SceneOf) -> None:
    scene = scene_of()
    with scene.world.clock():
        claim(task=scene.task, by=scene.holder)
        refused(lambda: release(task=scene.task, by=scene.colleague))
        release(task=scene.task, by=scene.holder)
        release(task=scene.task, by=scene.holder)
        assert (scene.now().owner, scene.now().status, scene.now().assigned) == (None, "NEW", None)
        claim(task=scene.task, by=scene.colleague)
    assert scene.now().owner == scene.colleague
    assert Event.objects.filter(verb=Verb.TASK_RELEASED).count() == 1
    assert last_event(Verb.TASK_RELEASED).came_from == scene.holder.name


@SCENES
def test_it_is_handed_to_a_colleague_who_gets_a_mail(scene_of: SceneOf) -> None:
    scene = scene_of()
    with scene.world.clock():
        delegate(task=scene.task, by=scene.holder, to=scene.colleague, why="出差")
    assert scene.now().owner == scene.colleague
    assert told("delegated:") == {scene.colleague}
    event = last_event(Verb.TASK_DELEGATED)
    assert (event.came_from, event.went_to, event.why) == ("", scene.colleague.name, "出差")


@SCENES
def test_it_is_handed_to_nobody_else(scene_of: SceneOf) -> None:
    scene = scene_of()
    with scene.world.clock():
        refused(lambda: delegate(task=scene.task, by=scene.holder, to=scene.stranger), "to")
        refused(lambda: delegate(task=scene.task, by=scene.stranger, to=scene.colleague))
    assert scene.now().owner is None
    assert not causes("delegated:")


@SCENES
def test_the_colleagues_of_a_task(scene_of: SceneOf) -> None:
    scene = scene_of()
    with scene.world.clock():
        colleagues = set(colleagues_for(scene.task))
    assert {scene.holder, scene.colleague} <= colleagues
    assert scene.stranger not in colleagues


def test_handing_it_to_who_has_it_changes_nothing() -> None:
    scene = at_desk()
    with scene.world.clock():
        claim(task=scene.task, by=scene.holder)
        delegate(task=scene.task, by=scene.holder, to=scene.holder)
    assert not Event.objects.filter(verb=Verb.TASK_DELEGATED).exists()
    assert not causes("delegated:")


def test_handing_over_says_from_whom() -> None:
    scene = at_desk()
    with scene.world.clock():
        claim(task=scene.task, by=scene.holder)
        delegate(task=scene.task, by=scene.holder, to=scene.colleague)
        delegate(task=scene.task, by=scene.colleague, to=scene.holder)
    assert last_event(Verb.TASK_DELEGATED).came_from == scene.colleague.name
    assert len(causes("delegated:")) == 2, "each hand-over is told"


def test_who_files_for_the_unit_is_no_colleague_in_judging_it() -> None:
    scene = at_desk()
    unit = scene.task.process.sheet.unit
    Membership.objects.create(user=scene.colleague, role=Role.FILER, unit=unit, since=scene.world.at)
    with scene.world.clock():
        assert scene.colleague not in set(colleagues_for(scene.task))
        refused(lambda: delegate(task=scene.task, by=scene.holder, to=scene.colleague), "to")
        refused(lambda: claim(task=scene.task, by=scene.colleague))


def test_a_task_that_has_ended_changes_hands_no_more() -> None:
    scene = filing()
    scene.world.submitted()
    with scene.world.clock():
        refused(lambda: claim(task=scene.task, by=scene.holder))
        refused(lambda: release(task=scene.task, by=scene.holder))
        refused(lambda: delegate(task=scene.task, by=scene.holder, to=scene.colleague))


def test_the_office_hands_its_tasks_to_the_office() -> None:
    world = a_cycle().with_units(1).rated()
    colleague = a_person(Role.OFFICE)
    assert set(colleagues_for(world.task(world.assessments[0], "consolidation"))) == {world.office, colleague}
