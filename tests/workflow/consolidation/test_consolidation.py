"""Consolidation: the explained result, confirmed, opened again for named parts, or not assessed (R2, R9, R10)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import Department, Role, User
from audit.models import Event
from scoring.models import IncidentKind, Rating, Responsibility, Step
from tests.support.world import World, a_cycle, a_person, review
from workflow.consolidation.services.consolidation import decide_incident
from workflow.consolidation.services.incidents import Decision, Severity
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.queries.lines import lines_of
from workflow.flow.queries.process import open_tasks
from workflow.review.services.review import approve_review

pytestmark = pytest.mark.django_db
LIST = "/consolidation/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(world: World, place: int = 0) -> str:
    return reverse("consolidation-unit", args=[world.assessments[place].pk])


def keys(world: World) -> list[int]:
    return list(open_tasks("consolidation").order_by("pk").values_list("pk", flat=True))


def an_incident(world: World, severity: Severity) -> None:
    decision = Decision(
        kind=IncidentKind.SAFETY, severity=severity, reason="安全事故", document=ContentFile(b"x", name="d.pdf")
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
    with world.clock():
        page = signed_in(world.office).get(page_of(world))
    score = page.context["score"]
    # 30 × 70 % + 88 × 20 % + 90 × 10 %
    assert (score.base, score.total) == (Decimal("30.00"), Decimal("47.60"))
    assert len(page.context["explain"]) == 7
    assert "47.60" in page.content.decode()


def test_a_claimed_count_without_an_answer_stands_there_and_holds_the_result() -> None:
    world = a_cycle().with_units(1).rated()
    world.assessments[0].sheet.lines.filter(code="B1.1").update(claimed=5)
    with world.clock():
        shown = signed_in(world.office).get(page_of(world))
    rows = {row["line"].code: row for row in shown.context["lines"]}
    assert (rows["B1.1"]["line"].claimed, rows["B1.1"]["unanswered"]) == (5, True)
    assert '<button class="btn main" form="confirm" disabled>' in shown.content.decode()


def test_the_list_says_what_is_ready_and_for_whom_the_rest_waits() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").reviewed()
    with world.clock():
        context = signed_in(world.office).get(LIST).context
    assert [row["task"].process.sheet.track.code for row in context["rows"]] == ["society"]
    assert [task.flow_task.name for task in context["others"]] == ["recipient_rating", "leadership_rating"]


def test_without_a_rating_a_unit_waits_and_is_never_a_zero() -> None:
    world = a_cycle().with_units(1).reviewed()
    world.at = world.cycle.ratings_close_at + timedelta(minutes=2)
    with world.clock():
        client = signed_in(world.office)
        assert client.get(page_of(world)).status_code == 404
    assert world.assessments[0].sheet.total is None


def test_a_total_that_is_open_can_not_be_confirmed() -> None:
    world = a_cycle().with_units(1).rated()
    Rating.objects.filter(component="leaders").delete()
    with world.clock():
        client = signed_in(world.office)
        assert client.get(page_of(world)).context["score"].total is None
        client.post(reverse("consolidation-confirm"), {"ids": keys(world), "confirmed": "1"})
    assert world.assessments[0].step == Step.CONSOLIDATION


def test_many_are_shown_first_and_then_confirmed() -> None:
    world = a_cycle().with_units(2).rated()
    ids = keys(world)
    with world.clock():
        client = signed_in(world.office)
        asked = client.post(reverse("consolidation-confirm"), {"ids": ids})
        assert [item["note"] for item in asked.context["items"]] == ["47.60", "47.60"]
        assert {one.step for one in world.assessments} == {Step.CONSOLIDATION}
        client.post(reverse("consolidation-confirm"), {"ids": ids, "confirmed": "1"})
        client.post(reverse("consolidation-confirm"), {"ids": ids, "confirmed": "1"})
    assert {one.step for one in world.assessments} == {Step.APPROVAL}
    assert {one.sheet.total for one in world.assessments} == {Decimal("47.60")}
    assert Event.objects.filter(verb="assessment.consolidated").count() == 2


def test_a_reopened_part_comes_back_and_what_was_not_named_stays_done() -> None:
    world = a_cycle().with_units(1).rated()
    sheet = world.assessments[0].sheet
    before = {line.code: (line.reviewed, line.reviewed_at) for line in sheet.lines.all()}
    with world.clock():
        assert signed_in(world.office).post(page_of(world), again(world)).status_code == 302
        task = world.task(world.assessments[0], "department_review")
        assert [line.code for line in lines_of(task)] == ["1.2"]
        assert task.owner == world.reviewers["district"]
        reviewer = signed_in(world.reviewers["district"])
        address = reverse("review-unit", args=[task.pk])
        assert [group.code for group in reviewer.get(address).context["groups"]] == ["1"]
        data = {"value-1.1": "1", "value-1.2": "5", "note-1.2": "核实后扣分", "propose": "1"}
        assert reviewer.post(address, data).status_code == 302
        approve_review(task=task, by=world.heads["district"])
        back = world.task(world.assessments[0], "consolidation")
    after = {line.code: (line.reviewed, line.reviewed_at) for line in sheet.lines.all()}
    changed = {code for code in before if before[code] != after[code]}
    assert changed == {"1.2"}
    assert after["1.2"][0] == Decimal(5)
    assert back.owner == world.office
    assert task.due_at is not None
    assert {one.flow_task.name for one in open_tasks().filter(process=back.process)} == {"consolidation"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": ""}, "why"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "bald"}, "until"),
        ({"departments": []}, "departments"),
        ({"parts": ["9.9"]}, "parts"),
    ],
)
def test_a_reopening_says_who_why_and_until_when(changes: dict[str, Any], field: str) -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        answer = signed_in(world.office).post(page_of(world), again(world, **changes))
    assert field in answer.context["form"].errors
    assert world.assessments[0].step == Step.CONSOLIDATION


def test_a_part_is_asked_of_those_who_answer_for_it() -> None:
    world = a_cycle().with_units(1)
    other = Department.objects.create(code="other", name="科普部")
    Responsibility.objects.filter(track__code="district", code="2.1").update(department=other)
    reviewer, head = a_person(Role.REVIEWER, department=other), a_person(Role.HEAD, department=other)
    world.accepted()
    desk = world.desks["district"]
    with world.clock():
        for task in open_tasks("department_review"):
            theirs = task.department_id == other.pk
            review(task, reviewer if theirs else world.reviewers["district"])
            approve_review(task=task, by=head if theirs else world.heads["district"])
    sheet = world.assessments[0].sheet
    Rating.objects.create(sheet=sheet, component="recipients", value=Decimal(88))
    Rating.objects.create(sheet=sheet, component="leaders", rater=world.leaders[0], value=Decimal(90))
    world.at = world.cycle.ratings_close_at + timedelta(minutes=1)
    with world.clock():
        sweep_now()
        client = signed_in(world.office)
        for departments, parts in (([desk.pk], ["2.1"]), ([desk.pk, other.pk], ["2.1"])):
            answer = client.post(page_of(world), again(world, departments=departments, parts=parts))
            assert "parts" in answer.context["form"].errors
        client.post(page_of(world), again(world, departments=[other.pk], parts=["2.1"]))
    named = open_tasks("department_review").get()
    assert (named.department, named.owner) == (other, reviewer)


def sweep_now() -> None:
    """Let the sweep close the windows that are over."""
    from workflow.office.services.sweep import sweep

    sweep()


def test_a_unit_is_not_assessed_when_an_incident_says_so_and_only_then() -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        client = signed_in(world.office)
        client.post(page_of(world), {"not_assessed": "1"})
        assert world.assessments[0].step == Step.CONSOLIDATION
        an_incident(world, Severity.NOT_ASSESSED)
        client.post(reverse("consolidation-confirm"), {"ids": keys(world), "confirmed": "1"})
        assert world.assessments[0].step == Step.CONSOLIDATION
        client.post(page_of(world), {"not_assessed": "1"})
    assessment = world.assessments[0]
    assert assessment.step == Step.NOT_ASSESSED
    assert (assessment.sheet.not_assessed, assessment.sheet.total) == (True, Decimal("47.60"))
    assert Task.objects.get(outcome__kind=OutcomeKind.NOT_ASSESSED).outcome.why == "安全事故"


def test_bars_stand_on_the_sheet_of_the_confirmed_result() -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        an_incident(world, Severity.FIRST_TWO)
        page = signed_in(world.office).get(page_of(world))
        assert "安全事故" in page.content.decode()
        signed_in(world.office).post(reverse("consolidation-confirm"), {"ids": keys(world), "confirmed": "1"})
    assert world.assessments[0].sheet.barred == ["特等", "一等"]


def test_only_the_office_consolidates() -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        for person in (world.reviewers["district"], world.supervisor, world.chief, *world.filers.values()):
            client = signed_in(person)
            assert client.get(LIST).status_code == 403
            assert client.get(page_of(world)).status_code == 403
            assert (
                client.post(reverse("consolidation-confirm"), {"ids": keys(world), "confirmed": "1"}).status_code == 403
            )


@pytest.mark.parametrize("units", [2, 12])
def test_the_list_needs_the_same_queries_for_few_and_many(units: int, django_assert_max_num_queries: object) -> None:
    world = a_cycle().with_units(units).rated()
    client = signed_in(world.office)
    with world.clock(), django_assert_max_num_queries(15):  # type: ignore[operator]  # pytest-django's fixture
        assert len(client.get(LIST).context["rows"]) == units
