"""A demo's time passes: forward only, everything due is done, and it comes to an end."""

from collections import Counter
from datetime import timedelta

import pytest

from common import clock
from demo.services import passing
from demo.services.passing import ROUNDS, let_deadline_pass, let_time_pass, next_to_fire
from scoring.models import Step
from tests.support.traces import refused
from tests.support.world import World, a_cycle
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db


def due_in(world: World, days: float) -> Task:
    """The first unit's self-evaluation, due so many real days from now."""
    task = world.task(world.assessments[0], "self_evaluation")
    Task.objects.filter(pk=task.pk).update(due_at=clock.now() + timedelta(days=days))
    task.refresh_from_db()
    return task


def test_what_is_due_on_the_way_is_done() -> None:
    world = a_cycle().with_units(2).opened()
    due_in(world, 5)
    Task.objects.filter(process=world.assessments[1]).update(due_at=clock.now() + timedelta(days=50))
    passed = let_time_pass(to=clock.now() + timedelta(days=10), by=world.office)
    assert passed.ended == Counter({"self_evaluation": 1})
    assert passed.sent > 0
    assert [assessment.step for assessment in world.assessments] == [Step.EXCLUDED, Step.SELF_EVALUATION]


def test_it_never_goes_back() -> None:
    world = a_cycle().with_units(1).opened()
    refused(lambda: let_time_pass(to=clock.now() - timedelta(days=1), by=world.office), "to")


def test_the_next_deadline_is_the_earliest() -> None:
    world = a_cycle().with_units(2).opened()
    later, sooner = world.assessments
    Task.objects.filter(process=later).update(due_at=clock.now() + timedelta(days=9))
    Task.objects.filter(process=sooner).update(due_at=clock.now() + timedelta(days=3))
    task = next_to_fire()
    assert task is not None and task.process == sooner
    passed = let_deadline_pass(by=world.office)
    assert passed.ended == Counter({"self_evaluation": 1})
    assert [assessment.step for assessment in world.assessments] == [Step.SELF_EVALUATION, Step.EXCLUDED]


def test_without_a_deadline_ahead_that_is_said() -> None:
    world = a_cycle().with_units(1).opened()
    due_in(world, -1)
    assert next_to_fire() is None
    refused(lambda: let_deadline_pass(by=world.office))


def test_it_looks_again_only_so_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    world, looked = a_cycle().with_units(1).opened(), []

    def always_something() -> Counter[str]:
        looked.append(1)
        return Counter({"publicity": 1})

    monkeypatch.setattr(passing, "sweep", always_something)
    passed = let_time_pass(to=clock.now() + timedelta(hours=1), by=world.office)
    assert passed.ended == Counter({"publicity": ROUNDS}) == Counter({"publicity": len(looked)})
