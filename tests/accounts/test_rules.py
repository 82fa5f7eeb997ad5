"""Rules of who may: they compose, refuse with words, take their roles from the permission table, and read once."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts import rules
from accounts.actors import Actor, actor_of
from accounts.middleware import AccessMiddleware
from accounts.models import Membership, Role, Unit, User
from accounts.permissions import TABLE
from common.errors import NotAllowed
from tests.support.world import a_person


@dataclass
class Sheet:
    """Anything that belongs to a unit."""

    unit_id: int


OWN, FOREIGN = Sheet(unit_id=1), Sheet(unit_id=2)
OFFICE_AND_FILER = Actor(
    user=User(username="both"), memberships=(Membership(role=Role.OFFICE), Membership(role=Role.FILER, unit_id=1))
)
SUPERVISOR = Actor(user=User(username="supervisor"), memberships=(Membership(role=Role.SUPERVISOR),))


def refusal(asked: rules.Rule[Any], actor: Actor, thing: object = None) -> str:
    with translation.override("en"):
        return asked.refusal(actor, thing)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_in_a_service_what_the_table_lets_it_at_the_address(role: Role) -> None:
    actor = Actor(user=User(username="x"), memberships=(Membership(role=role),))
    for action, roles in TABLE.items():
        assert rules.permitted(action).allows(actor, None) is (role in roles)


def test_both_are_asked_and_the_first_that_refuses_speaks() -> None:
    both = rules.is_office & rules.not_own_unit
    assert both.allows(OFFICE_AND_FILER, FOREIGN)
    assert refusal(both, OFFICE_AND_FILER, OWN) == "Nobody decides on their own unit."
    assert refusal(both, SUPERVISOR, OWN) == "Only the office of the leading group does this."


def test_either_is_enough_and_the_first_speaks_when_none_allows() -> None:
    either = rules.is_chief | rules.is_office
    assert either.allows(OFFICE_AND_FILER, None)
    assert (rules.is_office | rules.is_chief).allows(OFFICE_AND_FILER, None)
    assert refusal(either, SUPERVISOR) == "Only the head of the leading group signs."


def test_the_contrary_and_words_made_from_the_thing() -> None:
    assert refusal(~rules.is_office, OFFICE_AND_FILER) == "This is not yours to open or do"
    assert not refusal(~rules.is_office, SUPERVISOR)
    named = rules.not_own_unit.saying(lambda sheet: f"unit {sheet.unit_id}")
    assert refusal(named, OFFICE_AND_FILER, OWN) == "unit 1"
    assert refusal(named.on(lambda place: (FOREIGN, OWN)[place]), OFFICE_AND_FILER, 1) == "unit 1"


@pytest.mark.django_db
def test_a_refusal_stands_at_its_field_and_a_person_is_read_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = a_person(Role.FILER, unit=Unit.objects.create(code="u1", name="单位"))
    with django_assert_num_queries(1), pytest.raises(NotAllowed) as caught:
        rules.require(person, rules.is_office, field="why")
    assert caught.value.field == "why"
    actor = actor_of(person)
    with django_assert_num_queries(0):
        rules.require(actor, rules.of_the_unit, Sheet(unit_id=actor.memberships[0].unit_id or 0))


def test_the_system_itself_may() -> None:
    rules.require(None, rules.is_office)


def test_a_refusal_that_no_page_shows_is_answered_with_its_words(rf: RequestFactory) -> None:
    gate = AccessMiddleware(lambda _request: None)  # type: ignore[arg-type, return-value]  # not called
    request: HttpRequest = rf.get("/")
    request.user = User(username="x", name="某人")
    answer = gate.process_exception(request, NotAllowed("不能处理本单位的事项。"))
    assert answer is not None
    assert answer.status_code == 403
    assert "不能处理本单位的事项。" in answer.content.decode()
    assert gate.process_exception(request, ValueError()) is None
