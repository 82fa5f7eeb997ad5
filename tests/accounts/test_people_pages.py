"""The office's pages of people, units and departments."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Department, Membership, Role, Unit, User
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE, name="办公室")


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="wanzhou", name="万州区科协")


def found(client, name: str = "accounts", **query: str) -> set[str]:
    return {str(listed) for listed in client.get(reverse(name), query).context["page"].object_list}


def test_people_are_found_by_words_place_and_role(office: User, unit: Unit) -> None:
    a_person(Role.FILER, unit=unit, name="张三")
    a_person(Role.LEADER, name="李四")
    client = browser_of(office)
    assert found(client) == {"办公室", "张三", "李四"}
    assert found(client, q="张") == {"张三"}
    assert found(client, q="万州") == {"张三"}
    assert found(client, role="leader") == {"李四"}
    assert found(client, q="nobody") == set()


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize("name", ["accounts", "unit-list", "department-list"])
def test_lists_take_a_fixed_number_of_queries(
    django_assert_max_num_queries, office: User, unit: Unit, count: int, name: str
) -> None:
    for number in range(count):
        a_person(Role.FILER, unit=Unit.objects.create(code=f"c{number}", name=f"单位{number}"))
        Department.objects.create(code=f"d{number}", name=f"部室{number}")
    client = browser_of(office)
    with django_assert_max_num_queries(9):
        assert client.get(reverse(name)).status_code == 200


def test_long_lists_are_paged(office: User) -> None:
    for _number in range(60):
        a_person(Role.LEADER)
    client = browser_of(office)
    assert len(client.get(reverse("accounts")).context["page"].object_list) == 50
    assert len(client.get(reverse("accounts"), {"page": 2}).context["page"].object_list) == 11


def test_a_new_person_gets_a_password_that_is_shown_once(office: User, unit: Unit) -> None:
    answer = browser_of(office).post(
        reverse("account-add"),
        {"username": "zhang", "name": "张三", "email": "", "role": "filer", "place": "万州区科协"},
    )
    made = answer.context["made"][0]
    assert made.password in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert made.user.memberships.get().unit == unit


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"username": "a b"}, "username"),
        ({"username": "taken"}, "username"),
        ({"role": "filer", "place": "nowhere"}, "place"),
        ({"role": "filer", "place": ""}, "place"),
        ({"role": "leader", "place": "wanzhou"}, "place"),
        ({"email": "nothing"}, "email"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    office: User, unit: Unit, changes: dict[str, str], at: str
) -> None:
    User.objects.create_user("taken", "secret", name="别人")
    typed = {"username": "zhang", "name": "张三", "email": "", "role": "leader", "place": ""} | changes
    answer = browser_of(office).post(reverse("account-add"), typed)
    assert answer.status_code == 200 and at in answer.context["form"].errors
    assert "张三" in answer.content.decode()
    assert User.objects.filter(name="张三").count() == 0


def test_a_person_is_changed_joined_and_let_go(office: User, unit: Unit) -> None:
    person = a_person(Role.LEADER, name="李四")
    client, page = browser_of(office), reverse("account", args=[person.pk])
    assert client.post(page, {"name": "李思", "email": ""}).status_code == 302
    joined = client.post(reverse("membership-add", args=[person.pk]), {"role": "filer", "place": "wanzhou"})
    assert joined.status_code == 302
    membership = Membership.objects.get(user=person, role=Role.FILER)
    client.post(reverse("membership-end", args=[membership.pk]))
    client.post(reverse("account-active", args=[person.pk]), {"active": "0"})
    person.refresh_from_db()
    membership.refresh_from_db()
    assert person.name == "李思" and membership.until is not None and not person.is_active
    client.post(reverse("account-active", args=[person.pk]), {"active": "1"})
    assert User.objects.get(pk=person.pk).is_active
    assert client.get(page).status_code == 200


def test_a_role_that_does_not_fit_is_refused_on_the_same_page(office: User) -> None:
    person = a_person(Role.LEADER)
    url = reverse("membership-add", args=[person.pk])
    client = browser_of(office)
    assert client.post(url, {"role": "filer", "place": "nowhere"}).context["joining"].errors
    assert client.post(url, {"role": "leader"}).context["joining"].errors
    assert client.post(url, {"role": "chief", "until": "2020-01-01"}).context["joining"].errors


def test_the_office_does_not_lock_itself_out(office: User) -> None:
    client = browser_of(office)
    client.post(reverse("membership-end", args=[office.memberships.get().pk]))
    client.post(reverse("account-active", args=[office.pk]), {"active": "0"})
    assert client.get(reverse("accounts")).status_code == 200


def test_a_reset_password_ends_open_sessions(office: User) -> None:
    person = a_person(Role.LEADER)
    theirs = browser_of(person)
    answer = browser_of(office).post(reverse("account-password", args=[person.pk]))
    assert answer.context["made"][0].password in answer.content.decode()
    assert theirs.get(reverse("messages")).status_code == 302


def test_a_closed_account_is_out_at_once(office: User) -> None:
    person = a_person(Role.LEADER)
    theirs = browser_of(person)
    browser_of(office).post(reverse("account-active", args=[person.pk]), {"active": "0"})
    assert theirs.get(reverse("messages")).status_code == 302


@pytest.mark.parametrize(("kind", "model"), [("unit", Unit), ("department", Department)])
def test_units_and_departments_are_added_and_changed(office: User, kind: str, model: type[Unit]) -> None:
    client = browser_of(office)
    assert client.post(reverse(f"{kind}-new"), {"code": "new", "name": "新的"}).status_code == 302
    place = model.objects.get(code="new")
    edit = reverse(f"{kind}-edit", args=[place.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, {"code": "new", "name": "更新"})
    assert found(client, f"{kind}-list", q="更") == {"更新"}
    assert client.post(reverse(f"{kind}-new"), {"code": "new", "name": "又一"}).context["form"].errors


def test_operators_add_the_first_account(capsys, unit: Unit) -> None:
    call_command("add_account", "first", name="王五")
    user = User.objects.get(username="first")
    assert user.memberships.get().role == Role.OFFICE
    password = capsys.readouterr().out.strip().rsplit(" ", 1)[-1].rsplit("：", 1)[-1]
    assert user.check_password(password)
    call_command("add_account", "filer", role="filer", place="wanzhou")
    assert User.objects.get(username="filer").memberships.get().unit == unit


@pytest.mark.parametrize(
    "options", [{"role": "filer"}, {"role": "filer", "place": "nowhere"}, {"role": "office", "place": "wanzhou"}]
)
def test_operators_are_told_what_is_wrong_and_nothing_stays(unit: Unit, options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("add_account", "first", **options)
    assert not User.objects.filter(username="first").exists()
