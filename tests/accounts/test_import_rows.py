"""Tables of people as offices make them: headings, quotes, columns too many, places named alike, torn rows."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from accounts.imports import PeopleRead
from accounts.models import Department, Membership, Role, Unit, User
from accounts.services import import_accounts
from audit.models import Event
from common.errors import DomainError
from tests.support.clients import browser_of
from tests.support.imports import people_in
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> tuple[Unit, Department]:
    return (
        Unit.objects.create(code="jia", name="甲区科协"),
        Department.objects.create(code="zuzhi", name="组织人事部"),
    )


def rows_at_fault(text: str) -> list[int]:
    return [fault.row for fault in people_in(text).faults]


def names(read: PeopleRead) -> list[str]:
    return [person.username for person in read.people]


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("填报人", Role.FILER),
        ("filer", Role.FILER),
        ("FILER", Role.FILER),
        (" filer ", Role.FILER),
        ("经办人", Role.REVIEWER),
        ("部室经办人", Role.REVIEWER),
        ("负责人", Role.HEAD),
        ("部室负责人", Role.HEAD),
        ("办公室", Role.OFFICE),
        ("领导小组办公室", Role.OFFICE),
        ("班子成员", Role.LEADER),
        ("领导", Role.LEADER),
        ("领导小组组长", Role.CHIEF),
        ("组长", Role.CHIEF),
        ("监督", Role.SUPERVISOR),
        ("Supervisor", Role.SUPERVISOR),
    ],
)
def test_a_role_is_known_by_the_words_that_people_use(word: str, role: Role) -> None:
    place = {Role.FILER: "jia", Role.REVIEWER: "zuzhi", Role.HEAD: "zuzhi"}.get(role, "")
    assert [person.grant.role for person in people_in(f"zhang,张三,,{word},{place}").people] == [role]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_role_is_known_by_its_name_on_screen(language: str) -> None:
    with translation.override(language):
        for role in Role:
            place = {Role.FILER: "jia", Role.REVIEWER: "zuzhi", Role.HEAD: "zuzhi"}.get(role, "")
            assert [person.grant.role for person in people_in(f"zhang,张三,,{role.label},{place}").people] == [role]


@pytest.mark.parametrize("word", ["管理员", "fil", "office,", "领导小组", "填报人、经办人"])
def test_a_word_for_no_role_is_said_back(word: str) -> None:
    (fault,) = people_in(f"zhang\t张三\t\t{word}\tjia").faults
    assert word in fault.message


def test_a_quoted_cell_holds_marks_and_quotes() -> None:
    Unit.objects.create(code="yi", name='乙区科协,"新区"')
    reading = people_in('zhang,"张三",,filer,"乙区科协,""新区"""')
    assert not reading.faults
    assert [person.grant.unit.code for person in reading.people if person.grant.unit] == ["yi"]


def test_rows_are_counted_as_the_table_counts_them() -> None:
    text = "用户名,姓名,邮箱,角色,单位\n\nzhang,张三,,filer,jia\n,,,,\nli,李四,,king,\n\nwang,,,office,"
    assert rows_at_fault(text) == [5, 7]
    assert names(people_in(text)) == ["zhang"]


@pytest.mark.parametrize("head", ["用户名", "账号", "USERNAME", "User name", "\ufeff用户名", " 用户名 "])
def test_a_heading_is_no_person(head: str) -> None:
    assert names(people_in(f"{head},姓名,邮箱,角色,单位\nzhang,张三,,filer,jia")) == ["zhang"]


def test_a_heading_alone_is_no_table() -> None:
    with pytest.raises(DomainError) as raised:
        people_in("用户名,姓名,邮箱,角色,单位\n")
    assert raised.value.field == "rows"


def test_columns_too_many_are_passed_over_and_too_few_are_a_fault() -> None:
    assert rows_at_fault("zhang,张三,,filer,jia,备注,又一列") == []
    assert [rows_at_fault(row) for row in ("zhang", "zhang,张三", "zhang,张三,", "zhang,张三,,filer")] == [[1]] * 4


def test_a_row_that_lacks_only_its_place_is_enough_for_who_has_none() -> None:
    assert rows_at_fault("zhang,张三,,office") == []


def test_a_code_comes_before_the_name_of_another() -> None:
    Unit.objects.create(code="甲区科协", name="别的单位")
    (person,) = people_in("zhang,张三,,filer,甲区科协").people
    assert person.grant.unit is not None and person.grant.unit.name == "别的单位"


@pytest.mark.parametrize("role", ["reviewer", "head"])
def test_a_unit_s_code_is_no_department_and_a_department_s_no_unit(role: str) -> None:
    assert rows_at_fault(f"zhang,张三,,{role},jia\nli,李四,,filer,zuzhi") == [1, 2]


@pytest.mark.parametrize(("length", "at_fault"), [(60, []), (61, [1])])
def test_names_are_as_long_as_they_may_be(length: int, at_fault: list[int]) -> None:
    assert rows_at_fault(f"zhang,{'张' * length},,office,") == at_fault
    assert rows_at_fault(f"{'z' * length},张三,,office,") == at_fault


@pytest.mark.parametrize("mail", ["z@", "@example.org", "z example@example.org", "张三", "z@example", "z@ex ample.org"])
def test_what_is_no_mail_address_is_said_back(mail: str) -> None:
    (fault,) = people_in(f"zhang\t张三\t{mail}\toffice\t").faults
    assert mail in fault.message


def test_an_account_known_in_other_letters_is_somebody_else_s() -> None:
    User.objects.create_user("Zhang", name="张三")
    assert rows_at_fault("zhang,张三,,office,") == [1]
    assert rows_at_fault("Zhang,张三,,office,") == []


def test_somebody_with_an_account_gets_the_role_and_keeps_password_and_mail() -> None:
    office = a_person(Role.OFFICE)
    known = User.objects.create_user("zhang", "own-password", name="张三", email="z@example.org")
    made = import_accounts(people=people_in("zhang,张三,other@example.org,filer,jia").people, by=office)
    known.refresh_from_db()
    assert made == [] and known.check_password("own-password") and known.email == "z@example.org"
    assert Membership.objects.get(user=known).unit.code == "jia"


def test_the_same_rows_once_more_are_all_at_fault_and_change_nothing() -> None:
    office = a_person(Role.OFFICE)
    text = "zhang,张三,,filer,jia\nli,李四,,reviewer,zuzhi\nwang,王五,,office,"
    import_accounts(people=people_in(text).people, by=office)
    before = (User.objects.count(), Membership.objects.count(), Event.objects.count())
    page = browser_of(office).post(reverse("accounts-import"), {"rows": text, "confirmed": "1"})
    assert [fault.row for fault in page.context["reading"].faults] == [1, 2, 3]
    assert (User.objects.count(), Membership.objects.count(), Event.objects.count()) == before


def test_an_import_that_fails_on_its_last_row_leaves_nothing_of_the_first() -> None:
    office = a_person(Role.OFFICE)
    people = people_in("zhang,张三,,filer,jia\nli,李四,,office,").people
    User.objects.create_user("li", name="别人")
    with pytest.raises(IntegrityError), transaction.atomic():
        import_accounts(people=people, by=office)
    assert not User.objects.filter(username="zhang").exists()
    assert not Event.objects.filter(actor=office).exists()


def test_no_password_of_an_import_is_kept_in_the_clear() -> None:
    office = a_person(Role.OFFICE)
    made = import_accounts(people=people_in("zhang,张三,,filer,jia\nli,李四,,leader,").people, by=office)
    assert len({credentials.password for credentials in made}) == 2
    kept = str(list(Event.objects.values())) + str(list(User.objects.values()))
    assert not any(credentials.password in kept for credentials in made)


def an_upload(content: bytes, name: str = "人员.csv") -> Any:
    page = browser_of(a_person(Role.OFFICE)).post(
        reverse("accounts-import"), {"rows": "", "file": SimpleUploadedFile(name, content)}
    )
    assert page.status_code == 200
    return page.context


@pytest.mark.parametrize(
    "content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n\x1a\n\xff\xff", "张三".encode("utf-16")]
)
def test_a_file_that_is_no_text_is_refused_at_its_field(content: bytes) -> None:
    assert "file" in an_upload(content)["form"].errors


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_as_any_program_here_saves_it(encoding: str, ends: str) -> None:
    text = ends.join(["用户名,姓名,邮箱,角色,单位", "zhang,张三,,填报人,甲区科协", ""])
    assert names(an_upload(text.encode(encoding))["reading"]) == ["zhang"]


def test_a_file_comes_before_pasted_rows_and_an_empty_file_is_none() -> None:
    browser = browser_of(a_person(Role.OFFICE))
    both = {"rows": "li,李四,,office,", "file": SimpleUploadedFile("a.csv", "zhang,张三,,office,".encode())}
    assert names(browser.post(reverse("accounts-import"), both).context["reading"]) == ["zhang"]
    assert an_upload(b"")["form"].errors
    assert an_upload(b" \n,,,,\n")["form"].errors
