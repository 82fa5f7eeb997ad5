"""Names read as they are kept: no line break and no mark that turns or hides letters comes in by any way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import services
from accounts.grants import Grant, NewPerson
from accounts.identity import holds_unseen
from accounts.models import Department, Role, Unit, User
from common import clock
from common.errors import DomainError
from common.tables.heads import TableRow
from documents.services.roster import RosterError, people_of
from scoring.models import ScoreSheet
from scoring.services.schemes import load_scheme
from scoring.services.units import Entrant, add_units, change_unit
from tests.support.clients import browser_of
from tests.support.imports import people_in
from tests.support.schemes import a_body
from tests.support.world import a_cycle, a_person
from workflow.publicity.models import Publicity
from workflow.publicity.services.objections import Signed, file_objection

pytestmark = pytest.mark.django_db
TURNED = "张\u202e三"
MINORITY = "阿卜杜拉·买买提"


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE)


def change(office: User, name: str) -> None:
    services.change_account(user=a_person(Role.LEADER), name=name, email="", by=office)


def the_leader(name: str) -> NewPerson:
    return NewPerson(username="zhang", name=name, email="", grant=Grant(Role.LEADER))


def add(office: User, name: str) -> None:
    services.add_person(person=the_leader(name), by=office)


def import_one(office: User, name: str) -> None:
    services.import_accounts(people=[the_leader(name)], by=office)


def a_unit(office: User, name: str) -> None:
    services.save_place(place=Unit(), code="jia", name=name, by=office)


def a_department(office: User, name: str) -> None:
    services.save_place(place=Department(), code="jia", name=name, by=office)


def a_unit_of_a_cycle(office: User, name: str) -> None:
    add_units(cycle=a_cycle().cycle, entrants=[Entrant("jia", name, "district")], by=office)


def a_name_of_a_year(office: User, name: str) -> None:
    sheet = a_cycle().with_units(1).cycle.sheets.get()
    change_unit(sheet=sheet, name=name, track=sheet.track, by=office)


WAYS = [change, add, import_one, a_unit, a_department, a_unit_of_a_cycle, a_name_of_a_year]


@pytest.mark.parametrize("letter", ["\n", "\r", "\t", "\u2028", "\u202e", "\u200f", "\u200b", "\ufeff", "\u3164"])
def test_what_cannot_be_seen_is_known(letter: str) -> None:
    assert holds_unseen(f"张{letter}三") and not holds_unseen(MINORITY)


@pytest.mark.parametrize("way", WAYS)
def test_no_service_takes_a_name_that_holds_it(office: User, way: Callable[[User, str], None]) -> None:
    with pytest.raises(DomainError) as refused:
        way(office, TURNED)
    assert refused.value.field == "name"
    assert not User.objects.filter(name=TURNED).exists() and not Unit.objects.filter(name=TURNED).exists()


@pytest.mark.parametrize("way", WAYS)
def test_the_dot_of_minority_names_stays(office: User, way: Callable[[User, str], None]) -> None:
    way(office, MINORITY)
    assert any(
        model.objects.filter(**{column: MINORITY}).exists()
        for model, column in ((User, "name"), (Unit, "name"), (Department, "name"), (ScoreSheet, "unit_name"))
    )


def test_rows_and_operators_are_told() -> None:
    assert people_in(f"zhang,{TURNED},,leader,").faults
    with pytest.raises(CommandError):
        call_command("add_account", "zhang", name=TURNED)
    with pytest.raises(RosterError):
        people_of([TableRow(number=1, cells=("科技志愿者", TURNED, "13900000001"))], ["科技志愿者"])


@pytest.mark.parametrize("field", ["name", "workplace", "contact"])
def test_an_objector_is_told_at_the_field(field: str) -> None:
    world = a_cycle().with_units(1).published()
    words: dict[str, Any] = {"kind": "person", "name": "样例", "contact": "13900000000", "workplace": "某单位"}
    with world.clock(), pytest.raises(DomainError) as refused:
        file_objection(
            publicity=Publicity.objects.get(),
            sheet=world.assessments[0].sheet,
            arrived_at=clock.now(),
            text="得分与事实不符，请核实。",
            signed=Signed(**words | {field: f"{words[field]}\u202e1"}),
        )
    assert refused.value.field == field


def test_a_notice_names_its_desks_in_what_can_be_seen() -> None:
    body = a_body()
    body["tracks"][0]["desk"] = "组织\u200b人事部"
    load_scheme(body=body, source_name="notice.txt", source=b"")
    assert not any(holds_unseen(name) for name in Department.objects.values_list("name", flat=True))


def test_a_page_says_it_at_the_field(office: User) -> None:
    person = a_person(Role.LEADER, name="李四")
    page = browser_of(office).post(reverse("account", args=[person.pk]), {"name": TURNED, "email": ""})
    assert page.status_code == 200 and page.context["form"].errors["name"]
    person.refresh_from_db()
    assert person.name == "李四"


def test_the_pages_spell_a_name_as_imports_do(office: User) -> None:
    browser, typed = browser_of(office), "阿卜杜拉 • 买买提"
    browser.post(reverse("account-add"), {"username": "abdulla", "name": typed, "role": "leader"})
    person = a_person(Role.LEADER)
    browser.post(reverse("account", args=[person.pk]), {"name": typed, "email": ""})
    assert User.objects.filter(name=MINORITY).count() == 2
