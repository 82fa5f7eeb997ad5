"""Department review: points within limits, reasons where they differ, two people, and only one's own parts."""

from decimal import Decimal

import pytest

from accounts.models import Membership, Role, User
from scoring.models import Responsibility, Step
from tests.support.traces import refused
from tests.support.world import World, a_cycle, a_person, review
from workflow.flow.models import Task
from workflow.flow.queries.lines import lines_of
from workflow.review.services.points import Given
from workflow.review.services.review import approve_review, hand_back_review, propose_review, save_review

pytestmark = pytest.mark.django_db
CODES = ["1.1", "1.2", "2.1", "B1.1", "D1.1"]


def at_department(world: World) -> Task:
    return world.task(world.assessments[0], "department_review")


def give(world: World, by: User | None = None, /, **points: str | None) -> int:
    """Give points, `p1_1="9"` meaning part 1.1, without a reason."""
    given = {
        code[1:].replace("_", ".") if code[0] == "p" else code.replace("_", "."): Given(
            value=None if value is None else Decimal(value)
        )
        for code, value in points.items()
    }
    return save_review(task=at_department(world), given=given, by=by or world.reviewers["district"])


def handed_over(world: World) -> Task:
    """The review, scored as claimed and handed to the head."""
    with world.clock():
        review(at_department(world), world.reviewers["district"])
    return at_department(world)


def line(world: World, code: str) -> object:
    return world.assessments[0].sheet.lines.get(code=code).reviewed


# ---- whose lines ----


def test_a_department_covers_what_it_answers_for() -> None:
    world = a_cycle().with_units(1).accepted()
    assert [one.code for one in lines_of(at_department(world))] == CODES


def test_two_departments_cover_their_own() -> None:
    world = a_cycle().with_units(1)
    track, other = world.cycle.tracks.get(code="district"), world.desks["society"]
    Responsibility.objects.filter(track=track, code__in=["2.1", "B1"]).update(department=other)
    world.accepted()
    covered = {
        task.department_id: [one.code for one in lines_of(task)]
        for task in world.assessments[0].task_set.filter(finished=None).exclude(department=None)
    }
    desk = world.desks["district"]
    assert desk and other
    assert covered == {desk.pk: ["1.1", "1.2", "D1.1"], other.pk: ["2.1", "B1.1"]}


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        pytest.param([], CODES, id="everything"),
        pytest.param(["1.1"], ["1.1"], id="a part"),
        pytest.param(["B1"], ["B1.1"], id="a bonus item by its own code"),
        pytest.param(["2.1", "D1"], ["2.1", "D1.1"], id="a part and a deduction"),
        pytest.param(["9.9"], [], id="nothing of theirs"),
    ],
)
def test_a_reopened_review_covers_what_was_named(scope: list[str], covered: list[str]) -> None:
    world = a_cycle().with_units(1).accepted()
    task = at_department(world)
    task.scope = scope
    assert [one.code for one in lines_of(task)] == covered


# ---- scoring ----


@pytest.mark.parametrize(
    ("code", "value"),
    [("p1_1", "0"), ("p1_1", "40"), ("p1_1", "39.99"), ("p2_1", "0.01"), ("B1_1", "0"), ("B1_1", "12"), ("D1_1", "3")],
    ids=["nothing", "all", "a bit less", "a hundredth", "no bonus", "many times", "deductions"],
)
def test_points_within_the_limits_are_kept(code: str, value: str) -> None:
    world = a_cycle().with_units(1).accepted()
    with world.clock():
        assert give(world, **{code: value}) == 1
        assert give(world, **{code: value}) == 0, "the same again changes nothing"
    assert line(world, code.lstrip("p").replace("_", ".")) == Decimal(value)


@pytest.mark.parametrize(
    ("code", "value"),
    [("p1_1", "40.01"), ("p1_1", "-0.01"), ("p2_1", "100"), ("B1_1", "0.5"), ("D1_1", "-1"), ("p9_9", "1")],
    ids=["over", "below zero", "far over", "half a time", "less than none", "no such part"],
)
def test_points_outside_the_limits_are_refused_at_their_field(code: str, value: str) -> None:
    world = a_cycle().with_units(1).accepted()
    named = code.lstrip("p").replace("_", ".")
    with world.clock():
        refused(lambda: give(world, p1_2="5", **{code: value}), named)
    assert line(world, "1.2") is None, "all or none"


def test_what_was_given_can_be_taken_back() -> None:
    world = a_cycle().with_units(1).accepted()
    with world.clock():
        give(world, p1_1="9")
        assert give(world, p1_1=None) == 1
    assert line(world, "1.1") is None


def test_the_first_to_type_claims_the_review() -> None:
    world = a_cycle().with_units(1).accepted()
    second = a_person(Role.REVIEWER, department=world.desks["district"])
    with world.clock():
        assert at_department(world).owner is None
        give(world, p1_1="9")
        assert at_department(world).owner == world.reviewers["district"]
        give(world, second, p1_2="9")
    assert at_department(world).owner == world.reviewers["district"], "a colleague's help changes no owner"
    assert at_department(world).assigned == world.at


def test_typing_nothing_new_claims_nothing() -> None:
    world = a_cycle().with_units(1).accepted()
    with world.clock():
        assert give(world, p1_1=None) == 0
    assert at_department(world).owner is None


@pytest.mark.parametrize("who", ["the unit's filer", "another department", "the office", "the supervisor", "a leader"])
def test_a_department_scores_only_what_is_its_own(who: str) -> None:
    world = a_cycle().with_units(1).accepted()
    by = {
        "the unit's filer": world.filers[world.assessments[0].sheet_id],
        "another department": world.reviewers["society"],
        "the office": world.office,
        "the supervisor": world.supervisor,
        "a leader": world.leaders[0],
    }[who]
    with world.clock():
        refused(lambda: give(world, by, p1_1="1"))
        refused(lambda: propose_review(task=at_department(world), by=by))
    assert line(world, "1.1") is None


def test_nobody_scores_or_approves_their_own_unit() -> None:
    world = a_cycle().with_units(1).accepted()
    handed_over(world)
    head = world.heads["district"]
    Membership.objects.create(user=head, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at)
    with world.clock():
        refused(lambda: approve_review(task=at_department(world), by=head))
        refused(lambda: hand_back_review(task=at_department(world), by=head, why="请复核"))
    assert world.assessments[0].step == Step.DEPARTMENT_REVIEW
