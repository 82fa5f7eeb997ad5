"""The lines of a review: whose they are, what they can hold, what the records of the year say of them."""

from decimal import Decimal

import pytest

from scoring.models import Responsibility, ScoreSheet
from tests.support.reviewing import at_department
from tests.support.world import START, World, a_cycle
from workflow.flow.models import Task
from workflow.review.queries.lines import limit_of, lines_of, recorded_times_of, suggested
from workflow.review.services.records import log_record, withdraw_record

pytestmark = pytest.mark.django_db
CODES = ["1.1", "1.2", "2.1", "B1.1", "D1.1"]


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).accepted()


@pytest.fixture
def sheet(world: World) -> ScoreSheet:
    return world.assessments[0].sheet


def covered_by(task: Task) -> list[str]:
    return [line.code for line in lines_of(task)]


def test_two_departments_cover_their_own() -> None:
    world = a_cycle().with_units(1)
    track, desk, other = world.cycle.tracks.get(code="district"), world.desks["district"], world.desks["society"]
    assert desk
    assert other
    Responsibility.objects.filter(track=track, code__in=["2.1", "B1"]).update(department=other)
    world.accepted()
    reviews = world.assessments[0].task_set.filter(finished=None).exclude(department=None)
    covered = {task.department_id: covered_by(task) for task in reviews}
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
def test_a_reopened_review_covers_what_was_named(world: World, scope: list[str], covered: list[str]) -> None:
    task = at_department(world)
    task.scope = scope
    assert covered_by(task) == covered


def test_limits_are_those_of_the_scheme(sheet: ScoreSheet) -> None:
    limits = {line.code: limit_of(sheet.rules, line) for line in sheet.lines.all()}
    assert limits == {"1.1": Decimal(40), "1.2": Decimal(20), "2.1": Decimal(40), "B1.1": None, "D1.1": None}


@pytest.mark.parametrize(("count", "points"), [(0, "0"), (3, "15"), (8, "40"), (9, "40")])
def test_a_rate_suggests_count_times_rate_up_to_the_limit(sheet: ScoreSheet, count: int, points: str) -> None:
    assert suggested(sheet.rules, sheet.lines.get(code="2.1"), count) == Decimal(points)
    assert suggested(sheet.rules, sheet.lines.get(code="1.1"), count) is None


def test_records_in_force_are_counted_by_rule(world: World, sheet: ScoreSheet) -> None:
    facts = {
        "cycle": world.cycle,
        "unit": sheet.unit,
        "department": sheet.track.desk,
        "by": world.reviewers["district"],
        "happened_on": START.date(),
        "text": "迟报",
    }
    with world.clock():
        log_record(kind="deduction", code="D1.1", times=2, **facts)
        gone = log_record(kind="deduction", code="D1.1", **facts)
        log_record(kind="bonus", code="B1.1", **facts)
        log_record(kind="note", **facts)
        withdraw_record(record=gone, why="重复", by=world.office)
    assert recorded_times_of([sheet])[sheet.pk] == {"D1.1": 2, "B1.1": 1}
