"""Records of the year: logged by departments, seen by those whom they concern, withdrawn but never deleted (R15)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Department, Membership, Role, Unit
from audit.models import Event
from common.errors import NotAllowed
from scoring.models import Record, RecordKind
from tests.support.clients import browser_of
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.world import START, World, a_cycle, a_person
from workflow.review.services.records import log_record

pytestmark = pytest.mark.django_db


def the_unit(world: World) -> Unit:
    return world.assessments[0].sheet.unit


def a_fact(world: World, **changes: Any) -> dict[str, Any]:
    fact = {
        "unit": the_unit(world).pk,
        "kind": "deduction",
        "code": "D1.1",
        "times": 1,
        "happened_on": START.date().isoformat(),
        "text": "未按时报送统计报表",
    }
    return fact | changes


def log(world: World, **changes: Any) -> Record:
    given: dict[str, Any] = {
        "cycle": world.cycle,
        "unit": the_unit(world),
        "department": world.desks["district"],
        "kind": RecordKind.NOTE,
        "text": "承办全市活动",
        "happened_on": START.date(),
        "by": world.reviewers["district"],
    }
    with world.clock():
        return log_record(**(given | changes))


def test_a_department_records_a_fact() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        answer = browser_of(world.reviewers["district"]).post(reverse("records"), a_fact(world))
    row = Record.objects.get()
    assert answer.status_code == 302
    assert (row.code, row.times, row.department) == ("D1.1", 1, world.desks["district"])
    assert Event.objects.filter(verb="record.logged", subject=f"unit:{row.unit_id}").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "B1.1"}, "code"),
        ({"code": "D9.9"}, "code"),
        ({"code": ""}, "code"),
        ({"happened_on": (START + timedelta(days=1)).date().isoformat()}, "happened_on"),
        ({"happened_on": "gestern"}, "happened_on"),
        ({"times": 0}, "times"),
        ({"text": ""}, "text"),
        ({"unit": 999999}, "unit"),
        ({"kind": "praise"}, "kind"),
    ],
)
def test_a_fault_is_named_at_its_field_and_nothing_is_lost(changes: dict[str, Any], field: str) -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        answer = browser_of(world.reviewers["district"]).post(reverse("records"), a_fact(world, **changes))
    assert field in answer.context["form"].errors
    assert not Record.objects.exists()
    if field != "text":
        assert "未按时报送统计报表" in answer.content.decode()


def test_a_deduction_may_name_a_loss_within_a_part() -> None:
    world = a_cycle().with_units(1).opened()
    let_parts_be_of_every_kind(world)
    with world.clock():
        client = browser_of(world.reviewers["district"])
        wrong = client.post(reverse("records"), a_fact(world, kind="bonus", code="1.2.1"))
        client.post(reverse("records"), a_fact(world, code="1.2.1", times=3))
    assert "code" in wrong.context["form"].errors
    assert [(row.code, row.times) for row in Record.objects.all()] == [("1.2.1", 3)]


def test_a_note_names_no_rule() -> None:
    world = a_cycle().with_units(1).opened()
    with world.clock():
        browser_of(world.office).post(reverse("records"), a_fact(world, kind="note", code="D1.1"))
    row = Record.objects.get()
    assert (row.code, row.department) == ("", None)


@pytest.mark.both
def test_nobody_records_about_their_own_unit() -> None:
    world = a_cycle().with_units(1).opened()
    reviewer = world.reviewers["district"]
    row = log(world, by=world.heads["district"])
    Membership.objects.create(user=reviewer, role=Role.FILER, unit=the_unit(world), since=START)
    with pytest.raises(NotAllowed):
        log(world)
    with world.clock():
        client = browser_of(reviewer)
        assert client.post(reverse("record-withdraw", args=[row.pk]), {"why": "重复登记"}).status_code == 404
        assert "unit" in client.post(reverse("records"), a_fact(world)).context["form"].errors
        assert list(client.get(reverse("records")).context["page"]) == []


def test_a_withdrawn_record_stays_with_the_reason() -> None:
    world = a_cycle().with_units(1).opened()
    row = log(world)
    client = browser_of(world.reviewers["district"])
    with world.clock():
        client.post(reverse("record-withdraw", args=[row.pk]), {"why": " "})
        row.refresh_from_db()
        assert row.withdrawn_at is None
        client.post(reverse("record-withdraw", args=[row.pk]), {"why": "重复登记"})
        client.post(reverse("record-withdraw", args=[row.pk]), {"why": "第二次"})
        assert "重复登记" in client.get(reverse("records")).content.decode()
    row.refresh_from_db()
    assert row.withdrawn_why == "重复登记"
    assert Event.objects.filter(verb="record.withdrawn").count() == 1


def test_a_department_sees_its_own_and_those_about_units_that_it_reviews() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").opened()
    elsewhere = a_person(Role.REVIEWER, department=Department.objects.create(code="elsewhere", name="办公室"))
    by_office = log(world, department=None, by=world.office)
    own = log(world)
    seen = {}
    with world.clock():
        for name, person in {
            "district": world.reviewers["district"],
            "society": world.reviewers["society"],
            "elsewhere": elsewhere,
            "office": world.office,
        }.items():
            seen[name] = set(browser_of(person).get(reverse("records")).context["page"])
    assert seen == {"district": {by_office, own}, "society": set(), "elsewhere": set(), "office": {by_office, own}}


def test_only_the_own_department_or_the_office_withdraws() -> None:
    world = a_cycle().with_units(1).opened()
    by_office, own = log(world, department=None, by=world.office), log(world)
    with world.clock():
        reviewer, office = browser_of(world.reviewers["district"]), browser_of(world.office)
        assert reviewer.post(reverse("record-withdraw", args=[by_office.pk]), {"why": "x"}).status_code == 404
        other = browser_of(world.reviewers["society"])
        assert other.post(reverse("record-withdraw", args=[own.pk]), {"why": "x"}).status_code == 404
        assert office.post(reverse("record-withdraw", args=[own.pk]), {"why": "x"}).status_code == 302
        assert browser_of(world.leaders[0]).get(reverse("records")).status_code == 403


def test_the_list_is_filtered_by_word_and_kind() -> None:
    world = a_cycle().with_units(1).opened()
    note, deduction = log(world), log(world, kind=RecordKind.DEDUCTION, code="D1.1", text="迟报")
    with world.clock():
        client = browser_of(world.office)
        by_word = list(client.get(reverse("records"), {"q": "承办"}).context["page"])
        by_kind = list(client.get(reverse("records"), {"kind": "deduction"}).context["page"])
        unknown = list(client.get(reverse("records"), {"kind": "nothing"}).context["page"])
    assert (by_word, by_kind) == ([note], [deduction])
    assert set(unknown) == {note, deduction}


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_needs_the_same_queries_for_few_and_many(count: int, django_assert_max_num_queries: object) -> None:
    world = a_cycle().with_units(1).opened()
    for _ in range(count):
        log(world)
    client = browser_of(world.reviewers["district"])
    with world.clock(), django_assert_max_num_queries(10):  # type: ignore[operator]  # pytest-django's fixture
        assert len(client.get(reverse("records")).context["page"]) == count
