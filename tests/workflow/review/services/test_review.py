"""Handing a review over and approving it: complete, with reasons where it differs, by two people."""

from decimal import Decimal
from functools import partial

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common.errors import DomainError
from scoring.models import RecordKind, Step
from tests.support.discretion import let_b1_1_be_given_at_discretion
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.reviewing import at_department, give, handed_over
from tests.support.traces import causes, last_event, outcomes_of, refused, told, verbs_about
from tests.support.world import a_cycle, a_person, review
from workflow.flow.models import Node, Task
from workflow.review.services.points import Given, save_reviews
from workflow.review.services.records import log_record
from workflow.review.services.review import (
    approve_review,
    approve_reviews,
    hand_back_review,
    propose_review,
    propose_reviews,
)

pytestmark = pytest.mark.django_db


# ---- handing over ----


def test_a_review_without_all_points_is_not_handed_over() -> None:
    world = a_cycle().with_units(1).accepted()
    with world.clock():
        give(world, p1_1="10", p2_1="10")
        words = refused(lambda: propose_review(task=at_department(world), by=world.reviewers["district"]), "value-1.2")
    assert "1.2" in words
    assert "1.1" not in words.replace("1.2", "")
    assert at_department(world).role == Role.REVIEWER


def test_a_difference_to_the_claim_needs_its_reason() -> None:
    world = a_cycle().with_units(1).accepted()
    by = world.reviewers["district"]
    with world.clock():
        give(world, p1_1="10", p1_2="9", p2_1="8")
        words = refused(lambda: propose_review(task=at_department(world), by=by), "note-1.2")
        assert "1.2、2.1" in words
        noted = {code: Given(value=Decimal(points), note="材料不全") for code, points in (("1.2", 9), ("2.1", 8))}
        save_reviews(given={at_department(world): noted}, by=by)
        propose_review(task=at_department(world), by=by)
    assert at_department(world).role == Role.HEAD


def propose_with(
    *, claimed: int | None, recorded: int, given: str | None, note: str = "", at_discretion: bool = False
) -> tuple[Task, str]:
    """A review with one bonus line, handed over if it may be; the task, and the field at fault if it may not."""
    world = a_cycle().with_units(1).accepted()
    if at_discretion:
        let_b1_1_be_given_at_discretion(world)
    desk, reviewer, sheet = world.desks["district"], world.reviewers["district"], world.assessments[0].sheet
    sheet.lines.filter(code="B1.1").update(claimed=claimed)
    with world.clock():
        if recorded:
            facts = {"cycle": world.cycle, "unit": sheet.unit, "department": desk, "by": reviewer}
            day = world.at.date()
            log_record(kind=RecordKind.BONUS, happened_on=day, text="获表彰", code="B1.1", times=recorded, **facts)
        give(world, p1_1="10", p1_2="10", p2_1="10")
        times = None if given is None else Decimal(given)
        save_reviews(given={at_department(world): {"B1.1": Given(value=times, note=note)}}, by=reviewer)
        try:
            propose_review(task=at_department(world), by=reviewer)
        except DomainError as error:
            assert "B1.1" in str(error.message)
            return at_department(world), error.field or ""
    return at_department(world), ""


@pytest.mark.parametrize(
    ("claimed", "recorded"), [(5, 0), (None, 2), (5, 2)], ids=["claimed", "recorded", "claimed and recorded"]
)
def test_what_is_claimed_or_recorded_is_not_handed_over_unanswered(claimed: int | None, recorded: int) -> None:
    task, field = propose_with(claimed=claimed, recorded=recorded, given=None, note="见附件")
    assert (field, task.role) == ("value-B1.1", Role.REVIEWER)


@pytest.mark.parametrize(
    ("claimed", "recorded", "given"),
    [(5, 0, "4"), (5, 0, "0"), (None, 0, "1"), (None, 2, "1"), (5, 2, "2"), (5, 2, "5")],
)
@pytest.mark.parametrize(("note", "field"), [("", "note-B1.1"), ("依据不足", "")])
def test_times_that_differ_from_claim_or_records_need_a_reason(
    claimed: int | None, recorded: int, given: str, note: str, field: str
) -> None:
    task, at_fault = propose_with(claimed=claimed, recorded=recorded, given=given, note=note)
    assert (at_fault, task.role) == (field, Role.REVIEWER if field else Role.HEAD)


@pytest.mark.parametrize(
    ("claimed", "recorded", "given"),
    [(5, 0, "5"), (5, 5, "5"), (None, 2, "2"), (0, 2, "2"), (None, 0, None), (0, 0, None)],
)
def test_times_as_claimed_or_as_recorded_need_none(claimed: int | None, recorded: int, given: str | None) -> None:
    task, field = propose_with(claimed=claimed, recorded=recorded, given=given)
    assert (field, task.role) == ("", Role.HEAD)


@pytest.mark.parametrize(
    ("claimed", "recorded", "given", "field"),
    [
        (2, 3, "2", ""),
        (2, 3, "1.5", "note-B1.1"),
        (None, 3, "1.5", ""),
        (None, 3, "0", "note-B1.1"),
        (None, 0, "1.5", "note-B1.1"),
    ],
)
def test_a_record_says_that_there_are_points_at_discretion_and_not_how_many(
    claimed: int | None, recorded: int, given: str, field: str
) -> None:
    _task, at_fault = propose_with(claimed=claimed, recorded=recorded, given=given, at_discretion=True)
    assert at_fault == field


@pytest.mark.parametrize(
    ("found", "field"),
    [({}, "note-1.2"), ({"1.2.1": "2"}, "note-1.2"), ({"1.2.1": "3"}, "note-1.2"), ({"1.2.1": "3", "1.2.2": "1"}, "")],
)
def test_losses_that_are_recorded_are_found_or_the_reason_is_given(found: dict[str, str], field: str) -> None:
    world = a_cycle().with_units(1).accepted()
    let_parts_be_of_every_kind(world)
    sheet, reviewer = world.assessments[0].sheet, world.reviewers["district"]
    desk, facts = world.desks["district"], {"cycle": world.cycle, "unit": sheet.unit, "by": reviewer, "text": "缺席"}
    sheet.lines.filter(code="1.2").update(basis={"losses": found})
    at_fault = ""
    with world.clock():
        for code, times in (("1.2.1", 3), ("1.2.2", 2)):
            day = world.at.date()
            log_record(kind=RecordKind.DEDUCTION, code=code, times=times, department=desk, happened_on=day, **facts)
        give(world, p1_1="10", p1_2="10", p2_1="10")
        try:
            propose_review(task=at_department(world), by=reviewer)
        except DomainError as error:
            at_fault = error.field or ""
    assert at_fault == field


def test_handing_over_frees_the_task_and_tells_the_heads_once_a_day() -> None:
    world = a_cycle().with_units(2).accepted()
    reviewer = world.reviewers["district"]
    with world.clock():
        for assessment in world.assessments:
            review(world.task(assessment, Node.DEPARTMENT_REVIEW), reviewer)
        propose_review(task=at_department(world), by=reviewer)
    task = at_department(world)
    assert (task.role, task.owner, task.handed_over_by, task.status) == (Role.HEAD, None, reviewer, "NEW")
    assert told("heads:") == {world.heads["district"]}
    assert len(causes("heads:")) == 1
    assert Event.objects.filter(verb=Verb.REVIEW_PROPOSED).count() == 2, "again is not once more"


# ---- the head ----


def test_of_several_what_is_finished_is_handed_over_and_the_rest_is_named() -> None:
    world = a_cycle().with_units(3).accepted()
    by = world.reviewers["district"]
    first, second, unfinished = (world.task(assessment, Node.DEPARTMENT_REVIEW) for assessment in world.assessments)
    with world.clock():
        review(first, by)
        save_reviews(given={second: {code: Given(value=Decimal(10)) for code in ("1.1", "1.2", "2.1")}}, by=by)
        dealt = propose_reviews(tasks=[first, second, unfinished], by=by)
    assert dealt.done == [first, second], "what is there already stays there"
    assert [(task, error.field) for task, error in dealt.refused] == [(unfinished, "value-1.1")]
    second.refresh_from_db()
    assert (second.role, second.owner, second.handed_over_by) == (Role.HEAD, None, by)
    assert verbs_about(second.process.sheet).count(Verb.REVIEW_PROPOSED) == 1
    assert verbs_about(first.process.sheet).count(Verb.REVIEW_PROPOSED) == 1
    assert len(causes("heads:")) == 1, "a head is told once a day"


def test_the_head_approves_and_the_departments_step_is_done() -> None:
    world = a_cycle().with_units(1, "society").accepted()
    with world.clock():
        review(at_department(world), world.reviewers["society"])
        approve_review(task=at_department(world), by=world.heads["society"])
    assessment = world.assessments[0]
    assert assessment.step == Step.CONSOLIDATION
    assert outcomes_of(assessment)[-1] == ("department_review", "reviewed")
    event, desk = last_event(Verb.REVIEWED), world.desks["society"]
    assert desk
    assert (event.actor_id, event.data["department"]) == (world.heads["society"].pk, desk.pk)
    assert event.data["approved_own_scores"] is False


def test_nobody_approves_or_hands_back_about_their_own_unit() -> None:
    world = a_cycle().with_units(1).accepted()
    handed_over(world)
    head = world.heads["district"]
    Membership.objects.create(user=head, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    with world.clock():
        refused(lambda: approve_review(task=at_department(world), by=head))
        refused(lambda: hand_back_review(task=at_department(world), by=head, why="请复核"))
    assert world.assessments[0].step == Step.DEPARTMENT_REVIEW


@pytest.mark.parametrize("who", ["the unit's filer", "another department", "the office"])
def test_only_the_department_hands_over(who: str) -> None:
    world = a_cycle().with_units(1).accepted()
    by = {
        "the unit's filer": world.filers[world.assessments[0].sheet_id],
        "another department": world.reviewers["society"],
        "the office": world.office,
    }[who]
    with world.clock():
        give(world, p1_1="10", p1_2="10", p2_1="10")
        refused(lambda: propose_review(task=at_department(world), by=by))
    assert at_department(world).role == Role.REVIEWER


def test_of_several_each_is_approved_by_itself_and_the_refused_are_named() -> None:
    world = a_cycle().with_units(3).accepted()
    first, own, done = (world.task(assessment, Node.DEPARTMENT_REVIEW) for assessment in world.assessments)
    head = world.heads["district"]
    Membership.objects.create(user=head, role=Role.FILER, unit=own.process.sheet.unit, since=world.at)
    with world.clock():
        for task in (first, own, done):
            review(task, world.reviewers["district"])
        approve_review(task=done, by=a_person(Role.HEAD, department=world.desks["district"]))
        dealt = approve_reviews(tasks=[done, own, first], by=head)
    assert dealt.done == [first]
    assert [task for task, _error in dealt.refused] == [own, done]
    assert [outcomes_of(assessment)[-1][1] for assessment in world.assessments] == ["reviewed", "accepted", "reviewed"]


def test_only_a_head_approves_and_only_what_was_handed_over() -> None:
    world = a_cycle().with_units(1).accepted()
    head, colleague = world.heads["district"], a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        refused(lambda: approve_review(task=at_department(world), by=head))
        refused(lambda: hand_back_review(task=at_department(world), by=head, why="请复核"))
    handed_over(world)
    with world.clock():
        for by in (colleague, world.reviewers["district"], world.heads["society"], world.office):
            refused(partial(approve_review, task=at_department(world), by=by))
            refused(partial(hand_back_review, task=at_department(world), by=by, why="请复核"))
    assert world.assessments[0].step == Step.DEPARTMENT_REVIEW


def test_whoever_scored_does_not_approve_while_there_is_a_colleague() -> None:
    world = a_cycle().with_units(1).accepted()
    head = world.heads["district"]
    with world.clock():
        review(at_department(world), head)
        refused(lambda: approve_review(task=at_department(world), by=head))


def test_whoever_is_alone_approves_their_own_scores_and_the_event_says_so() -> None:
    world = a_cycle().with_units(1).accepted()
    head = world.heads["district"]
    Membership.objects.filter(user=world.reviewers["district"]).update(until=world.at)
    with world.clock():
        review(at_department(world), head)
        approve_review(task=at_department(world), by=head)
    assert last_event(Verb.REVIEWED).data["approved_own_scores"] is True


def test_the_head_hands_back_to_who_handed_over_with_the_reason() -> None:
    world = a_cycle().with_units(1).accepted()
    task, reviewer = handed_over(world), world.reviewers["district"]
    with world.clock():
        refused(lambda: hand_back_review(task=task, by=world.heads["district"], why=" "), "why")
        hand_back_review(task=task, by=world.heads["district"], why="1.1请复核")
    task = at_department(world)
    assert (task.role, task.owner, task.status) == (Role.REVIEWER, reviewer, "ASSIGNED")
    assert told("handed-back:") == {reviewer}
    assert last_event(Verb.REVIEW_HANDED_BACK).why == "1.1请复核"
    with world.clock():
        assert not give(world, p1_1="9").refused, "it can be changed again"


def test_a_review_that_nobody_handed_over_goes_back_to_all() -> None:
    world = a_cycle().with_units(1).accepted()
    task = handed_over(world)
    Task.objects.filter(pk=task.pk).update(handed_over_by=None)
    with world.clock():
        hand_back_review(task=at_department(world), by=world.heads["district"], why="请复核")
    assert (at_department(world).owner, at_department(world).status) == (None, "NEW")
    assert not causes("handed-back:")


def test_a_review_that_is_done_is_done() -> None:
    world = a_cycle().with_units(1).accepted()
    task = handed_over(world)
    with world.clock():
        approve_review(task=task, by=world.heads["district"])
        refused(lambda: approve_review(task=task, by=world.heads["district"]))
        refused(lambda: hand_back_review(task=task, by=world.heads["district"], why="请复核"))
        refused(lambda: propose_review(task=task, by=world.reviewers["district"]))
    assert verbs_about(world.assessments[0].sheet).count(Verb.REVIEWED) == 1
