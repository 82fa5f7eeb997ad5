"""What departments give: each field saved or refused by itself, within its lines and limits, with who and when (R5)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Membership, Role
from tests.support.discretion import let_b1_1_be_given_at_discretion
from tests.support.reviewing import at_department, give, handed_over, line
from tests.support.world import World, a_cycle, a_person
from workflow.flow.models import Node
from workflow.review.services.points import Given, save_reviews
from workflow.review.services.review import approve_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).accepted()


def note(world: World, code: str, words: str) -> None:
    """Give a reason alone."""
    save_reviews(given={at_department(world): {code: Given(note=words)}}, by=world.reviewers["district"])


def test_what_is_given_is_kept_with_who_and_when(world: World) -> None:
    given = {"1.1": Given(value=Decimal("39.5"), note="一次活动没有佐证")}
    with world.clock():
        saved = save_reviews(given={at_department(world): given}, by=world.reviewers["district"])
    kept, key = line(world, "1.1"), at_department(world).pk
    assert saved.saved == {(key, "value-1.1"), (key, "note-1.1")}
    assert (kept.reviewed, kept.review_note) == (Decimal("39.50"), "一次活动没有佐证")
    assert (kept.reviewed_by, kept.reviewed_at) == (world.reviewers["district"], world.at)


@pytest.mark.parametrize(
    ("code", "value"),
    [("p1_1", "0"), ("p1_1", "40"), ("p1_1", "39.99"), ("p2_1", "0.01"), ("B1_1", "0"), ("B1_1", "12"), ("D1_1", "3")],
    ids=["nothing", "all", "a bit less", "a hundredth", "no bonus", "many times", "deductions"],
)
def test_points_within_the_limits_are_kept(world: World, code: str, value: str) -> None:
    with world.clock():
        assert not give(world, **{code: value}).refused
    assert line(world, code.removeprefix("p").replace("_", ".")).reviewed == Decimal(value)


@pytest.mark.parametrize(
    ("code", "value"),
    [("p1_1", "40.01"), ("p1_1", "-0.01"), ("p2_1", "100"), ("B1_1", "0.5"), ("D1_1", "-1"), ("p9_9", "1")],
    ids=["over", "below zero", "far over", "half a time", "less than none", "no such part"],
)
def test_what_is_not_allowed_is_refused_at_its_field_and_the_rest_is_saved(world: World, code: str, value: str) -> None:
    with world.clock():
        saved = give(world, p1_2="5", **{code: value})
    name = f"value-{code.removeprefix('p').replace('_', '.')}"
    assert list(saved.refused) == [(at_department(world).pk, name)]
    assert all(words.strip() for words in saved.refused.values())
    assert dict(world.assessments[0].sheet.lines.exclude(reviewed=None).values_list("code", "reviewed")) == {"1.2": 5}


def test_a_reason_is_saved_beside_points_that_are_refused(world: World) -> None:
    with world.clock():
        given = {"1.1": Given(value=Decimal(41), note="材料不全")}
        save_reviews(given={at_department(world): given}, by=world.reviewers["district"])
    assert (line(world, "1.1").reviewed, line(world, "1.1").review_note) == (None, "材料不全")


def test_what_does_not_come_stays_as_it_stands(world: World) -> None:
    with world.clock():
        give(world, p1_1="9")
        note(world, "1.1", "少一次签到")
        give(world, p1_1="8")
    assert (line(world, "1.1").reviewed, line(world, "1.1").review_note) == (Decimal(8), "少一次签到")


def test_what_was_given_can_be_taken_back(world: World) -> None:
    with world.clock():
        give(world, p1_1="9")
        give(world, p1_1=None)
    assert line(world, "1.1").reviewed is None


def test_the_same_again_leaves_who_gave_it(world: World) -> None:
    with world.clock():
        give(world, p1_1="39.5")
        saved = give(world, world.heads["district"], p1_1="39.50")
    assert saved.saved == {(at_department(world).pk, "value-1.1")}
    assert line(world, "1.1").reviewed_by == world.reviewers["district"]


def test_the_first_to_type_claims_the_review(world: World) -> None:
    second = a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        assert at_department(world).owner is None
        give(world, p1_1="9")
        give(world, second, p1_2="9")
    task = at_department(world)
    assert task.owner == world.reviewers["district"], "a colleague's help changes no owner"
    assert (task.status, task.assigned) == ("ASSIGNED", world.at)


def test_typing_nothing_new_claims_nothing(world: World) -> None:
    with world.clock():
        give(world, p1_1=None)
    assert at_department(world).owner is None


@pytest.mark.parametrize("who", ["the unit's filer", "another department", "the office", "the supervisor", "a leader"])
def test_a_department_scores_only_what_is_its_own(world: World, who: str) -> None:
    by = {
        "the unit's filer": world.filers[world.assessments[0].sheet_id],
        "another department": world.reviewers["society"],
        "the office": world.office,
        "the supervisor": world.supervisor,
        "a leader": world.leaders[0],
    }[who]
    with world.clock():
        assert list(give(world, by, p1_1="1").refused) == [(at_department(world).pk, "value-1.1")]
    assert line(world, "1.1").reviewed is None


def test_what_is_with_the_head_is_not_changed(world: World) -> None:
    handed_over(world)
    with world.clock():
        assert give(world, p1_1="1").refused
    assert line(world, "1.1").reviewed == Decimal(10)


def test_a_review_that_is_done_is_not_changed(world: World) -> None:
    task = handed_over(world)
    with world.clock():
        approve_review(task=task, by=world.heads["district"])
        saved = save_reviews(given={task: {"1.1": Given(value=Decimal(1))}}, by=world.reviewers["district"])
    assert saved.refused
    assert line(world, "1.1").reviewed == Decimal(10)


def test_of_several_reviews_each_is_saved_or_refused_by_itself() -> None:
    world = a_cycle().with_units(3).accepted()
    first, own, last = (world.task(assessment, Node.DEPARTMENT_REVIEW) for assessment in world.assessments)
    by = world.reviewers["district"]
    Membership.objects.create(user=by, role=Role.FILER, unit=own.process.sheet.unit, since=world.at - timedelta(days=1))
    given = {task: {"1.1": Given(value=Decimal(9), note="核减")} for task in (last, own, first)}
    with world.clock():
        saved = save_reviews(given=given, by=by)
    assert saved.saved == {(task.pk, name) for task in (first, last) for name in ("value-1.1", "note-1.1")}
    assert set(saved.refused) == {(own.pk, "value-1.1"), (own.pk, "note-1.1")}
    assert [assessment.sheet.lines.get(code="1.1").reviewed for assessment in world.assessments] == [9, None, 9]


@pytest.mark.parametrize(("points", "kept"), [("1.5", True), ("0", True), ("0.25", False), ("2.5", False)])
def test_points_at_discretion_are_given_within_their_range(world: World, points: str, kept: bool) -> None:
    let_b1_1_be_given_at_discretion(world)
    with world.clock():
        assert bool(give(world, B1_1=points).refused) is not kept
