"""Planned dates that move take along what is owed by them, and nothing else."""

from datetime import date, timedelta

import pytest
from django.db.models import Q

from audit.verbs import Verb
from common import clock
from outbox.queries import waiting
from scoring.models import Cycle, Scheme, Step
from tests.support.pages import Visitor
from tests.support.schemes import put_rules
from tests.support.traces import last_event, refused
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import reopen_review
from workflow.filing.services.acceptance import return_for_supplement
from workflow.office.services.nudges import nudge_many
from workflow.office.services.plan import keep_settings, move_plan

pytestmark = pytest.mark.django_db
NODES = {
    Step.ACCEPTANCE: "acceptance",
    Step.DEPARTMENT_REVIEW: "department_review",
    Step.CONSOLIDATION: "consolidation",
}


def planned(world: World, step: Step) -> tuple[date, date]:
    plan = world.cycle.planned_steps.get(step=step)
    return plan.starts_on, plan.ends_on


def later(world: World, step: Step, days: int = 7) -> int:
    """Move the end of a step by so many days; how many tasks followed."""
    starts, ends = planned(world, step)
    with world.clock():
        return move_plan(cycle=world.cycle, plan={step: (starts, ends + timedelta(days=days))}, by=world.office)


def at_step(step: Step) -> World:
    draft = a_cycle().with_units(2, "society")
    return {
        Step.ACCEPTANCE: draft.submitted,
        Step.DEPARTMENT_REVIEW: draft.accepted,
        Step.CONSOLIDATION: draft.reviewed,
    }[step]()


@pytest.mark.parametrize("step", NODES)
@pytest.mark.parametrize("days", [7, -1])
def test_open_tasks_of_the_step_follow(step: Step, days: int) -> None:
    world = at_step(step)
    _starts, ends = planned(world, step)
    assert later(world, step, days) == 2
    due = {world.task(assessment, NODES[step]).due_at for assessment in world.assessments}
    assert due == {clock.end_of(ends + timedelta(days=days))}
    assert last_event(Verb.CYCLE_CHANGED).data["plan"][step][1].endswith(str(ends + timedelta(days=days)))


@pytest.mark.parametrize("step", NODES)
def test_what_waits_to_be_sent_names_the_date_as_it_was_moved(step: Step) -> None:
    world = at_step(step)
    with world.clock():
        nudge_many(cycle=world.cycle, assessments=world.assessments[:1], by=world.office)
    later(world, step)
    last = planned(world, step)[1]
    bodies = [
        message.said_body
        for message in waiting().filter(Q(cause__startswith="nudge:") | Q(cause__contains=f":{NODES[step]}:"))
    ]
    assert len(bodies) >= 2
    assert all(f"{last.month}月{last.day}日" in body for body in bodies)


@pytest.mark.parametrize("step", NODES)
def test_tasks_of_other_steps_stay(step: Step) -> None:
    world = at_step(step)
    before = world.task(world.assessments[0], NODES[step]).due_at
    for other in set(NODES) - {step}:
        assert later(world, other) == 0
    assert world.task(world.assessments[0], NODES[step]).due_at == before


def test_the_same_dates_again_move_nothing() -> None:
    world = at_step(Step.ACCEPTANCE)
    assert [later(world, Step.ACCEPTANCE, 0), later(world, Step.ACCEPTANCE, 3)] == [0, 2]


def test_the_deadline_is_not_moved_by_a_plan() -> None:
    world = a_cycle().with_units(1).opened()
    assert later(world, Step.SELF_EVALUATION) == 0
    assert world.task(world.assessments[0], "self_evaluation").due_at == world.deadline


def test_a_return_and_a_reopening_keep_the_dates_that_they_gave() -> None:
    world = at_step(Step.ACCEPTANCE)
    until = world.at + timedelta(days=2)
    with world.clock():
        task = world.task(world.assessments[0], "acceptance")
        return_for_supplement(task=task, by=world.reviewers["society"], why="缺公章", until=until)
    assert later(world, Step.ACCEPTANCE) == 1
    assert world.task(world.assessments[0], "self_evaluation").due_at == until


def test_a_reopened_review_is_due_when_the_office_said() -> None:
    world = at_step(Step.CONSOLIDATION)
    until = world.at + timedelta(days=2)
    task = world.task(world.assessments[0], "consolidation")
    with world.clock():
        reopen_review(
            task=task, by=world.office, departments=[world.desks["society"].pk], parts=[], why="请复核", until=until
        )
    assert later(world, Step.DEPARTMENT_REVIEW) == 0
    assert world.task(world.assessments[0], "department_review").due_at == until


def test_a_date_that_somebody_gave_stays_even_if_it_was_the_planned_one() -> None:
    world = at_step(Step.CONSOLIDATION)
    until = clock.end_of(planned(world, Step.DEPARTMENT_REVIEW)[1])
    task = world.task(world.assessments[0], "consolidation")
    with world.clock():
        reopen_review(
            task=task, by=world.office, departments=[world.desks["society"].pk], parts=[], why="请复核", until=until
        )
    assert later(world, Step.DEPARTMENT_REVIEW) == 0
    assert world.task(world.assessments[0], "department_review").due_at == until


def test_another_cycle_s_tasks_stay() -> None:
    world = at_step(Step.ACCEPTANCE)
    other = a_cycle(year=2027).with_units(1, "society").submitted()
    before = other.task(other.assessments[0], "acceptance").due_at
    assert later(world, Step.ACCEPTANCE) == 2
    assert other.task(other.assessments[0], "acceptance").due_at == before


def test_dates_in_the_wrong_order_move_nothing() -> None:
    world = at_step(Step.ACCEPTANCE)
    starts, _ends = planned(world, Step.ACCEPTANCE)
    plan = {Step.ACCEPTANCE: (starts, starts - timedelta(days=1))}
    refused(lambda: move_plan(cycle=world.cycle, plan=plan, by=world.office), "acceptance_to")
    assert later(world, Step.ACCEPTANCE) == 2


def settings_of(world: World) -> dict[str, str]:
    """What the page of the settings shows, as a form would send it back."""
    form = Visitor(world, world.office).get(f"/cycles/{world.cycle.year}/settings/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in values.items() if value is not False}


@pytest.mark.both
def test_the_page_says_how_many_tasks_follow() -> None:
    world = at_step(Step.ACCEPTANCE)
    data = settings_of(world)
    data["acceptance_to"] = str(planned(world, Step.ACCEPTANCE)[1] + timedelta(days=1))
    office, path = Visitor(world, world.office), f"/cycles/{world.cycle.year}/settings/"
    answer = office.post(path, data)
    assert answer.status_code == 302, answer.context["form"].errors
    assert "2 项待办的期限已随之调整" in office.get(path).content.decode()


@pytest.mark.both
def test_a_page_with_one_wrong_date_keeps_nothing_of_it() -> None:
    world = at_step(Step.ACCEPTANCE)
    ends = planned(world, Step.ACCEPTANCE)[1]
    data = settings_of(world)
    data["acceptance_to"] = str(ends + timedelta(days=1))
    data["ratings_close_at"] = "2026-11-01"
    page = Visitor(world, world.office).post(f"/cycles/{world.cycle.year}/settings/", data)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert planned(world, Step.ACCEPTANCE)[1] == ends
    assert {world.task(assessment, "acceptance").due_at for assessment in world.assessments} == {clock.end_of(ends)}


def of_notice(*, says: bool = True) -> World:
    """A cycle of two districts whose notice gives one of them 特等, if it `says` so."""
    world = a_cycle().with_units(2).with_units(1, "society")
    if says:
        scheme = Scheme.objects.get(cycle=world.cycle)
        quota = {"code": "Q1", "text": "", "grade": "特等", "track": "district", "share": "50"}
        put_rules(scheme, scheme.body | {"quotas": [quota]})
    return world


def answered(world: World, quotas: dict[str, dict[str, int]], why: str) -> Cycle:
    """The cycle, its settings kept with these quotas."""
    cycle = Cycle.objects.get(pk=world.cycle.pk)
    with world.clock():
        keep_settings(cycle=cycle, plan={}, by=world.office, count_first_day=False, quotas=quotas, quotas_why=why)
    cycle.refresh_from_db()
    return cycle


@pytest.mark.both
@pytest.mark.parametrize(
    ("quotas", "why", "came_to", "kept"),
    [
        pytest.param({"district": {"特等": 1}}, "照通知", {"district": {"特等": 1}}, "", id="the notice's"),
        pytest.param({"district": {"特等": 2}}, " 另定 ", {"district": {"特等": 1}}, "另定", id="others"),
        pytest.param({}, "不设名额", {"district": {"特等": 1}}, "不设名额", id="none, with a reason"),
        pytest.param({}, " ", {}, "", id="none yet"),
    ],
)
def test_the_notices_quotas_are_answered(
    quotas: dict[str, dict[str, int]], why: str, came_to: dict[str, dict[str, int]], kept: str
) -> None:
    cycle = answered(of_notice(), quotas, why)
    assert (cycle.quotas, cycle.quotas_came_to, cycle.quotas_why) == (quotas, came_to, kept)


@pytest.mark.both
def test_other_quotas_without_a_reason_are_refused() -> None:
    world = of_notice()
    refused(lambda: answered(world, {"district": {"特等": 2}}, ""), "quotas_why")


@pytest.mark.both
def test_the_reason_for_other_quotas_is_recorded() -> None:
    answered(of_notice(), {"district": {"特等": 2}}, "领导小组决定")
    assert last_event(Verb.CYCLE_CHANGED).why == "领导小组决定"


@pytest.mark.both
def test_where_the_notice_has_no_quotas_none_are_answered() -> None:
    cycle = answered(of_notice(says=False), {"district": {"特等": 1}}, "照通知")
    assert (cycle.quotas_came_to, cycle.quotas_why) == ({}, "")
