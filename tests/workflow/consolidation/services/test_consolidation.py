"""Consolidation: the result confirmed, a review opened again, an incident decided, nothing assessed (R2, R9, R10)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from accounts.models import Membership, Role, User
from audit.verbs import Verb
from scoring.models import Incident, IncidentKind, Rating, Responsibility, Step
from tests.support.traces import last_event, outcomes_of, refused, told, verbs_about
from tests.support.world import World, a_cycle, a_person, review
from workflow.consolidation.services.consolidation import (
    consolidate,
    consolidate_many,
    decide_incident,
    decide_not_assessed,
    reopen_review,
    withdraw_incident,
)
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.flow.models import Task
from workflow.review.services.review import approve_review

pytestmark = pytest.mark.django_db


def at_office(world: World) -> Task:
    return world.task(world.assessments[0], "consolidation")


def desk_of(world: World, code: str = "district") -> int:
    desk = world.desks[code]
    assert desk is not None
    return desk.pk


def decide(world: World, consequence: Consequence, by: User | None = None, reason: str = "安全事故") -> Incident:
    document = ContentFile(b"%PDF-1.4", name="order.pdf")
    decision = Decision(kind=IncidentKind.SAFETY, consequence=consequence, reason=reason, document=document)
    with world.clock():
        return decide_incident(assessment=world.assessments[0], decision=decision, by=by or world.office)


def reopen(world: World, *departments: int, parts: tuple[str, ...] = (), why: str = "请复核", days: int = 3) -> None:
    reopen_review(
        task=at_office(world),
        by=world.office,
        departments=list(departments),
        parts=parts,
        why=why,
        until=world.at + timedelta(days=days),
    )


# ---- confirmed ----


def test_a_districts_total_is_weighed_and_confirmed() -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        sheet = consolidate(task=at_office(world), by=world.office)
    # 30 of 100 by the departments, 88 by a recipient, 90 by both leaders: 70 %, 20 %, 10 %.
    assert sheet.total == Decimal("47.60")
    assert world.assessments[0].step == Step.APPROVAL
    event = last_event(Verb.CONSOLIDATED)
    assert (event.data["total"], event.actor_id, event.went_to) == ("47.60", world.office.pk, Step.APPROVAL)


def test_a_claim_that_no_department_answered_is_not_confirmed_as_nothing() -> None:
    world = a_cycle().with_units(1).rated()
    world.assessments[0].sheet.lines.filter(code="B1.1").update(claimed=5)
    with world.clock():
        words = refused(lambda: consolidate(task=at_office(world), by=world.office))
    assert "B1.1" in words
    assert world.assessments[0].step == Step.CONSOLIDATION


def test_a_societys_total_is_its_work() -> None:
    world = a_cycle().with_units(1, "society").rated()
    with world.clock():
        assert consolidate(task=at_office(world), by=world.office).total == Decimal("30.00")


@pytest.mark.parametrize("component", ["recipients", "leaders"])
def test_a_missing_rating_is_never_a_zero(component: str) -> None:
    world = a_cycle().with_units(1).rated()
    Rating.objects.filter(component=component).delete()
    with world.clock():
        refused(lambda: consolidate(task=at_office(world), by=world.office))
    assert world.assessments[0].step == Step.CONSOLIDATION
    assert world.assessments[0].sheet.total is None


@pytest.mark.parametrize("who", ["filer", "reviewer", "head", "leader", "chief", "supervisor"])
def test_only_the_office_consolidates(who: str) -> None:
    world = a_cycle().with_units(1).rated()
    by = {
        "filer": world.filers[world.assessments[0].sheet_id],
        "reviewer": world.reviewers["district"],
        "head": world.heads["district"],
        "leader": world.leaders[0],
        "chief": world.chief,
        "supervisor": world.supervisor,
    }[who]
    with world.clock():
        refused(lambda: consolidate(task=at_office(world), by=by))
        refused(lambda: decide_not_assessed(task=at_office(world), by=by))
    assert world.assessments[0].step == Step.CONSOLIDATION


def test_nobody_of_the_office_decides_on_their_own_unit() -> None:
    world = a_cycle().with_units(1).rated()
    by = a_person(Role.OFFICE)
    Membership.objects.create(user=by, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    with world.clock():
        refused(lambda: consolidate(task=at_office(world), by=by))
    refused(lambda: decide(world, Consequence.FIRST, by))


def test_a_result_is_confirmed_once() -> None:
    world = a_cycle().with_units(1).rated()
    task = at_office(world)
    with world.clock():
        consolidate(task=task, by=world.office)
        refused(lambda: consolidate(task=task, by=world.office))
    assert verbs_about(world.assessments[0].sheet).count(Verb.CONSOLIDATED) == 1


def test_each_result_is_confirmed_by_itself() -> None:
    world = a_cycle().with_units(4).rated()
    without_rating, unanswered, own, ready = world.assessments
    Rating.objects.filter(sheet=without_rating.sheet, component="leaders").delete()
    unanswered.sheet.lines.filter(code="B1.1").update(claimed=5)
    Membership.objects.create(user=world.office, role=Role.FILER, unit=own.sheet.unit, since=world.at)
    tasks = [world.task(assessment, "consolidation") for assessment in world.assessments]
    with world.clock():
        dealt = consolidate_many(tasks=tasks, by=world.office)
    assert (dealt.done, [task for task, _why in dealt.refused]) == (tasks[3:], tasks[:3])
    assert [assessment.step for assessment in world.assessments] == [Step.CONSOLIDATION] * 3 + [Step.APPROVAL]
    assert last_event(Verb.CONSOLIDATED).subject == f"sheet:{ready.sheet_id}"


# ---- reopened ----


@pytest.mark.parametrize(
    ("why", "days", "field"),
    [("", 3, "why"), ("  ", 3, "why"), ("请复核", 0, "until"), ("请复核", -2, "until")],
    ids=["no reason", "blank", "now", "the day before yesterday"],
)
def test_a_reopening_needs_a_reason_and_a_date_ahead(why: str, days: int, field: str) -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        refused(lambda: reopen(world, desk_of(world), why=why, days=days), field)


@pytest.mark.parametrize(
    ("named", "parts", "field"),
    [
        pytest.param([], (), "departments", id="no department"),
        pytest.param(["society"], (), "departments", id="a department that does not answer"),
        pytest.param(["district", "society"], (), "departments", id="one of two does not answer"),
        pytest.param(["district"], ("9.9",), "parts", id="a part that is not there"),
        pytest.param(["district"], ("1.1", "9.9"), "parts", id="one of two is not there"),
    ],
)
def test_a_reopening_names_departments_and_their_parts(named: list[str], parts: tuple[str, ...], field: str) -> None:
    world = a_cycle().with_units(1).rated()
    ids = [desk_of(world, code) for code in named]
    with world.clock():
        refused(lambda: reopen(world, *ids, parts=parts), field)
    assert world.assessments[0].step == Step.CONSOLIDATION


def test_each_department_named_must_have_something_to_do() -> None:
    world = a_cycle().with_units(1, "society")
    track = world.cycle.tracks.get(code="society")
    Responsibility.objects.filter(track=track, code="2.1").update(department=world.desks["district"])
    world.accepted()
    _review_all(world)
    both = (desk_of(world), desk_of(world, "society"))
    with world.clock():
        refused(lambda: reopen(world, *both, parts=("1.1",)), "parts")
        reopen(world, *both, parts=("1.1", "2.1"))
    tasks = world.assessments[0].task_set.filter(finished=None, role=Role.REVIEWER)
    assert {task.department_id for task in tasks} == set(both)


def _review_all(world: World) -> None:
    codes = {desk.pk: code for code, desk in world.desks.items() if desk}
    with world.clock():
        for task in world.assessments[0].task_set.filter(finished=None).exclude(department=None):
            code = codes[task.department_id or 0]
            review(task, world.reviewers[code])
            approve_review(task=Task.objects.get(pk=task.pk), by=world.heads[code])


def test_a_reopened_review_goes_back_to_who_scored_with_its_parts_and_its_date() -> None:
    world = a_cycle().with_units(1).rated()
    with world.clock():
        reopen(world, desk_of(world), parts=("1.1",))
    task = world.task(world.assessments[0], "department_review")
    assert (task.owner, task.role) == (world.reviewers["district"], Role.REVIEWER)
    assert (task.scope, task.due_at) == (["1.1"], world.at + timedelta(days=3))
    event = last_event(Verb.REOPENED)
    assert (event.why, event.data["parts"], event.went_to) == ("请复核", ["1.1"], Step.DEPARTMENT_REVIEW)


def test_the_corrected_review_comes_straight_back_to_who_reopened_it() -> None:
    world = a_cycle().with_units(1).rated()
    a_person(Role.OFFICE)
    with world.clock():
        reopen(world, desk_of(world), parts=("1.1",))
        review(world.task(world.assessments[0], "department_review"), world.reviewers["district"])
        approve_review(task=world.task(world.assessments[0], "department_review"), by=world.heads["district"])
    assert at_office(world).owner == world.office
    assessment = world.assessments[0]
    assert assessment.task_set.filter(finished=None).count() == 1, "one consolidation, and no join left open"
    assert [kind for _node, kind in outcomes_of(assessment)][-2:] == ["reopened", "reviewed"]


@pytest.mark.parametrize("rounds", [1, 28])
def test_a_review_can_be_reopened_any_number_of_times(rounds: int) -> None:
    world = a_cycle().with_units(1, "society").rated()
    assessment = world.assessments[0]
    with world.clock():
        for _round in range(rounds):
            reopen(world, desk_of(world, "society"), parts=("1.1",))
            review(world.task(assessment, "department_review"), world.reviewers["society"])
            approve_review(task=world.task(assessment, "department_review"), by=world.heads["society"])
        consolidate(task=at_office(world), by=world.office)
    assert world.assessments[0].step == Step.APPROVAL
    assert outcomes_of(assessment).count(("consolidation", "reopened")) == rounds


# ---- incidents ----


@pytest.mark.parametrize(
    ("consequence", "barred"),
    [(Consequence.FIRST, ["特等"]), (Consequence.FIRST_TWO, ["特等", "一等"])],
    ids=["the highest grade", "the two highest"],
)
def test_an_incident_bars_grades_of_the_result(consequence: Consequence, barred: list[str]) -> None:
    world = a_cycle().with_units(1).rated()
    decide(world, consequence)
    with world.clock():
        assert consolidate(task=at_office(world), by=world.office).barred == barred


def test_a_unit_that_is_not_assessed_ends_with_the_reason_and_keeps_its_total() -> None:
    world = a_cycle().with_units(1).rated()
    decide(world, Consequence.NOT_ASSESSED, reason="重大事故")
    with world.clock():
        refused(lambda: consolidate(task=at_office(world), by=world.office))
        decide_not_assessed(task=at_office(world), by=world.office)
    assessment = world.assessments[0]
    sheet = assessment.sheet
    assert (assessment.step, sheet.not_assessed, sheet.total) == (Step.NOT_ASSESSED, True, Decimal("47.60"))
    assert assessment.finished is not None
    assert last_event(Verb.NOT_ASSESSED).why == "重大事故"


def test_without_such_an_incident_every_unit_is_assessed() -> None:
    world = a_cycle().with_units(1).rated()
    decide(world, Consequence.FIRST_TWO)
    with world.clock():
        refused(lambda: decide_not_assessed(task=at_office(world), by=world.office))
    withdrawn = decide(world, Consequence.NOT_ASSESSED)
    with world.clock():
        withdraw_incident(incident=withdrawn, why="查无此事", by=world.office)
        refused(lambda: decide_not_assessed(task=at_office(world), by=world.office))
        consolidate(task=at_office(world), by=world.office)
    assert world.assessments[0].step == Step.APPROVAL


def test_after_the_confirmation_no_incident_is_decided_or_withdrawn() -> None:
    world = a_cycle().with_units(1).rated()
    incident = decide(world, Consequence.FIRST)
    with world.clock():
        consolidate(task=at_office(world), by=world.office)
        refused(lambda: withdraw_incident(incident=incident, why="查无此事", by=world.office))
    refused(lambda: decide(world, Consequence.FIRST_TWO))
    assert Incident.objects.filter(withdrawn_at=None).count() == 1


def test_the_office_is_told_once_a_day_that_units_wait() -> None:
    world = a_cycle().with_units(3).rated()
    assert told("tasks:") >= {world.office}
    assert [assessment.step for assessment in world.assessments] == [Step.CONSOLIDATION] * 3
