"""Importing people from rows: what is read, what is refused and where, and that it is all or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Department, Membership, Role, Unit, User
from accounts.services import import_accounts
from audit.models import Event
from common.errors import DomainError
from tests.support.clients import browser_of
from tests.support.imports import people_in
from tests.support.workbooks import a_table
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> tuple[Unit, Department]:
    return (
        Unit.objects.create(code="wanzhou", name="万州区科协"),
        Department.objects.create(code="zuzhi", name="组织人事部"),
    )


def faults(text: str) -> list[int]:
    return [fault.row for fault in people_in(text).faults]


@pytest.mark.parametrize("mark", [",", "\t", ";", "，"])
def test_rows_are_read_with_any_usual_mark(mark: str) -> None:
    text = "\n".join(
        [
            mark.join(["用户名", "姓名", "邮箱", "角色", "单位"]),
            mark.join(["zhang", "张三", "z@example.org", "填报人", "万州区科协"]),
            mark.join(["li", "李四", "", "reviewer", "zuzhi"]),
            "",
            mark.join(["wang", "王五", "", "office"]),
        ]
    )
    reading = people_in(text)
    assert not reading.faults
    assert [(person.username, person.grant.role) for person in reading.people] == [
        ("zhang", Role.FILER),
        ("li", Role.REVIEWER),
        ("wang", Role.OFFICE),
    ]


@pytest.mark.parametrize(
    "row",
    [
        ",张三,,filer,wanzhou",
        "zhang,,,filer,wanzhou",
        "zhang,张三,no-mail,filer,wanzhou",
        "zhang,张三,,king,wanzhou",
        "zhang,张三,,filer,nowhere",
        "zhang,张三,,reviewer,wanzhou",
        "zhang,张三,,office,wanzhou",
        "zhang,张三,,filer,",
        f"{'x' * 61},张三,,filer,wanzhou",
    ],
)
def test_a_wrong_row_is_named(row: str) -> None:
    assert faults(f"ok,好人,,office,\n{row}") == [2]


def test_one_person_may_have_two_rows_but_not_the_same_twice() -> None:
    assert faults("li,李四,,reviewer,zuzhi\nli,李四,,head,zuzhi") == []
    assert faults("li,李四,,head,zuzhi\nli,李四,,head,zuzhi") == [2]
    assert faults("li,李四,,reviewer,zuzhi\nli,别人,,head,zuzhi") == [2]


def test_a_user_name_that_exists_gets_a_role_only_when_the_name_is_the_same() -> None:
    known = a_person(Role.LEADER, name="李四")
    assert faults(f"{known.username},别人,,office,") == [1]
    assert faults(f"{known.username},李四,,leader,") == [1]
    reading = people_in(f"{known.username},李四,,office,")
    assert reading.people[0].user == known


def test_nothing_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        people_in("\n \n")
    assert refused.value.field == "rows"


def test_an_import_makes_accounts_memberships_and_events() -> None:
    office = a_person(Role.OFFICE)
    reading = people_in("li,李四,,reviewer,zuzhi\nli,李四,,head,zuzhi\nzhang,张三,,filer,wanzhou")
    made = import_accounts(people=reading.people, by=office)
    assert {credentials.user.username for credentials in made} == {"li", "zhang"}
    assert User.objects.get(username="li").check_password(next(o.password for o in made if o.user.username == "li"))
    assert Membership.objects.filter(user__username__in=["li", "zhang"]).count() == 3
    assert Event.objects.filter(data__what="imported", actor=office).count() == 3


@pytest.mark.parametrize("count", [3, 60])
def test_reading_and_importing_take_a_fixed_number_of_queries(django_assert_max_num_queries, count: int) -> None:
    office = a_person(Role.OFFICE)
    text = "\n".join(f"person{number},人{number},,filer,wanzhou" for number in range(count))
    with django_assert_max_num_queries(10):
        import_accounts(people=people_in(text).people, by=office)


def test_the_page_asks_before_it_adds_and_shows_passwords_once() -> None:
    client = browser_of(a_person(Role.OFFICE))
    url, rows = reverse("accounts-import"), "li,李四,,reviewer,zuzhi"
    asked = client.post(url, {"rows": rows})
    assert asked.status_code == 200 and len(asked.context["items"]) == 1
    assert not User.objects.filter(username="li").exists()
    done = client.post(url, {"rows": rows, "confirmed": "1"})
    assert User.objects.filter(username="li").exists()
    assert done.context["made"][0].password in done.content.decode()
    assert "no-store" in done["Cache-Control"]


def test_a_wrong_row_stops_all_even_when_confirmed() -> None:
    client = browser_of(a_person(Role.OFFICE))
    rows = "li,李四,,reviewer,zuzhi\nwang,王五,,king,"
    answer = client.post(reverse("accounts-import"), {"rows": rows, "confirmed": "1"})
    assert [fault.row for fault in answer.context["reading"].faults] == [2]
    assert rows in answer.content.decode()
    assert not User.objects.filter(username="li").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", "li,李四,,reviewer,组织人事部".encode("gb18030")),
        ("people.xlsx", a_table([["用户名", "姓名", "部室", "角色"], ["li", "李四", "组织人事部", "reviewer"]])),
    ],
)
def test_a_file_is_taken_like_pasted_rows_and_travels_with_the_question(name: str, content: bytes) -> None:
    client, url = browser_of(a_person(Role.OFFICE)), reverse("accounts-import")
    asked = client.post(url, {"rows": "", "file": SimpleUploadedFile(name, content)})
    assert [person.username for person in asked.context["reading"].people] == ["li"]
    client.post(url, {"rows": asked.context["rows"], "confirmed": "1"})
    assert Membership.objects.get(user__username="li").role == Role.REVIEWER


def test_an_empty_form_says_so() -> None:
    answer = browser_of(a_person(Role.OFFICE)).post(reverse("accounts-import"), {"rows": ""})
    assert answer.status_code == 200 and answer.context["form"].errors
