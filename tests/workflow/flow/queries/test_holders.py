"""What nobody holds is seen: tasks that nobody can act on, roles that nobody has, and who is reminded instead."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.actors import actor_of
from accounts.models import Membership, Role, User
from tests.support.clients import browser_of
from tests.support.world import World, a_cycle, a_person, fill, review
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Task
from workflow.flow.queries.holders import Vacancy, people_for, unheld_tasks, vacancies
from workflow.flow.queries.process import OF_PEOPLE, open_tasks
from workflow.flow.queries.visibility import tasks_for
from workflow.inbox.services import claim
from workflow.office.services.nudges import reach_of
from workflow.office.services.opening import admit

pytestmark = pytest.mark.django_db


def gone(world: World, user: User) -> None:
    """Somebody whose memberships have ended."""
    Membership.objects.filter(user=user).update(until=world.at - timedelta(hours=1))


def the_task(node: str) -> Task:
    return open_tasks(node).select_related("process__sheet", "owner").get()


def reminded(task: Task) -> list[User]:
    return people_for([task])[task.pk]


def test_a_unit_without_a_filer_is_seen_and_so_is_its_task() -> None:
    world = a_cycle().with_units(2).opened()
    alone = world.assessments[0]
    gone(world, world.filers[alone.sheet_id])
    with world.clock():
        assert [task.process for task in unheld_tasks(world.cycle)] == [alone]
        assert vacancies(world.cycle) == [Vacancy(Role.FILER, alone.sheet.unit_name)]
        page = browser_of(world.office).get(reverse("cycle-unheld", args=[2026])).content.decode()
        assert page.count(alone.sheet.unit_name) == 2
        assert reverse("cycle-unheld", args=[2026]) in browser_of(world.office).get("/cycles/2026/").content.decode()


def test_the_page_of_reminders_names_what_nobody_can_be_reminded_of() -> None:
    world = a_cycle().with_units(2).opened()
    alone = world.assessments[0]
    gone(world, world.filers[alone.sheet_id])
    ids = [assessment.pk for assessment in world.assessments]
    with world.clock():
        page = browser_of(world.office).get("/cycles/2026/nudge/", {"ids": ids})
    assert [item["label"] for item in page.context["items"]] == [world.assessments[1].sheet.unit_name]
    assert [task.process for task in page.context["out_of_reach"]] == [alone]


def test_whom_to_remind_is_asked_once(django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(2).opened()
    assessments = world.assessments
    with world.clock(), django_assert_num_queries(4):
        assert len(reach_of(assessments).reminders) == 2


@pytest.mark.parametrize("how", ["deactivated", "moved away", "files for the unit now", "filed for it until lately"])
def test_what_a_leaver_held_is_the_others(how: str) -> None:
    world = a_cycle().with_units(1).submitted()
    holder, colleague = world.reviewers["district"], a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        claim(task=the_task("acceptance"), by=holder)
        assert reminded(the_task("acceptance")) == [holder]
        if how == "deactivated":
            User.objects.filter(pk=holder.pk).update(is_active=False)
        elif how == "moved away":
            gone(world, holder)
        else:
            until = None if how == "files for the unit now" else world.at - timedelta(days=30)
            stake = Membership(user=holder, role=Role.FILER, unit=world.assessments[0].sheet.unit, until=until)
            stake.since = world.at - timedelta(days=60)
            stake.save()
        task = the_task("acceptance")
        assert reminded(task) == [colleague]
        assert [reminder.person for reminder in reach_of(world.assessments).reminders] == [colleague]
        claim(task=task, by=colleague)
    assert the_task("acceptance").owner == colleague


def test_a_head_who_is_head_no_more_holds_no_approval() -> None:
    world = a_cycle().with_units(1).accepted()
    head, other = world.heads["district"], a_person(Role.HEAD, department=world.desks["district"])
    with world.clock():
        review(the_task("department_review"), world.reviewers["district"])
        claim(task=the_task("department_review"), by=head)
        Membership.objects.filter(user=head).update(role=Role.REVIEWER)
        task = the_task("department_review")
        assert reminded(task) == [other]
        assert task in tasks_for(actor_of(other))


def test_where_no_reviewer_is_left_the_head_is_reminded() -> None:
    world = a_cycle().with_units(1).submitted()
    gone(world, world.reviewers["district"])
    with world.clock():
        assert reminded(the_task("acceptance")) == [world.heads["district"]]
        assert not unheld_tasks(world.cycle)
        assert vacancies(world.cycle) == [Vacancy(Role.REVIEWER, world.desks["district"].name)]


def test_whoever_has_a_stake_in_the_unit_can_not_act_on_it() -> None:
    world = a_cycle().with_units(1).submitted()
    for person in (world.reviewers["district"], world.heads["district"]):
        unit = world.assessments[0].sheet.unit
        Membership.objects.create(user=person, role=Role.FILER, unit=unit, since=world.at - timedelta(days=1))
    with world.clock():
        task = the_task("acceptance")
        assert list(unheld_tasks(world.cycle)) == [task]
        assert reminded(task) == []


@pytest.mark.parametrize("stake", [None, timedelta(days=1), -timedelta(days=1)], ids=["none", "now", "until lately"])
@pytest.mark.parametrize("gone_roles", [(), (Role.REVIEWER,), (Role.HEAD,), (Role.REVIEWER, Role.HEAD), (Role.OFFICE,)])
def test_who_sees_a_task_who_is_reminded_and_what_nobody_holds_are_one_answer(
    gone_roles: tuple[Role, ...], stake: timedelta | None
) -> None:
    world = a_cycle().with_units(1, "society").reviewed().with_units(2)
    with world.clock():
        admit(list(world.cycle.sheets.filter(assessment=None)), by=world.office)
        _society, handed_in, _filling = world.assessments
        filer = world.filers[handed_in.sheet_id]
        fill(handed_in.sheet, filer)
        submit_assessment(task=world.task(handed_in, "self_evaluation"), by=filer, arrived_at=world.at)
    User.objects.filter(memberships__role__in=gone_roles).update(is_active=False)
    if stake:
        for person in (world.office, world.reviewers["district"]):
            for unit in [assessment.sheet.unit for assessment in world.assessments]:
                Membership.objects.create(
                    user=person, role=Role.FILER, unit=unit, since=world.at - timedelta(days=2), until=world.at + stake
                )
    with world.clock():
        tasks = list(open_tasks(*OF_PEOPLE).select_related("process__sheet", "owner"))
        assert {task.role for task in tasks} == {Role.FILER, Role.REVIEWER, Role.OFFICE}
        unheld = set(unheld_tasks(world.cycle))
        for task in tasks:
            people = User.objects.filter(is_active=True)
            able = {person for person in people if tasks_for(actor_of(person)).filter(pk=task.pk).exists()}
            assert set(reminded(task)) <= able
            assert bool(reminded(task)) is bool(able) is (task not in unheld)


def test_leaders_and_their_head_are_missed_where_they_are_needed() -> None:
    world = a_cycle().with_units(1).opened()
    User.objects.filter(memberships__role__in=[Role.LEADER, Role.CHIEF, Role.HEAD]).update(is_active=False)
    with world.clock():
        missing = {(vacancy.role, vacancy.place) for vacancy in vacancies(world.cycle)}
    desks = {desk.name for desk in world.desks.values() if desk}
    assert missing == {(Role.LEADER, ""), (Role.CHIEF, "")} | {(Role.HEAD, name) for name in desks}


def test_a_cycle_that_wants_nobody_says_so() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        page = browser_of(world.supervisor).get(reverse("cycle-unheld", args=[2026]))
    assert (list(page.context["tasks"]), page.context["vacancies"]) == ([], [])
    assert "每项任务都有人能办" in page.content.decode()
