"""Points that a department gives: within its lines and their limits, kept with who and when (R5)."""

from decimal import Decimal

import pytest

from accounts.models import Department
from common.errors import DomainError
from scoring.models import Responsibility, ScoreSheet, SheetLine
from scoring.queries.sheets import lines_answered_by, rules_of
from tests.support.world import START, World, a_cycle
from workflow.review.queries.lines import limit_of, recorded_times, suggested
from workflow.review.services.points import Given, save_reviews
from workflow.review.services.records import log_record, withdraw_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).opened()


@pytest.fixture
def sheet(world: World) -> ScoreSheet:
    return world.assessments[0].sheet


def line(sheet: ScoreSheet, code: str) -> SheetLine:
    return sheet.lines.get(code=code)


def give(world: World, sheet: ScoreSheet, code: str, value: str | None, note: str | None = None) -> int:
    given = {code: Given(value=None if value is None else Decimal(value), note=note)}
    with world.clock():
        return save_reviews(
            sheet=sheet, given=given, allowed=["1.1", "2.1", "B1.1", "D1.1"], by=world.reviewers["district"]
        )


def test_what_is_given_is_kept_with_who_and_when(world: World, sheet: ScoreSheet) -> None:
    assert give(world, sheet, "1.1", "39.5", "一次活动没有佐证") == 1
    kept = line(sheet, "1.1")
    assert (kept.reviewed, kept.review_note) == (Decimal("39.50"), "一次活动没有佐证")
    assert (kept.reviewed_by, kept.reviewed_at) == (world.reviewers["district"], world.at)


def test_the_same_again_changes_nothing(world: World, sheet: ScoreSheet) -> None:
    give(world, sheet, "1.1", "39.5", "原因")
    assert give(world, sheet, "1.1", "39.50") == 0
    assert line(sheet, "1.1").review_note == "原因"


def test_points_can_be_taken_back(world: World, sheet: ScoreSheet) -> None:
    give(world, sheet, "1.1", "39.5")
    assert give(world, sheet, "1.1", None) == 1
    assert line(sheet, "1.1").reviewed is None


@pytest.mark.parametrize(("code", "value"), [("1.1", "40"), ("1.1", "0"), ("2.1", "40"), ("D1.1", "7"), ("B1.1", "0")])
def test_the_limit_itself_is_allowed(world: World, sheet: ScoreSheet, code: str, value: str) -> None:
    assert give(world, sheet, code, value) == 1


@pytest.mark.parametrize(
    ("code", "value"),
    [("1.1", "40.01"), ("1.1", "-0.01"), ("D1.1", "1.5"), ("D1.1", "-1"), ("1.2", "5"), ("9.9", "1")],
)
def test_what_is_not_allowed_is_refused_at_its_line(world: World, sheet: ScoreSheet, code: str, value: str) -> None:
    with pytest.raises(DomainError) as refused:
        give(world, sheet, code, value)
    assert refused.value.field == code
    assert not sheet.lines.exclude(reviewed=None).exists()


def test_a_department_answers_for_its_parts_and_the_rules_of_its_adjustments(sheet: ScoreSheet) -> None:
    other = Department.objects.create(code="other", name="科普部")
    Responsibility.objects.filter(track=sheet.track, code__in=["1.2", "D1"]).update(department=other)
    desk = sheet.track.desk_id or 0
    assert [one.code for one in lines_answered_by(sheet, other.pk)] == ["1.2", "D1.1"]
    assert [one.code for one in lines_answered_by(sheet, desk)] == ["1.1", "2.1", "B1.1"]


def test_limits_are_those_of_the_scheme(sheet: ScoreSheet) -> None:
    rules = rules_of(sheet)
    limits = {one.code: limit_of(rules, one) for one in sheet.lines.all()}
    assert limits == {"1.1": Decimal(40), "1.2": Decimal(20), "2.1": Decimal(40), "B1.1": None, "D1.1": None}


@pytest.mark.parametrize(("count", "points"), [(0, "0"), (3, "15"), (8, "40"), (9, "40")])
def test_a_rate_suggests_count_times_rate_up_to_the_limit(sheet: ScoreSheet, count: int, points: str) -> None:
    assert suggested(rules_of(sheet), line(sheet, "2.1"), count) == Decimal(points)
    assert suggested(rules_of(sheet), line(sheet, "1.1"), count) is None


def test_records_in_force_are_counted_by_rule(world: World, sheet: ScoreSheet) -> None:
    facts = {
        "cycle": world.cycle, "unit": sheet.unit, "department": sheet.track.desk, "by": world.reviewers["district"],
        "happened_on": START.date(), "text": "迟报",
    }  # fmt: skip
    with world.clock():
        log_record(kind="deduction", code="D1.1", times=2, **facts)
        gone = log_record(kind="deduction", code="D1.1", **facts)
        log_record(kind="bonus", code="B1.1", **facts)
        log_record(kind="note", **facts)
        withdraw_record(row=gone, why="重复", by=world.office)
    assert recorded_times(sheet) == {"D1.1": 2, "B1.1": 1}
