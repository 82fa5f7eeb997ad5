"""What a person is, and where, as the database itself holds it, written in bulk too."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import Department, Membership, Role, Unit, User
from common import clock
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 31, 23, 59, tzinfo=clock.BEIJING)
WITHOUT_PLACE = [Role.OFFICE, Role.LEADER, Role.CHIEF, Role.SUPERVISOR]


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="jia", name="甲区科协")


@pytest.fixture
def department() -> Department:
    return Department.objects.create(code="zuzhi", name="组织人事部")


def refused(deed: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        deed()


@pytest.mark.parametrize("role", WITHOUT_PLACE)
def test_who_belongs_to_the_whole_body_is_put_in_no_place(unit: Unit, department: Department, role: Role) -> None:
    held = Membership.objects.filter(user=a_person(role))
    refused(lambda: held.update(unit=unit))
    refused(lambda: held.update(department=department))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.HEAD])
def test_who_belongs_to_a_department_stays_in_one_and_is_in_no_unit(
    unit: Unit, department: Department, role: Role
) -> None:
    held = Membership.objects.filter(user=a_person(role, department=department))
    refused(lambda: held.update(department=None))
    refused(lambda: held.update(unit=unit))
    refused(lambda: held.update(unit=unit, department=None))


def test_a_filer_stays_in_a_unit_and_is_in_no_department(unit: Unit, department: Department) -> None:
    held = Membership.objects.filter(user=a_person(Role.FILER, unit=unit))
    refused(lambda: held.update(unit=None))
    refused(lambda: held.update(department=department))
    refused(lambda: held.update(unit=None, department=department))


@pytest.mark.parametrize("role", WITHOUT_PLACE)
def test_a_filer_is_not_made_something_else_in_passing(unit: Unit, role: Role) -> None:
    held = Membership.objects.filter(user=a_person(Role.FILER, unit=unit))
    refused(lambda: held.update(role=role))


def test_a_role_that_there_is_not_is_refused() -> None:
    held = Membership.objects.filter(user=a_person(Role.LEADER))
    refused(lambda: held.update(role="king"))


@pytest.mark.parametrize("role", Role.values)
def test_nobody_is_the_same_twice_without_an_end(unit: Unit, department: Department, role: str) -> None:
    place = {
        "filer": {"unit": unit},
        "reviewer": {"department": department},
        "head": {"department": department},
    }.get(role, {})
    person = User.objects.create_user("zhang", name="张三")
    rows = [Membership(user=person, role=role, since=NOW, **place) for _time in range(2)]
    refused(lambda: Membership.objects.bulk_create(rows))
    assert not person.memberships.exists()


def test_what_has_ended_may_begin_anew_and_is_not_opened_again_beside_it(unit: Unit) -> None:
    person = a_person(Role.FILER, unit=unit)
    person.memberships.update(until=NOW)
    Membership.objects.bulk_create([Membership(user=person, role=Role.FILER, unit=unit, since=NOW)])
    assert person.memberships.count() == 2
    refused(lambda: person.memberships.update(until=None))


def test_one_person_files_for_two_units_but_not_for_one_of_them_twice(unit: Unit) -> None:
    other = Unit.objects.create(code="yi", name="乙区科协")
    person = a_person(Role.FILER, unit=unit)
    Membership.objects.bulk_create([Membership(user=person, role=Role.FILER, unit=other)])
    refused(lambda: person.memberships.filter(unit=other).update(unit=unit))


def test_codes_and_user_names_are_not_made_the_same(unit: Unit, department: Department) -> None:
    other = Unit.objects.create(code="yi", name="甲区科协")
    desk = Department.objects.create(code="kepu", name="科普部")
    people = [a_person(Role.LEADER), a_person(Role.LEADER)]
    refused(lambda: Unit.objects.filter(pk=other.pk).update(code=unit.code))
    refused(lambda: Department.objects.filter(pk=desk.pk).update(code=department.code))
    refused(lambda: Department.objects.filter(pk=desk.pk).update(name=department.name))
    refused(lambda: User.objects.filter(pk=people[0].pk).update(username=people[1].username))


def test_places_and_people_with_a_past_are_not_deleted(unit: Unit, department: Department) -> None:
    person = a_person(Role.FILER, unit=unit)
    a_person(Role.HEAD, department=department)
    Membership.objects.update(since=NOW - timedelta(days=900), until=NOW - timedelta(days=800))
    for row in (person, unit, department):
        with pytest.raises(ProtectedError):
            row.delete()
