"""Consolidation: the explained result, confirmed, opened again for named parts, or not assessed (R2, R9, R10)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from audit.models import Event
from scoring.models import IncidentKind, Rating, Step
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import consolidate, decide_incident
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks
from workflow.review.queries.lines import lines_of
from workflow.review.services.review import approve_review

pytestmark = pytest.mark.django_db
LIST = "/consolidation/"


def page_of(world: World, place: int = 0) -> str:
    return reverse("consolidation-unit", args=[world.assessments[place].pk])


def keys(world: World) -> list[int]:
    return list(open_tasks("consolidation").order_by("pk").values_list("pk", flat=True))


def an_incident(world: World, consequence: Consequence) -> None:
    decision = Decision(
        kind=IncidentKind.SAFETY, consequence=consequence, reason="安全事故", document=ContentFile(b"x", name="d.pdf")
    )
    decide_incident(assessment=world.assessments[0], decision=decision, by=world.office)


def again(world: World, **changes: Any) -> dict[str, Any]:
    until = (world.at + timedelta(days=3)).date().isoformat()
    asked = {
        "reopen": "1",
        "departments": [world.desks["district"].pk],
        "parts": ["1.2"],
        "why": "请核实",
        "until": until,
    }
    return asked | changes


def test_the_result_is_shown_so_that_it_can_be_redone() -> None:
    world = a_cycle().with_units(1).rated()
    page = Visitor(world, world.office).get(page_of(world))
    score = page.context["score"]
    # 30 × 70 % + 88 × 20 % + 90 × 10 %
    assert (score.base, score.total) == (Decimal("30.00"), Decimal("47.60"))
    assert len(page.context["explain"]) == 7
    assert {compared.line.code for compared in page.context["lines"]} == {"1.1", "1.2", "2.1"}
    assert "47.60" in page.content.decode()


def test_what_the_points_claimed_come_from_stands_beside_them() -> None:
    world = a_cycle().with_units(1).rated()
    let_parts_be_of_every_kind(world)
    world.assessments[0].sheet.lines.filter(code="2.1").update(
        basis={"measured": "1.9"}, reviewed_basis={"measured": "2"}, reviewed=40
    )
    page = Visitor(world, world.office).get(page_of(world))
    named = {compared.line.code: (compared.basis, compared.found) for compared in page.context["lines"]}
    assert named == {"1.1": ("", ""), "1.2": ("", ""), "2.1": ("1.9倍；应得20分", "2倍")}


def test_a_claimed_count_without_an_answer_stands_there_and_holds_the_result() -> None:
    world = a_cycle().with_units(1).rated()
    world.assessments[0].sheet.lines.filter(code="B1.1").update(claimed=5)
    shown = Visitor(world, world.office).get(page_of(world))
    compared = {compared.line.code: compared for compared in shown.context["lines"]}
    assert (compared["B1.1"].line.claimed, compared["B1.1"].unanswered) == (5, True)
    assert '<button class="btn main" form="confirm" disabled>' in shown.content.decode()


def test_the_list_says_what_is_ready_and_for_whom_the_rest_waits() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").reviewed()
    context = Visitor(world, world.office).get(LIST).context
    assert [row.task.process.sheet.track.code for row in context["rows"]] == ["society"]
    assert [task.flow_task.name for task in context["others"]] == ["recipient_rating", "leadership_rating"]


def test_without_a_rating_a_unit_waits_and_is_never_a_zero() -> None:
    world = a_cycle().with_units(1).reviewed()
    world.at = world.cycle.ratings_close_at + timedelta(minutes=2)
    assert Visitor(world, world.office).get(page_of(world)).status_code == 404
    assert world.assessments[0].sheet.total is None


def test_many_are_shown_first_and_then_confirmed() -> None:
    world = a_cycle().with_units(2).rated()
    ids = keys(world)
    office = Visitor(world, world.office)
    asked = office.post(reverse("consolidation-confirm"), {"ids": ids})
    assert [item["note"] for item in asked.context["items"]] == ["47.60", "47.60"]
    assert {assessment.step for assessment in world.assessments} == {Step.CONSOLIDATION}
    for _twice in range(2):
        office.post(reverse("consolidation-confirm"), {"ids": ids, "confirmed": "1"})
    assert {assessment.step for assessment in world.assessments} == {Step.APPROVAL}
    assert {assessment.sheet.total for assessment in world.assessments} == {Decimal("47.60")}
    assert Event.objects.filter(verb="assessment.consolidated").count() == 2


def test_a_reopened_part_comes_back_and_what_was_not_named_stays_done() -> None:
    world = a_cycle().with_units(1).rated()
    sheet = world.assessments[0].sheet
    before = {line.code: (line.reviewed, line.reviewed_at) for line in sheet.lines.all()}
    assert Visitor(world, world.office).post(page_of(world), again(world)).status_code == 302
    task = world.task(world.assessments[0], "department_review")
    assert [line.code for line in lines_of(task)] == ["1.2"]
    assert task.owner == world.reviewers["district"]
    reviewer, address = Visitor(world, world.reviewers["district"]), reverse("review-unit", args=[task.pk])
    assert [group.code for group in reviewer.get(address).context["groups"]] == ["1"]
    data = {"value-1.1": "1", "value-1.2": "5", "note-1.2": "核实后扣分", "propose": "1"}
    assert reviewer.post(address, data).status_code == 302
    with world.clock():
        approve_review(task=task, by=world.heads["district"])
        back = world.task(world.assessments[0], "consolidation")
    after = {line.code: (line.reviewed, line.reviewed_at) for line in sheet.lines.all()}
    changed = {code for code in before if before[code] != after[code]}
    assert changed == {"1.2"}
    assert after["1.2"][0] == Decimal(5)
    assert back.owner == world.office
    assert task.due_at is not None
    assert {task.flow_task.name for task in open_tasks().filter(process=back.process)} == {"consolidation"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"departments": []}, "departments"),
        ({"why": ""}, "why"),
        ({"until": ""}, "until"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "bald"}, "until"),
        ({"parts": ["9.9"]}, "parts"),
    ],
)
def test_a_reopening_says_who_why_and_until_when(changes: dict[str, Any], field: str) -> None:
    world = a_cycle().with_units(1).rated()
    answer = Visitor(world, world.office).post(page_of(world), again(world, **changes))
    assert field in answer.context["form"].errors
    assert world.assessments[0].step == Step.CONSOLIDATION


def test_a_unit_is_not_assessed_when_an_incident_says_so_and_only_then() -> None:
    world = a_cycle().with_units(1).rated()
    office = Visitor(world, world.office)
    assert office.post(page_of(world), {"not_assessed": "1"}).status_code == 200
    assert world.assessments[0].step == Step.CONSOLIDATION
    with world.clock():
        an_incident(world, Consequence.NOT_ASSESSED)
    assert office.post(page_of(world), {"not_assessed": "1"}).status_code == 302
    assert world.assessments[0].step == Step.NOT_ASSESSED


def test_what_can_not_be_confirmed_is_named_and_the_others_are_confirmed() -> None:
    world = a_cycle().with_units(2).rated()
    held, _ready = world.assessments
    Rating.objects.filter(sheet=held.sheet, component="leaders").delete()
    office = Visitor(world, world.office)
    told = office.post(reverse("consolidation-confirm"), {"ids": keys(world), "confirmed": "1"}, follow=True)
    assert [assessment.step for assessment in world.assessments] == [Step.CONSOLIDATION, Step.APPROVAL]
    assert f"{held.sheet.unit_name}：" in told.content.decode()


def test_nobody_chosen_is_confirmed_to_nowhere() -> None:
    world = a_cycle().with_units(1).rated()
    assert Visitor(world, world.office).post(reverse("consolidation-confirm"), {"confirmed": "1"}).status_code == 302
    assert world.assessments[0].step == Step.CONSOLIDATION


@pytest.mark.parametrize("units", [2, 12])
def test_the_list_needs_the_same_queries_for_few_and_many(units: int, django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(units).rated()
    office = Visitor(world, world.office)
    with django_assert_max_num_queries(15):
        assert len(office.get(LIST).context["rows"]) == units


def test_a_unit_that_was_confirmed_meanwhile_is_not_found() -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        consolidate(task=world.task(world.assessments[0], Node.CONSOLIDATION), by=world.office)
    office = Visitor(world, world.office)
    assert office.get(page_of(world)).status_code == 404
    assert office.post(page_of(world), {"reopen": "1"}).status_code == 404
