"""What is asked of many is worked off in chunks: nothing twice, nothing left, each refusal named."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Membership, Role
from common import clock
from scoring.models import Step
from tests.support.world import START, World, a_cycle
from tests.workflow.bulk.conftest import Ask, done, refusal
from workflow.bulk import services
from workflow.bulk.models import BulkKind, BulkState
from workflow.bulk.queries import Progress, progress_of, refused_of
from workflow.bulk.services import AT_ONCE, TRIES, _acts, ask_of_many, ask_of_tasks, work_off
from workflow.office.models import FinishedSweep
from workflow.office.services.sweep import sweep
from workflow.tasks import bulk

pytestmark = pytest.mark.django_db


def test_few_are_dealt_with_at_once_and_the_refused_are_named(ask: Ask) -> None:
    run = ask(20)
    assert run.finished_at is not None
    assert progress_of(run) == Progress(done=19, refused=1, left=0)
    assert [(item.label, item.why) for item in refused_of(run)] == [("单位13", "unlucky")]


def test_each_task_is_dealt_with_by_the_service_of_its_kind_under_the_name_of_its_unit() -> None:
    world = a_cycle().with_units(2).submitted()
    first, second = (world.task(assessment, "acceptance") for assessment in world.assessments)
    desk = world.reviewers["district"]
    with world.clock():
        Membership.objects.create(user=desk, role=Role.FILER, unit=second.process.sheet.unit, since=START)
        run = ask_of_tasks(BulkKind.ACCEPT, [first, second], by=desk)
    assert progress_of(run) == Progress(done=1, refused=1, left=0)
    assert [item.label for item in refused_of(run)] == [second.process.sheet.unit_name]
    assert [assessment.step for assessment in world.assessments] == [Step.DEPARTMENT_REVIEW, Step.ACCEPTANCE]


def test_many_are_left_to_the_worker(ask: Ask) -> None:
    run = ask(AT_ONCE + 1)
    assert (run.finished_at, done()) == (None, 0)
    bulk()
    run.refresh_from_db()
    assert run.finished_at is not None
    assert done() == AT_ONCE


def test_the_sweep_finishes_what_a_dead_worker_left(ask: Ask) -> None:
    run = ask(AT_ONCE + 1)
    with clock.travel(run.asked_at + timedelta(minutes=2)):
        sweep()
    assert done() == AT_ONCE


@pytest.mark.parametrize("seconds", [0, 30])
def test_the_sweep_leaves_a_request_to_its_worker_first(ask: Ask, seconds: int) -> None:
    run = ask(AT_ONCE + 1)
    with clock.travel(run.asked_at + timedelta(seconds=seconds)):
        sweep()
    assert done() == 0


def test_what_others_hold_just_now_keeps_nobody_from_the_rest(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    held, free = ask(AT_ONCE + 1), ask(AT_ONCE + 1)
    taken = services._taken
    monkeypatch.setattr(services, "_taken", lambda run: taken(run).none() if run == held else taken(run))
    bulk()
    free.refresh_from_db()
    assert free.finished_at is not None
    with clock.travel(held.asked_at + timedelta(minutes=2)):
        sweep()
    assert FinishedSweep.objects.exists(), "deadlines are watched all the same"


def test_an_act_that_refuses_without_a_word_is_not_asked_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_acts, BulkKind.ACCEPT, lambda keys, _asked: dict.fromkeys(keys, ""))
    run = ask_of_many(BulkKind.ACCEPT, [(1, "单位1")], cycle=world.cycle, by=world.office)
    assert progress_of(run) == Progress(done=0, refused=1, left=0)


def test_what_died_half_way_is_finished_and_nothing_is_done_twice(ask: Ask, trouble: dict[int, Exception]) -> None:
    run = ask(AT_ONCE * 2)
    trouble[AT_ONCE + 5] = KeyboardInterrupt()  # type: ignore[assignment]  # the process is killed in the second chunk
    with pytest.raises(KeyboardInterrupt):
        work_off(run)
    assert progress_of(run) == Progress(done=AT_ONCE - 1, refused=1, left=AT_ONCE)
    trouble.clear()
    assert work_off(run)
    assert work_off(run)
    assert done() == AT_ONCE * 2 - 1


def test_one_units_refusal_is_nobody_elses(ask: Ask, trouble: dict[int, Exception]) -> None:
    trouble[7] = refusal()
    run = ask(10)
    assert done() == 9
    assert [(item.key, item.why) for item in refused_of(run)] == [(7, "not this one")]


def test_a_fault_of_ours_is_tried_again_and_then_told(ask: Ask, trouble: dict[int, Exception]) -> None:
    trouble[7] = LookupError("broken")
    run = ask(10)
    assert done() == 9
    item = run.items.get(key=7)
    assert (item.state, item.attempts) == (BulkState.REFUSED, TRIES)
    assert "broken" not in item.why


def test_it_stops_when_its_time_is_over(ask: Ask) -> None:
    run = ask(AT_ONCE * 3)
    assert not work_off(run, end=0)
    assert progress_of(run).left == AT_ONCE * 2


def test_every_kind_has_an_act_wherever_the_house_is_loaded() -> None:
    assert set(_acts) == set(BulkKind)


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_a_request(ask: Ask) -> None:
    run = ask(AT_ONCE * 4)

    def work() -> None:
        work_off(run)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert work_off(run)
    assert done() == AT_ONCE * 4 - 1
