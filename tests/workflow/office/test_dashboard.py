"""The cycle at a glance: where units stand, who is late, filters, the list as a file, and a fixed number of queries."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from viewflow.workflow.token import Token

from accounts.models import Department, Role, Unit, User
from common import clock
from scoring.models import ScoreSheet, Step, Track
from tests.support.clients import browser_of
from tests.support.single import exclude_overdue
from tests.support.world import World, a_cycle
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import flow_ref

pytestmark = pytest.mark.django_db
URL = "/cycles/2026/"


def shown(world: World, query: str = "", *, user: User | None = None, at: datetime | None = None):
    with world.clock(at):
        return browser_of(user or world.office).get(URL + query)


def many(world: World, count: int) -> None:
    """Rows of `count` units under review, without the flow."""
    track = Track.objects.get(cycle=world.cycle, code="district")
    desk = Department.objects.get(pk=track.desk_id)
    start = Unit.objects.count()
    units = Unit.objects.bulk_create(Unit(code=f"m{start + n}", name=f"区{n}") for n in range(count))
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(cycle=world.cycle, track=track, unit=unit, unit_name=unit.name) for unit in units
    )
    processes = Assessment.objects.bulk_create(
        Assessment(sheet=sheet, step=Step.DEPARTMENT_REVIEW, flow_class="workflow/flows.AssessmentFlow")
        for sheet in sheets
    )
    Task.objects.bulk_create(
        Task(
            process=process,
            flow_task=flow_ref("department_review"),
            flow_task_type="HUMAN",
            status="NEW",
            token=Token("start"),
            role=Role.REVIEWER,
            department=desk,
            due_at=world.at - timedelta(days=1),
        )
        for process in processes
    )


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_a_page_asks_as_many_questions_at_every_size(count: int, django_assert_max_num_queries) -> None:
    world = a_cycle().with_units(1).opened()
    many(world, count)
    client = browser_of(world.office)
    with world.clock(), django_assert_max_num_queries(25):
        page = client.get(URL)
    assert page.context["total"] == count + 1
    assert page.context["late"] == count
    with world.clock(), django_assert_max_num_queries(12):
        client.get(reverse("cycle-export", args=[2026]))


def test_units_stand_by_track_and_step() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").accepted()
    page = shown(world)
    district, society = page.context["tracks"]
    assert (district.total, district.submitted, district.finished) == (2, 2, 0)
    assert society.steps == {Step.DEPARTMENT_REVIEW: 1}
    row = page.context["rows"][0]
    assert row.state == "wait"
    assert row.holders == [world.desks["district"].name]


def test_whoever_is_past_the_date_is_late_and_is_found_by_the_filter() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").accepted()
    after = clock.end_of(world.cycle.planned_steps.get(step=Step.DEPARTMENT_REVIEW).ends_on)
    page = shown(world, "?late=on&track=society", at=after)
    assert [row.state for row in page.context["rows"]] == ["late"]
    assert page.context["late"] == 3
    assert not shown(world, "?late=on").context["rows"]


def test_filters_by_step_and_search_and_ignores_nonsense() -> None:
    world = a_cycle().with_units(3).opened()
    name = world.assessments[1].sheet.unit_name
    assert [row.unit for row in shown(world, f"?search={name}").context["rows"]] == [name]
    assert not shown(world, "?step=publicity").context["rows"]
    assert len(shown(world, "?track=none&step=none&page=99").context["rows"]) == 3


def test_the_excluded_are_out_of_play() -> None:
    world = a_cycle().with_units(1).opened()
    with clock.travel(world.cycle.deadline_at):
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
    page = shown(world, at=world.cycle.deadline_at)
    assert page.context["rows"][0].state == "off"
    assert page.context["tracks"][0].submitted == 0
    assert page.context["late"] == 0


def test_the_list_travels_as_a_table_without_formulas() -> None:
    world = a_cycle().with_units(2).opened()
    sheet = world.assessments[0].sheet
    ScoreSheet.objects.filter(pk=sheet.pk).update(unit_name='=HYPERLINK("http://x")')
    with world.clock():
        answer = browser_of(world.supervisor).get(reverse("cycle-export", args=[2026]))
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    assert "'=HYPERLINK" in text
    assert len(text.splitlines()) == 3
    assert "2026年12月31日 周四 24:00（北京时间）" in text


def test_the_way_to_the_current_cycle() -> None:
    world = a_cycle().with_units(1)
    assert browser_of(world.office).get(reverse("dashboard")).headers["Location"] == URL
    draft = browser_of(world.office).get(URL)
    assert draft.context["keeps"] == []


def test_without_any_cycle_the_page_says_where_one_begins() -> None:
    world = a_cycle()
    world.cycle.scheme.delete()
    world.cycle.planned_steps.all().delete()
    world.cycle.delete()
    assert browser_of(world.office).get(reverse("dashboard")).status_code == 200


def test_readers_see_it_without_buttons_and_others_not_at_all() -> None:
    world = a_cycle().with_units(1).opened()
    for user in (world.supervisor, world.chief, *world.leaders):
        page = shown(world, user=user)
        assert page.status_code == 200
        assert page.context["can_act"] is False
    for user in (*world.filers.values(), *world.reviewers.values(), *world.heads.values()):
        assert shown(world, user=user).status_code == 403
        assert browser_of(user).get(reverse("cycle-export", args=[2026])).status_code == 403
        assert browser_of(user).get(reverse("dashboard")).status_code == 403
    assert Client().get(URL).status_code == 302
