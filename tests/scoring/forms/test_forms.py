"""What the forms of the scoring room take and refuse, without a page around them."""

from datetime import date, datetime

import pytest

from accounts.models import Department
from common import clock
from scoring.forms.cycles import HolidayForm, PlanForm, ResponsibilityForm, plan_initial
from scoring.forms.units import UnitForm
from scoring.models import Step, Track
from scoring.queries.cycles import PLANNED
from scoring.services.cycles import default_plan
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle()


def a_plan(**changes: str) -> dict[str, str]:
    days = {
        f"{step}_{end}": f"2027-01-{2 + number:02d}" for number, step in enumerate(PLANNED) for end in ("from", "to")
    }
    return days | changes


def test_each_step_has_its_row_and_each_track_its_grades(world: World) -> None:
    form = PlanForm(world.cycle)
    assert len(form.rows()) == len(PLANNED)
    quotas = form.quota_rows()
    assert [name for name, _grades in quotas] == ["区县（自治县）科协", "市级学会（协会、研究会）"]
    assert [grade for grade, _field in quotas[0][1]] == ["特等", "一等", "二等"]


def test_the_plan_is_read_back_as_it_was_typed(world: World) -> None:
    form = PlanForm(world.cycle, a_plan())
    assert form.is_valid(), form.errors
    assert form.plan()[Step.ACCEPTANCE] == (date(2027, 1, 3), date(2027, 1, 3))
    assert form.window() is None
    assert form.quotas() == {"district": {}, "society": {}}


def test_a_quota_of_none_at_all_is_a_quota(world: World) -> None:
    form = PlanForm(world.cycle, a_plan(**{"quota-district-0": "0", "quota-society-2": "7"}))
    assert form.is_valid(), form.errors
    assert form.quotas() == {"district": {"特等": 0}, "society": {"二等": 7}}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"acceptance_from": ""}, "acceptance_from"),
        ({"publicity_to": "2027-02-30"}, "publicity_to"),
        ({"quota-district-0": "-1"}, "quota-district-0"),
        ({"quota-district-0": "10000"}, "quota-district-0"),
        ({"ratings_open_at": "2027-01-04T09:00"}, "ratings_close_at"),
        ({"ratings_close_at": "2027-01-04T09:00"}, "ratings_close_at"),
        ({"ratings_open_at": "morgen"}, "ratings_open_at"),
    ],
)
def test_a_plan_that_is_none_is_refused_at_its_field(world: World, changes: dict[str, str], field: str) -> None:
    form = PlanForm(world.cycle, a_plan(**changes))
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_the_rating_window_is_read_in_beijing(world: World) -> None:
    form = PlanForm(world.cycle, a_plan(ratings_open_at="2027-01-04T09:00", ratings_close_at="2027-01-15T18:30"))
    assert form.is_valid(), form.errors
    window = form.window()
    assert window is not None
    assert window[0] == datetime(2027, 1, 4, 9, tzinfo=clock.BEIJING)
    assert window[1] == datetime(2027, 1, 15, 18, 30, tzinfo=clock.BEIJING)


def test_what_is_kept_comes_before_what_is_proposed(world: World) -> None:
    kept = world.cycle.planned_steps.get(step=Step.ACCEPTANCE)
    world.cycle.quotas = {"district": {"特等": 2}, "society": "broken"}
    initial = plan_initial(world.cycle, default_plan(world.cycle)[0])
    assert initial[f"{Step.ACCEPTANCE}_from"] == kept.starts_on
    assert initial["quota-district-0"] == 2
    assert not any(name.startswith("quota-society") for name in initial)
    assert initial["ratings_open_at"] == world.cycle.ratings_open_at


def test_without_a_window_the_planned_review_is_proposed(world: World) -> None:
    world.cycle.ratings_open_at = world.cycle.ratings_close_at = None
    review = world.cycle.planned_steps.get(step=Step.DEPARTMENT_REVIEW)
    initial = plan_initial(world.cycle, {})
    assert initial["ratings_open_at"] == clock.midnight(review.starts_on)
    assert initial["ratings_close_at"] == clock.end_of(review.ends_on)


def test_without_any_plan_nothing_is_proposed(world: World) -> None:
    world.cycle.ratings_open_at = world.cycle.ratings_close_at = None
    world.cycle.planned_steps.all().delete()
    assert "ratings_open_at" not in plan_initial(world.cycle, {})


def test_a_track_that_the_scheme_has_not_has_no_form(world: World) -> None:
    stray = Track.objects.create(cycle=world.cycle, code="moon", name="月球", position=9)
    with pytest.raises(LookupError):
        ResponsibilityForm(stray)


def test_the_form_shows_who_answers_now(world: World) -> None:
    track = world.cycle.tracks.get(code="district")
    other = Department.objects.create(code="x", name="别的部")
    track.responsibilities.filter(code="B1").update(department=other)
    form = ResponsibilityForm(track)
    assert form["answers-B1"].value() == other.pk
    assert form["desk"].value() == track.desk_id


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2028-01-01", 1),
        ("2028-01-01\r\n2028-01-02", 2),
        ("2028-01-26 2028-02-01", 7),
        ("2028-01-26 至 2028-02-01", 7),
        ("  2028-01-01  \n\n", 1),
    ],
)
def test_days_off_are_read_line_by_line(typed: str, days: int) -> None:
    form = HolidayForm({"year": 2028, "order": "令", "off": typed})
    assert form.is_valid(), form.errors
    assert len(form.cleaned_data["off"]) == days
    assert form.cleaned_data["work"] == []


def a_unit(**changes: str) -> dict[str, str]:
    return {"code": "u1", "name": "甲", "track": "district"} | changes


def test_a_unit_is_a_row_of_an_import(world: World) -> None:
    form = UnitForm(world.cycle, a_unit(username="li", filer="李", mail="l@x.org"))
    assert form.is_valid(), form.errors
    assert form.row() == ["u1", "甲", "district", "li", "李", "l@x.org"]
