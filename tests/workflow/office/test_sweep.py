"""The sweep ends what is due, once, in sets; one unit's trouble is nobody else's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from common import clock
from scoring.models import Rating, Step
from tests.support.boxes import in_window
from tests.support.locks import meanwhile
from tests.support.world import World, a_cycle, rate_by_ballots
from workflow.filing.services.acceptance import return_for_supplement
from workflow.filing.services.self_evaluation import exclude_all_overdue, submit_assessment
from workflow.flow.endings import lock_processes
from workflow.flow.models import Outcome, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.office.queries.attention import watch
from workflow.office.queries.dashboard import stuck_tasks
from workflow.office.services import sweep as sweeping
from workflow.office.services.sweep import due_tasks, sweep
from workflow.tasks import sweep as sweep_task

pytestmark = pytest.mark.django_db
GRACE = timedelta(seconds=settings.DEADLINE_GRACE_SECONDS)


def deadline(world: World):
    assert world.cycle.deadline_at is not None
    return world.cycle.deadline_at


def steps(world: World) -> list[str]:
    return [assessment.step for assessment in world.assessments]


def test_nobody_is_excluded_before_the_grace_is_over() -> None:
    world = a_cycle().with_units(2).opened()
    with world.clock(deadline(world) + GRACE - timedelta(seconds=1)):
        assert not sweep()
    assert steps(world) == [Step.SELF_EVALUATION] * 2


def test_silent_units_are_excluded_in_the_same_minute_and_only_once() -> None:
    world = a_cycle().with_units(3).opened()
    assert timedelta(minutes=1) > GRACE
    with world.clock(deadline(world) + GRACE):
        assert sweep() == {"self_evaluation": 3}
        assert not sweep()
    assert steps(world) == [Step.EXCLUDED] * 3
    assert Event.objects.filter(verb="assessment.excluded", actor=None).count() == 3


def test_silent_units_are_excluded_in_sets() -> None:
    spent = []
    for units in (2, 12):
        with transaction.atomic():
            world = a_cycle().with_units(units).opened()
            with world.clock(deadline(world) + GRACE), CaptureQueriesContext(connection) as asked:
                assert sweep() == {"self_evaluation": units}
            transaction.set_rollback(True)
        spent.append(len(asked))
    assert spent[1] - spent[0] <= 10, "less than a statement for each unit more"


def test_a_submission_that_arrived_in_time_stands_within_the_grace() -> None:
    world = a_cycle().with_units(2).filled()
    first = world.assessments[0]
    end = deadline(world)
    with world.clock(end + timedelta(seconds=20)):
        submit_assessment(
            task=world.task(first, "self_evaluation"),
            by=world.filers[first.sheet_id],
            arrived_at=end - timedelta(milliseconds=100),
        )
    with world.clock(end + GRACE):
        assert sweep() == {"self_evaluation": 1}
    assert steps(world) == [Step.ACCEPTANCE, Step.EXCLUDED]


def test_an_extension_is_read_from_the_row_when_it_is_due() -> None:
    world = a_cycle().with_units(2).opened()
    extended = world.task(world.assessments[0], "self_evaluation")
    Task.objects.filter(pk=extended.pk).update(due_at=deadline(world) + timedelta(days=5))
    with world.clock(deadline(world) + GRACE):
        sweep()
    assert steps(world) == [Step.SELF_EVALUATION, Step.EXCLUDED]


def test_a_returned_unit_goes_on_as_it_was_submitted() -> None:
    world = a_cycle().with_units(1).submitted()
    assessment = world.assessments[0]
    until = world.at + timedelta(days=3)
    with world.clock():
        return_for_supplement(
            task=world.task(assessment, "acceptance"), by=world.reviewers["district"], why="缺名册", until=until
        )
    with world.clock(until + GRACE):
        assert sweep() == {"self_evaluation": 1}
    assert steps(world) == [Step.ACCEPTANCE]
    assert Outcome.objects.order_by("-pk")[0].kind == OutcomeKind.LAPSED


def test_ratings_close_with_their_window_once_one_is_there() -> None:
    world = a_cycle().with_units(2).accepted()
    rated, unrated = world.assessments
    rate_by_ballots(world.task(rated, "recipient_rating"), world.office, in_window(world))
    Rating.objects.create(sheet=rated.sheet, component="leaders", rater=world.chief, value=Decimal(90))
    assert world.cycle.ratings_close_at is not None
    with world.clock(world.cycle.ratings_close_at + GRACE):
        assert sweep() == {"recipient_rating": 1, "leadership_rating": 1}
        assert not sweep()
    still_open = {task.flow_task.name for task in unrated.task_set.filter(finished=None, fires=True)}
    assert still_open == {"recipient_rating", "leadership_rating"}


def test_one_failure_is_rolled_back_alone_and_tried_again_later(monkeypatch) -> None:
    world = a_cycle().with_units(3).opened()
    broken = world.task(world.assessments[1], "self_evaluation")

    def act(*, tasks: list[Task]) -> list[Task]:
        done = exclude_all_overdue(tasks=tasks)
        if broken in tasks:
            raise KeyError("half-way")
        return done

    monkeypatch.setitem(sweeping.ACTS, "self_evaluation", act)
    at = deadline(world) + GRACE
    with world.clock(at):
        assert sweep() == {"self_evaluation": 2}
        assert not due_tasks().exists()
    assert steps(world) == [Step.EXCLUDED, Step.SELF_EVALUATION, Step.EXCLUDED]
    broken.refresh_from_db()
    assert list(stuck_tasks(world.cycle)) == [broken]
    assert broken.attempts == 1 and broken.retry_at is not None and broken.retry_at > at
    monkeypatch.setitem(sweeping.ACTS, "self_evaluation", exclude_all_overdue)
    with world.clock(broken.retry_at):
        assert sweep() == {"self_evaluation": 1}
    assert steps(world) == [Step.EXCLUDED] * 3


def test_a_failure_is_logged_without_what_it_was_about(monkeypatch, caplog) -> None:
    world = a_cycle().with_units(1).opened()

    words = "张三" + "13900000001"

    def act(*, tasks: list[Task]) -> list[Task]:
        raise ValueError(words)

    monkeypatch.setitem(sweeping.ACTS, "self_evaluation", act)
    with world.clock(deadline(world) + GRACE), caplog.at_level("WARNING"):
        sweep()
    assert "ValueError" in caplog.text and words not in caplog.text
    assert "in act" in caplog.text, "the traceback says where"


def test_a_sweep_that_did_all_leaves_word_of_it_and_one_out_of_time_does_not() -> None:
    world = a_cycle().with_units(2).opened()
    with world.clock(deadline(world) + GRACE):
        assert not sweep(seconds=0)
        assert watch().is_late
        assert sweep() == {"self_evaluation": 2}
        assert not watch().is_late


def test_reminders_that_were_not_all_written_are_no_finished_sweep(monkeypatch) -> None:
    monkeypatch.setattr(sweeping, "remind", lambda *, end: False)
    assert not sweep()
    assert watch().is_late


def test_a_reminder_that_fails_is_no_finished_sweep(monkeypatch) -> None:
    def broken(*, end: float) -> bool:
        raise RuntimeError

    monkeypatch.setattr(sweeping, "remind", broken)
    with pytest.raises(RuntimeError):
        sweep()
    assert watch().is_late


def test_what_can_not_end_yet_does_not_take_the_time_of_what_can(monkeypatch) -> None:
    world = a_cycle().with_units(2).opened()
    first, _second = (world.task(assessment, "self_evaluation") for assessment in world.assessments)
    ticks = iter(range(100))
    monkeypatch.setattr(sweeping.time, "monotonic", lambda: next(ticks))
    monkeypatch.setattr(sweeping, "AT_ONCE", 1)

    def act(*, tasks: list[Task]) -> list[Task]:
        return exclude_all_overdue(tasks=[task for task in tasks if task != first])

    monkeypatch.setitem(sweeping.ACTS, "self_evaluation", act)
    with world.clock(deadline(world) + GRACE):
        assert not sweep(seconds=2), "time for one only: the first, which can't end yet"
        assert sweep(seconds=2) == {"self_evaluation": 1}
        assert not due_tasks()
    with world.clock(deadline(world) + GRACE + sweeping.IDLE_WAIT):
        assert list(due_tasks()) == [first]


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_what_is_put_off_waits_for_whoever_holds_the_assessments_and_keeps_nothing_from_them() -> None:
    world = a_cycle().with_units(2).opened()
    tasks = open_tasks("self_evaluation").order_by("pk")
    first, last = tasks
    with meanwhile(lambda: sweeping._let_others_first([first.pk, last.pk])) as they_wait, transaction.atomic():
        lock_processes(world.cycle)
        held = Task.objects.select_for_update(nowait=True)
        held.get(pk=last.pk)
        they_wait()
        held.get(pk=first.pk)  # raises OperationalError if it is locked
    assert not tasks.filter(retry_at=None).exists()


def test_what_failed_once_and_does_so_no_more_is_not_shown_as_failing() -> None:
    world = a_cycle().with_units(1).accepted()
    closes = world.cycle.ratings_close_at
    assert closes is not None
    open_tasks("recipient_rating").update(attempts=1)
    assert stuck_tasks(world.cycle).count() == 1
    with world.clock(closes + GRACE):
        sweep()
    assert not stuck_tasks(world.cycle), "nobody rated: that is no failure"


def test_waiting_grows_to_an_hour_and_no_further(monkeypatch) -> None:
    world = a_cycle().with_units(1).opened()
    task = world.task(world.assessments[0], "self_evaluation")
    Task.objects.filter(pk=task.pk).update(attempts=500)

    def act(*, tasks: list[Task]) -> list[Task]:
        raise ValueError

    monkeypatch.setitem(sweeping.ACTS, "self_evaluation", act)
    with world.clock(deadline(world) + GRACE):
        sweep()
        task.refresh_from_db()
        assert task.retry_at == clock.now() + timedelta(hours=1)


def test_every_node_that_fires_is_known_to_the_sweep() -> None:
    world = a_cycle().with_units(1).accepted()
    fires = {task.flow_task.name for task in Task.objects.filter(fires=True, process__sheet__cycle=world.cycle)}
    assert fires <= set(sweeping.ACTS)


def test_the_queue_runs_it_by_name() -> None:
    world = a_cycle().with_units(1).opened()
    assert sweep_task.name == "workflow.sweep"
    with world.clock(deadline(world) + GRACE):
        assert sweep_task.delay().get() == {"self_evaluation": 1}
