"""Submission and exclusion race at the deadline on PostgreSQL: always exactly one wins (design.md section 5)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.errors import DomainError
from documents.models import Submission
from scoring.models import Step
from tests.support.single import end_publicity, exclude_overdue
from tests.support.world import World, a_cycle
from tests.workflow.flow.conftest import Together
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment, Outcome, Task
from workflow.publicity.services.objections import Signed, file_objection

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
RACES = 200


def submitting(task: Task, by: User, arrived_at: datetime) -> Callable[[], Submission]:
    def run() -> Submission:
        with clock.travel(arrived_at + timedelta(seconds=1)):
            return submit_assessment(task=Task.objects.get(pk=task.pk), by=by, arrived_at=arrived_at)

    return run


def excluding(task: Task, at: datetime) -> Callable[[], bool]:
    def run() -> bool:
        with clock.travel(at):
            return exclude_overdue(task=Task.objects.get(pk=task.pk))

    return run


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(RACES, "society").filled()


def outcome_of(assessment: Assessment) -> tuple[str, list[str]]:
    """Where it stands, and how its self-evaluation ended: once."""
    kinds = list(Outcome.objects.filter(task__process=assessment).values_list("kind", flat=True))
    return assessment.step, kinds


def test_submission_and_exclusion_race_200_times_and_exactly_one_wins(world: World, together: Together) -> None:
    due = world.cycle.deadline_at
    assert due is not None
    results: Counter[str] = Counter()
    for assessment in world.assessments:
        task, by = world.task(assessment, "self_evaluation"), world.filers[assessment.sheet_id]
        in_time = due - timedelta(milliseconds=100)
        submitted, excluded = together(submitting(task, by, in_time), excluding(task, due))
        won = isinstance(submitted, Submission)
        assert won is not excluded, (submitted, excluded)
        assessment.refresh_from_db()
        step, kinds = outcome_of(assessment)
        assert kinds == (["submitted"] if won else ["excluded"])
        assert step == (Step.ACCEPTANCE if won else Step.EXCLUDED)
        assert Submission.objects.filter(sheet=assessment.sheet).count() == int(won)
        results[kinds[0]] += 1
    assert sum(results.values()) == RACES


def test_two_clicks_at_once_give_one_submission(together: Together) -> None:
    world = a_cycle().with_units(10, "society").filled()
    for assessment in world.assessments:
        task, by = world.task(assessment, "self_evaluation"), world.filers[assessment.sheet_id]
        first, second = together(submitting(task, by, world.at), submitting(task, by, world.at))
        assert first == second
        assert Submission.objects.filter(sheet=assessment.sheet).count() == 1


def test_an_objection_and_the_end_of_publicity_are_never_both_first(together: Together) -> None:
    world = a_cycle().with_units(6, "society").published()
    for assessment in world.assessments:
        publicity = assessment.sheet.publicities.get()
        task = world.task(assessment, "publicity")

        def file(sheet: Any = assessment.sheet, publicity: Any = publicity) -> Any:
            with clock.travel(publicity.ends_at):
                return file_objection(
                    publicity=publicity,
                    sheet=sheet,
                    text="有异议",
                    arrived_at=publicity.ends_at - timedelta(seconds=1),
                    signed=Signed(kind="person", name="样例", contact="19900000000"),
                )

        def finish(task: Task = task, publicity: Any = publicity) -> bool:
            with clock.travel(publicity.ends_at):
                return end_publicity(task=Task.objects.get(pk=task.pk))

        filed, ended = together(file, finish)
        assert isinstance(filed, DomainError) is ended
