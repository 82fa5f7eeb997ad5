"""What a unit may read of its own way, and what only office and supervisor may; steps of every way to an end."""

from datetime import timedelta
from typing import Any

import pytest

from scoring.models import PlannedStep, Step
from tests.support.pages import Visitor
from tests.support.single import exclude_overdue
from tests.support.world import World, a_cycle
from workflow.filing.services.acceptance import return_for_supplement
from workflow.flow.models import Assessment, Outcome
from workflow.flow.queries.steps import steps_of
from workflow.flow.queries.timeline import returns_of, timeline_of
from workflow.office.services.extensions import reinstate

pytestmark = pytest.mark.django_db


def kinds(world: World) -> list[str]:
    return [outcome.kind for outcome in timeline_of(world.assessments[0])]


def visit(world: World, user: Any) -> Any:
    return Visitor(world, user).get(f"/assessments/{world.assessments[0].pk}/")


def test_the_way_to_the_end_without_what_is_between_departments_and_office() -> None:
    world = a_cycle().with_units(1).circulated()
    assert kinds(world) == ["circulated", "publicised", "accepted", "submitted"]
    assert {row.kind for row in Outcome.objects.filter(task__process=world.assessments[0])} > {
        "reviewed",
        "rated",
        "consolidated",
        "approved",
    }


def test_a_remark_of_the_review_is_not_for_the_unit() -> None:
    world = a_cycle().with_units(1).reviewed()
    Outcome.objects.filter(task__process=world.assessments[0]).update(why="内部意见")
    page = visit(world, world.filers[world.assessments[0].sheet_id])
    assert "内部意见" not in page.content.decode()


def test_a_return_of_the_desk_is_for_the_unit_with_its_reason_parts_and_date() -> None:
    world = a_cycle().with_units(1).submitted()
    until = world.at + timedelta(days=2)
    with world.clock():
        return_for_supplement(
            task=world.task(world.assessments[0], "acceptance"),
            by=world.reviewers["district"],
            why="缺公章",
            until=until,
            parts=["summary"],
        )
    newest = timeline_of(world.assessments[0])[0]
    assert (newest.why_for_the_unit, newest.parts, newest.until) == ("缺公章", ["summary"], until)
    assert [returned.why for returned in returns_of(world.assessments[0])] == ["缺公章"]


def test_exclusion_and_reinstatement_are_told_with_the_reason() -> None:
    world = a_cycle().with_units(1).opened()
    world.at = world.deadline
    with world.clock():
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
        reinstate(
            task=world.task(world.assessments[0], "excluded"),
            by=world.office,
            why="停电",
            until=world.at + timedelta(days=2),
        )
    assert kinds(world) == ["reinstated", "excluded"]
    newest, before = timeline_of(world.assessments[0])
    assert (newest.why_for_the_unit, newest.by, before.by) == ("停电", world.office, None)


@pytest.mark.parametrize(("who", "reads"), [("office", True), ("supervisor", True), ("chief", False)])
def test_events_are_for_office_and_supervisor(who: str, reads: bool) -> None:
    world = a_cycle().with_units(1).submitted()
    page = visit(world, getattr(world, who))
    assert ("events" in page.context) is reads


def test_departments_read_the_timeline_of_what_they_assess_only() -> None:
    world = a_cycle().with_units(1).submitted()
    assert "timeline" in visit(world, world.reviewers["district"]).context
    assert visit(world, world.reviewers["society"]).status_code == 404


def test_a_society_s_page_shows_no_roster() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    assert "has_roster" not in visit(world, world.office).context


@pytest.mark.both
def test_a_waiver_where_no_roster_is_wanted_is_refused_in_words() -> None:
    world = a_cycle().with_units(1, "society").opened()
    path = f"/assessments/{world.assessments[0].pk}/roster-waiver/"
    answer = Visitor(world, world.office).post(path, {"reason": "辖区小"})
    assert answer.url == f"/assessments/{world.assessments[0].pk}/"


@pytest.mark.parametrize("reason", ["", " ", "x" * 2001, "a\x00b"])
def test_a_waiver_s_reason_is_asked_at_its_field_and_kept(reason: str) -> None:
    world = a_cycle().with_units(1).opened()
    path = f"/assessments/{world.assessments[0].pk}/roster-waiver/"
    page = Visitor(world, world.office).post(path, {"reason": reason})
    assert page.context["form"].errors["reason"]
    assert page.context["form"]["reason"].value() == reason


def test_where_it_lies_names_the_department_to_the_unit_but_no_person() -> None:
    world = a_cycle().with_units(1).submitted()
    holder = world.reviewers["district"]
    holder.name = "经办人甲"
    holder.save()
    Visitor(world, holder).post(f"/tasks/{world.task(world.assessments[0], 'acceptance').pk}/claim/")
    own = visit(world, world.filers[world.assessments[0].sheet_id]).content.decode()
    assert world.assessments[0].sheet.track.name in own
    assert str(world.desks["district"]) in own
    assert "经办人甲" not in own
    assert "经办人甲" in visit(world, world.office).content.decode()


def test_without_a_plan_steps_show_what_is_known() -> None:
    world = a_cycle().with_units(1).submitted()
    PlannedStep.objects.all().delete()
    with world.clock():
        steps = steps_of(world.assessments[0])
    assert steps[0].dates
    assert [step.dates for step in steps[2:]] == [""] * 5


def test_a_plan_of_one_day_is_said_as_one_day() -> None:
    world = a_cycle().with_units(1).opened()
    plan = PlannedStep.objects.get(step=Step.PUBLICITY)
    plan.ends_on = plan.starts_on
    plan.save()
    with world.clock():
        assert "—" not in steps_of(world.assessments[0])[5].dates


def test_a_finished_assessment_is_past_to_its_last_step() -> None:
    world = a_cycle().with_units(1).circulated()
    with world.clock():
        steps = steps_of(world.assessments[0])
    assert [step.state for step in steps[:-1]] == ["past"] * 6
    assert all(step.dates for step in steps)


def test_a_unit_that_is_not_assessed_ends_after_consolidation() -> None:
    world = a_cycle().with_units(1).rated()
    Assessment.objects.update(step=Step.NOT_ASSESSED)
    with world.clock():
        steps = steps_of(world.assessments[0])
    assert [step.label for step in steps[-2:]] == [Step.CONSOLIDATION.label, Step.NOT_ASSESSED.label]
    assert steps[-1].state == "now"
