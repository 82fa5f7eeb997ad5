"""The settings of a cycle: planned dates, rating window, quotas, desks, holiday orders."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Department, User
from audit.models import Event
from audit.verbs import Verb
from scoring.models import HolidayOrder, PlannedStep, Responsibility, Step
from scoring.queries.cycles import PLANNED
from scoring.services.cycles import default_plan
from scoring.services.workdays import working_days
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def settings_form(world: World) -> dict[str, object]:
    with world.clock():
        form = signed_in(world.office).get(reverse("cycle-settings", args=[2026])).context["form"]
    return {
        field.name: value.strftime("%Y-%m-%dT%H:%M") if field.name.startswith("ratings") else value
        for field in form
        if (value := field.value()) not in (None, "", False)
    }


def test_the_default_plan_counts_working_days_from_the_deadline_and_says_when_a_year_is_unknown() -> None:
    world = a_cycle()
    PlannedStep.objects.all().delete()
    HolidayOrder.objects.all().delete()
    with world.clock():
        plan, known = default_plan(world.cycle)
        assert known is False
        assert plan[Step.SELF_EVALUATION] == (date(2026, 12, 1), date(2026, 12, 31))
        assert plan[Step.ACCEPTANCE] == (date(2027, 1, 1), date(2027, 1, 5))
        office = signed_in(world.office)
        days = {"year": 2027, "order": "国办发明电〔2026〕9号", "off": "2027-01-01 2027-01-03", "work": "2027-01-09"}
        assert office.post(reverse("holidays"), days).status_code == 302
        plan, known = default_plan(world.cycle)
        assert known is True
        assert plan[Step.ACCEPTANCE] == (date(2027, 1, 4), date(2027, 1, 6))
        assert list(plan) == list(PLANNED)


@pytest.mark.both
def test_the_settings_are_kept_and_recorded() -> None:
    world = a_cycle()
    data = settings_form(world) | {
        "approval_from": "2027-02-01",
        "approval_to": "2027-02-03",
        "count_first_day": "on",
        "quota-district-0": "5",
        "ratings_open_at": "2027-01-05T09:00",
        "ratings_close_at": "2027-01-12T00:00",
    }
    with world.clock():
        answer = signed_in(world.office).post(reverse("cycle-settings", args=[2026]), data)
    assert answer.status_code == 302, answer.context["form"].errors
    world.cycle.refresh_from_db()
    assert world.cycle.count_first_day is True
    assert world.cycle.quotas == {"district": {"特等": 5}}
    assert world.cycle.planned_steps.get(step=Step.APPROVAL).ends_on == date(2027, 2, 3)
    assert world.cycle.ratings_close_at.isoformat() == "2027-01-11T16:00:00+00:00"
    assert Event.objects.filter(verb=Verb.CYCLE_CHANGED, cycle="2026").count() == 2


@pytest.mark.both
def test_an_end_before_its_beginning_and_half_a_window_stay_at_their_fields() -> None:
    world = a_cycle()
    data = settings_form(world) | {"approval_from": "2027-02-03", "approval_to": "2027-02-01"}
    with world.clock():
        answer = signed_in(world.office).post(reverse("cycle-settings", args=[2026]), data)
        assert "approval_to" in answer.context["form"].errors
        answer = signed_in(world.office).post(reverse("cycle-settings", args=[2026]), data | {"ratings_open_at": ""})
        assert "ratings_close_at" in answer.context["form"].errors


@pytest.mark.both
def test_the_office_says_who_answers_for_what_until_the_cycle_opens() -> None:
    world = a_cycle().with_units(1)
    other = Department.objects.create(code="kp", name="科普部")
    desk = world.desks["district"]
    url = reverse("responsibilities", args=[2026, "district"])
    client = signed_in(world.office)
    assert client.get(url).status_code == 200
    data = {"desk": desk.pk, "answers-1.1": other.pk, "answers-B1": other.pk}
    assert client.post(url, data).status_code == 302
    held = dict(Responsibility.objects.filter(track__code="district").values_list("code", "department__name"))
    assert held == {"1.1": "科普部", "1.2": desk.name, "2.1": desk.name, "B1": "科普部", "D1": desk.name}
    world.opened()
    late = client.post(url, {"desk": other.pk})
    assert late.status_code == 200
    assert Responsibility.objects.get(track__code="district", code="1.2").department == desk


@pytest.mark.both
@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("off", {"off": "2031-01-01"}),
        ("off", {"off": "明天"}),
        ("off", {"off": "2027-13-01"}),
        ("work", {"work": "2027-01-01"}),
        ("work", {"work": "2027-01-04"}),
    ],
)
def test_a_wrong_holiday_order_is_refused_at_its_field(field: str, data: dict[str, str]) -> None:
    world = a_cycle()
    HolidayOrder.objects.all().delete()
    whole = {"year": "2027", "order": "国办", "off": "2027-01-01", "work": ""} | data
    answer = signed_in(world.office).post(reverse("holidays"), whole)
    assert field in answer.context["form"].errors
    assert not HolidayOrder.objects.exists()


def test_an_entered_order_comes_before_the_library_and_is_replaced_by_the_next() -> None:
    world = a_cycle()
    client = signed_in(world.office)
    client.post(reverse("holidays"), {"year": "2027", "order": "第一稿", "off": "2027-01-04", "work": ""})
    assert working_days(date(2027, 1, 3), 1, count_first=False).counted == (date(2027, 1, 5),)
    client.post(reverse("holidays"), {"year": "2027", "order": "正式", "off": "2027-01-01", "work": ""})
    assert HolidayOrder.objects.get().order == "正式"
    assert working_days(date(2027, 1, 3), 1, count_first=False).counted == (date(2027, 1, 4),)


def test_outsiders_do_not_set_anything() -> None:
    world = a_cycle().with_units(1)
    for user in (world.supervisor, world.chief, *world.filers.values(), *world.heads.values()):
        client = signed_in(user)
        for url in (
            reverse("cycle-settings", args=[2026]),
            reverse("holidays"),
            reverse("responsibilities", args=[2026, "district"]),
        ):
            assert client.get(url).status_code == 403
            assert client.post(url).status_code == 403
