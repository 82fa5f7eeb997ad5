"""Handing in a self-evaluation, or not: the instant decides, once, for ever (R6, R7)."""

from datetime import datetime, timedelta

import pytest

from audit.models import Event
from audit.verbs import Verb
from common import clock
from documents.models import MaterialKind, Submission
from scoring.models import Step
from tests.support.filing import filing, returned
from tests.support.single import exclude_overdue
from tests.support.traces import causes, last_event, outcomes_of, refused, told, verbs_about
from tests.support.world import World, a_cycle
from workflow.filing.services.acceptance import return_for_supplement
from workflow.filing.services.filing import allow_smaller_roster
from workflow.filing.services.self_evaluation import exclude_all_overdue, submit_assessment
from workflow.flow.models import Node, Outcome, Task
from workflow.office.services.extensions import reinstate

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def submit(world: World, task: Task, arrived_at: datetime | None = None) -> Submission:
    filer = world.filers[task.process.sheet_id]
    return submit_assessment(task=task, by=filer, arrived_at=arrived_at or world.at)


# ---- in time or not ----


@pytest.mark.parametrize(
    ("before", "stands"),
    [
        pytest.param(timedelta(days=30), True, id="a month before"),
        pytest.param(timedelta(seconds=1), True, id="a second before"),
        pytest.param(MOMENT, True, id="the last instant of the year"),
        pytest.param(timedelta(0), False, id="midnight itself"),
        pytest.param(-MOMENT, False, id="an instant later"),
        pytest.param(-timedelta(days=1), False, id="a day later"),
    ],
)
def test_the_instant_of_arrival_decides(before: timedelta, stands: bool) -> None:
    world = a_cycle().with_units(1).filled()
    task, arrived_at = filing(world), world.deadline - before
    with world.clock(world.deadline + timedelta(seconds=10)):
        if stands:
            assert submit(world, task, arrived_at).arrived_at == arrived_at
        else:
            refused(lambda: submit(world, task, arrived_at))
    assert world.assessments[0].step == (Step.ACCEPTANCE if stands else Step.SELF_EVALUATION)


def test_the_deadline_is_midnight_in_beijing() -> None:
    world = a_cycle().with_units(1).opened()
    assert world.deadline == datetime(2027, 1, 1, tzinfo=clock.BEIJING)
    assert filing(world).due_at == world.deadline


def test_a_submission_that_arrived_in_time_keeps_the_sweep_from_excluding() -> None:
    world = a_cycle().with_units(1).filled()
    task = filing(world)
    with world.clock(world.deadline + timedelta(seconds=40)):
        submit(world, task, world.deadline - MOMENT)
        assert exclude_overdue(task=task) is False
    assert outcomes_of(world.assessments[0]) == [("self_evaluation", "submitted")]


def test_a_submission_after_the_exclusion_is_refused_though_it_arrived_in_time() -> None:
    world = a_cycle().with_units(1).filled()
    task = filing(world)
    with world.clock(world.deadline + timedelta(seconds=40)):
        assert exclude_overdue(task=task) is True
        refused(lambda: submit(world, task, world.deadline - MOMENT))
    assert not Submission.objects.exists()
    assert world.assessments[0].step == Step.EXCLUDED


# ---- what is handed in ----


def test_a_submission_leaves_its_seal_its_event_and_a_task_at_the_desk() -> None:
    world = a_cycle().with_units(1).filled()
    task = filing(world)
    with world.clock():
        made = submit(world, task)
    assessment = world.assessments[0]
    assert (made.sheet, made.submitted_by, made.arrived_at) == (
        assessment.sheet,
        world.filers[assessment.sheet_id],
        world.at,
    )
    assert len(made.sha256) == 64
    event = last_event(Verb.SUBMITTED)
    assert (event.came_from, event.went_to, event.at) == (Step.SELF_EVALUATION, Step.ACCEPTANCE, world.at)
    assert Outcome.objects.get(task=task).submission == made
    assert world.task(assessment, Node.ACCEPTANCE).department == world.desks["district"]
    assert world.reviewers["district"] in told("tasks:")


def test_a_repeated_click_gets_the_receipt_of_the_first() -> None:
    world = a_cycle().with_units(1).filled()
    task = filing(world)
    with world.clock():
        first, second = submit(world, task), submit(world, task)
    with world.clock(world.deadline + timedelta(days=1)):
        third = submit(world, task, world.deadline + timedelta(days=1))
    assert first == second == third
    assert Event.objects.filter(verb=Verb.SUBMITTED).count() == 1


@pytest.mark.parametrize(
    ("track", "left_out"),
    [
        pytest.param("district", "summary", id="a district without its summary"),
        pytest.param("district", "roster", id="a district without its roster"),
        pytest.param("district", "too few", id="a district with too few people"),
        pytest.param("district", "points", id="a district without points for a part"),
        pytest.param("society", "summary", id="a society without its summary"),
        pytest.param("society", "points", id="a society without points for a part"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_handed_in(track: str, left_out: str) -> None:
    world = a_cycle().with_units(1, track).filled()
    sheet = world.assessments[0].sheet
    if left_out == "summary":
        sheet.materials.filter(kind=MaterialKind.SUMMARY).update(removed_at=world.at)
    elif left_out == "points":
        sheet.lines.filter(code="1.2").update(claimed=None)
    else:
        sheet.roster.filter(position__gt=2 if left_out == "too few" else 0).delete()
    with world.clock():
        words = refused(lambda: submit(world, filing(world)))
    assert ("1.2" in words) or left_out != "points"
    assert not Submission.objects.exists()
    assert world.assessments[0].step == Step.SELF_EVALUATION


def test_a_society_needs_no_roster() -> None:
    world = a_cycle().with_units(1, "society").filled()
    with world.clock():
        submit(world, filing(world))
    assert world.assessments[0].step == Step.ACCEPTANCE
    assert not world.assessments[0].sheet.roster.exists()


# ---- excluded ----


@pytest.mark.parametrize(
    ("after", "done"),
    [(-timedelta(days=1), False), (-MOMENT, False), (timedelta(0), True), (timedelta(days=9), True)],
    ids=["a day before", "an instant before", "at the deadline", "days after"],
)
def test_nobody_is_excluded_before_the_deadline(after: timedelta, done: bool) -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock(world.deadline + after):
        assert exclude_overdue(task=filing(world)) is done
    assert (world.assessments[0].step == Step.EXCLUDED) is done


def test_an_exclusion_is_the_systems_act_told_to_the_unit_once() -> None:
    world = a_cycle().with_units(1).opened()
    task, assessment = filing(world), world.assessments[0]
    with world.clock(world.deadline):
        assert [exclude_overdue(task=task), exclude_overdue(task=task)] == [True, False]
    event = last_event(Verb.EXCLUDED)
    assert (event.actor_id, event.went_to, event.at) == (None, Step.EXCLUDED, world.deadline)
    assert told("excluded:") == {world.filers[assessment.sheet_id]}
    assert len(causes("excluded:")) == 1
    assert verbs_about(assessment.sheet).count(Verb.EXCLUDED) == 1


def test_a_unit_that_lets_a_return_lapse_goes_on_as_it_was_submitted() -> None:
    world = a_cycle().with_units(1).submitted()
    until = world.at + timedelta(days=3)
    task = returned(world, "1.1", until=until)
    with world.clock(until):
        assert exclude_overdue(task=task) is True
    assessment = world.assessments[0]
    assert assessment.step == Step.ACCEPTANCE
    assert outcomes_of(assessment)[-1] == ("self_evaluation", "lapsed")
    assert Submission.objects.filter(sheet=assessment.sheet).count() == 1
    assert world.task(assessment, Node.ACCEPTANCE).owner == world.reviewers["district"], (
        "straight back to who returned it"
    )
    assert last_event(Verb.LAPSED).actor_id is None


def test_a_return_past_the_deadline_has_a_date_of_its_own() -> None:
    world = a_cycle().with_units(1).submitted()
    until = world.deadline + timedelta(days=5)
    task = returned(world, until=until)
    with world.clock(world.deadline + timedelta(days=1)):
        assert exclude_overdue(task=task) is False
        submit(world, task, world.deadline + timedelta(days=1))
    assert world.assessments[0].step == Step.ACCEPTANCE
    assert Submission.objects.count() == 2


def test_of_several_at_once_each_ends_as_it_stands() -> None:
    world = a_cycle().with_units(3).filled()
    silent, back, done = (filing(world, which) for which in (0, 1, 2))
    with world.clock():
        submit(world, back)
        submit(world, done)
        desk, until = world.reviewers["district"], world.deadline
        again = world.task(world.assessments[1], Node.ACCEPTANCE)
        return_for_supplement(task=again, by=desk, why="缺照片", until=until)
        back = filing(world, 1)
    with world.clock(world.deadline):
        assert exclude_all_overdue(tasks=[done, back, silent]) == [silent, back]
        assert exclude_all_overdue(tasks=[done, back, silent]) == []
    kinds = [outcomes_of(assessment)[-1][1] for assessment in world.assessments]
    assert kinds == ["excluded", "lapsed", "submitted"]


# ---- reinstated ----


def test_a_reinstated_unit_has_until_the_date_it_was_given() -> None:
    world = a_cycle().with_units(1).opened()
    late, assessment = world.deadline + timedelta(days=1), world.assessments[0]
    with world.clock(world.deadline):
        exclude_overdue(task=filing(world))
    with world.clock(late):
        until = late + timedelta(days=3)
        reinstate(task=world.task(assessment, Node.EXCLUDED), by=world.office, until=until, why="网络故障")
        task = filing(world)
        assert (task.due_at, task.fires, task.unit) == (until, True, assessment.sheet.unit)
        assert exclude_overdue(task=task) is False
    event = last_event(Verb.REINSTATED)
    assert (event.why, event.came_from, event.went_to) == ("网络故障", Step.EXCLUDED, Step.SELF_EVALUATION)
    assert event.actor_id == world.office.pk


def test_a_reinstated_unit_that_stays_silent_is_excluded_again() -> None:
    world = a_cycle().with_units(1).opened()
    assessment, until = world.assessments[0], world.deadline + timedelta(days=2)
    with world.clock(world.deadline):
        exclude_overdue(task=filing(world))
        reinstate(task=world.task(assessment, Node.EXCLUDED), by=world.office, until=until, why="网络故障")
    with world.clock(until):
        assert exclude_overdue(task=filing(world)) is True
    assert [kind for _node, kind in outcomes_of(assessment)] == ["excluded", "reinstated", "excluded"]
    assert len(causes("excluded:")) == 2, "each exclusion is said once"


@pytest.mark.parametrize(
    ("why", "ahead", "field"),
    [
        ("", timedelta(days=1), "why"),
        ("  \n", timedelta(days=1), "why"),
        ("网络", timedelta(0), "until"),
        ("网络", -timedelta(days=1), "until"),
    ],
    ids=["no reason", "blank reason", "now", "yesterday"],
)
def test_reinstating_needs_a_reason_and_a_date_ahead(why: str, ahead: timedelta, field: str) -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock(world.deadline):
        exclude_overdue(task=filing(world))
        task = world.task(world.assessments[0], Node.EXCLUDED)
        until = world.deadline + ahead
        refused(lambda: reinstate(task=task, by=world.office, until=until, why=why), field)
    assert world.assessments[0].step == Step.EXCLUDED


def test_a_unit_is_reinstated_once() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock(world.deadline):
        exclude_overdue(task=filing(world))
        task, until = world.task(world.assessments[0], Node.EXCLUDED), world.deadline + timedelta(days=1)
        reinstate(task=task, by=world.office, until=until, why="网络故障")
        refused(lambda: reinstate(task=task, by=world.office, until=until, why="网络故障"))
    assert Event.objects.filter(verb=Verb.REINSTATED).count() == 1


# ---- a smaller roster ----


def test_a_smaller_roster_is_allowed_only_until_the_work_is_assessed() -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        refused(lambda: allow_smaller_roster(assessment=world.assessments[0], by=world.office, reason="辖区小"))
    assert not Event.objects.filter(verb=Verb.ROSTER_WAIVED).exists()


def test_a_smaller_roster_that_was_allowed_is_handed_in() -> None:
    world = a_cycle().with_units(1).filled()
    world.assessments[0].sheet.roster.filter(position__gt=2).delete()
    with world.clock():
        refused(lambda: submit(world, filing(world)))
        allow_smaller_roster(assessment=world.assessments[0], by=world.office, reason="辖区小")
        assert len(submit(world, filing(world)).body["roster"]) == 2
    assert last_event(Verb.ROSTER_WAIVED).why == "辖区小"
