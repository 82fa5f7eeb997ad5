"""What the office does with people: every change is recorded, nothing is deleted, somebody can always run the house."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts import services
from accounts.actors import actor_of
from accounts.grants import Grant, NewPerson
from accounts.models import Department, Membership, Role, Unit, User
from accounts.passwords import LETTERS, Credentials, new_password, quick_hash
from audit.models import Event
from common import clock
from common.errors import DomainError
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE)


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="wanzhou", name="万州区科协")


@pytest.fixture
def department() -> Department:
    return Department.objects.create(code="zuzhi", name="组织人事部")


def a_leader(username: str) -> NewPerson:
    return NewPerson(username=username, name="张三", email="", grant=Grant(Role.LEADER))


def noted(user: User) -> list[str]:
    return [event.data["what"] for event in Event.objects.filter(subject=f"user:{user.pk}").order_by("pk")]


def test_a_new_account_signs_in_with_its_one_time_password(office: User) -> None:
    made = services.add_person(person=a_leader("zhang.san"), by=office)
    assert isinstance(made, Credentials)
    assert User.objects.get(username="zhang.san").check_password(made.password)
    assert noted(made.user) == ["added", "membership added"]


def test_user_names_are_unique_whatever_their_case(office: User) -> None:
    services.add_person(person=a_leader("zhang"), by=office)
    with pytest.raises(DomainError) as error:
        services.add_person(person=a_leader("ZHANG"), by=office)
    assert error.value.field == "username"


def test_one_time_passwords_differ_and_have_no_doubtful_letters() -> None:
    passwords = {new_password() for _time in range(50)}
    assert len(passwords) == 50
    assert all(set(password) <= set(LETTERS) | {"-"} and len(password) == 17 for password in passwords)


def test_one_time_passwords_are_kept_with_a_quick_digest_that_django_reads(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    password = new_password()
    user = User(password=quick_hash(password))
    assert PBKDF2PasswordHasher().decode(user.password)["iterations"] == 20_000
    user.username = "x"
    user.save()
    assert user.check_password(password)
    user.refresh_from_db()
    assert PBKDF2PasswordHasher().decode(user.password)["iterations"] > 20_000


def test_a_changed_name_is_recorded_once(office: User) -> None:
    person = a_person(Role.LEADER, name="张三")
    services.change_account(user=person, name="张珊", email="z@example.org", by=office)
    services.change_account(user=person, name="张珊", email="z@example.org", by=office)
    person.refresh_from_db()
    assert (person.name, person.email) == ("张珊", "z@example.org")
    assert noted(person) == ["changed"]


def test_a_membership_begins_now_and_ends_without_being_deleted(office: User, unit: Unit) -> None:
    person = a_person(Role.LEADER)
    membership = services.add_membership(user=person, grant=Grant(Role.FILER, unit), by=office)
    assert isinstance(membership, Membership)
    assert actor_of(person).unit_ids == {unit.pk}
    services.end_membership(membership=membership, by=office)
    services.end_membership(membership=membership, by=office)
    assert actor_of(person).unit_ids == frozenset()
    assert Membership.objects.filter(pk=membership.pk).exists()
    assert noted(person) == ["membership added", "membership ended"]


def test_a_membership_may_begin_later_and_end_by_itself(office: User, department: Department) -> None:
    person = a_person(Role.LEADER)
    begins = clock.now() + timedelta(days=10)
    grant = Grant(Role.HEAD, department, since=begins, until=begins + timedelta(days=5))
    services.add_membership(user=person, grant=grant, by=office)
    assert Role.HEAD not in actor_of(person).roles
    with clock.travel(begins + timedelta(days=1)):
        assert Role.HEAD in actor_of(person).roles
    with clock.travel(begins + timedelta(days=5)):
        assert Role.HEAD not in actor_of(person).roles


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.FILER, None),
        (Role.FILER, "department"),
        (Role.REVIEWER, None),
        (Role.HEAD, "unit"),
        (Role.OFFICE, "unit"),
        (Role.CHIEF, "department"),
    ],
)
def test_a_role_belongs_to_its_kind_of_place(
    office: User, unit: Unit, department: Department, role: Role, place: str | None
) -> None:
    places = {"unit": unit, "department": department, None: None}
    with pytest.raises(DomainError) as error:
        services.add_membership(user=a_person(Role.LEADER), grant=Grant(role, places[place]), by=office)
    assert error.value.field == "place"


def test_nobody_is_the_same_thing_twice(office: User, unit: Unit) -> None:
    person = a_person(Role.FILER, unit=unit)
    with pytest.raises(DomainError) as error:
        services.add_membership(user=person, grant=Grant(Role.FILER, unit), by=office)
    assert error.value.field == "role"


def test_an_end_before_the_beginning_is_refused(office: User) -> None:
    person = a_person(Role.LEADER)
    with pytest.raises(DomainError) as error:
        grant = Grant(Role.CHIEF, until=clock.now() - timedelta(days=1))
        services.add_membership(user=person, grant=grant, by=office)
    assert error.value.field == "until"


def test_the_last_account_of_the_office_stays(office: User) -> None:
    membership = office.memberships.get()
    with pytest.raises(DomainError):
        services.end_membership(membership=membership, by=office)
    with pytest.raises(DomainError):
        services.set_active(user=office, active=False, by=office)
    second = a_person(Role.OFFICE)
    services.end_membership(membership=membership, by=second)
    with pytest.raises(DomainError):
        services.set_active(user=second, active=False, by=second)


def test_a_closed_office_account_does_not_count_as_one_that_is_left(office: User) -> None:
    second = a_person(Role.OFFICE)
    services.set_active(user=second, active=False, by=office)
    with pytest.raises(DomainError):
        services.end_membership(membership=office.memberships.get(), by=office)


def test_a_closed_account_can_be_opened_again(office: User) -> None:
    person = a_person(Role.LEADER)
    services.set_active(user=person, active=False, by=office)
    services.set_active(user=person, active=False, by=office)
    services.set_active(user=person, active=True, by=office)
    assert noted(person) == ["deactivated", "activated"]


def test_a_new_password_replaces_the_old_one(office: User) -> None:
    person = a_person(Role.LEADER)
    made = services.reset_password(user=person, by=office)
    assert isinstance(made, Credentials)
    person.refresh_from_db()
    assert person.check_password(made.password) and not person.check_password("secret")
    assert made.password not in str(list(Event.objects.values()))


def test_units_and_departments_keep_codes_apart(office: User, unit: Unit, department: Department) -> None:
    with pytest.raises(DomainError) as error:
        services.save_place(place=Unit(), code="wanzhou", name="另一个", by=office)
    assert error.value.field == "code"
    with pytest.raises(DomainError) as error:
        services.save_place(place=Department(), code="new", name="组织人事部", by=office)
    assert error.value.field == "name"
    services.save_place(place=unit, code="wanzhou", name="万州区科学技术协会", by=office)
    event = Event.objects.get(subject=f"unit:{unit.pk}")
    assert (event.came_from, event.went_to) == ("wanzhou 万州区科协", "wanzhou 万州区科学技术协会")


def test_saving_a_unit_unchanged_records_nothing(office: User, unit: Unit) -> None:
    services.save_place(place=unit, code=unit.code, name=unit.name, by=office)
    assert not Event.objects.filter(subject=f"unit:{unit.pk}").exists()
