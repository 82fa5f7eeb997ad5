"""The gate: what each role may do, that everything else is refused, and who somebody is at an instant."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.actors import Actor, actor_at_gate, actor_of, members_with, requester
from accounts.grants import Grant, NewPerson
from accounts.middleware import AccessMiddleware
from accounts.models import Department, Membership, Role, Unit, User
from accounts.permissions import TABLE, Action, may, requires
from accounts.queries import people, working
from accounts.services import import_accounts
from common import clock
from common.errors import NotAllowed
from common.ui.errors import forbidden
from tests.support.clients import browser_of
from tests.support.world import START, a_person

FILER, REVIEWER, HEAD, OFFICE, LEADER, CHIEF, SUPERVISOR = (
    Role.FILER,
    Role.REVIEWER,
    Role.HEAD,
    Role.OFFICE,
    Role.LEADER,
    Role.CHIEF,
    Role.SUPERVISOR,
)


def somebody(role: Role) -> Actor:
    return Actor(user=User(username=role), memberships=(Membership(role=role),))


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        (Action.FILL_SELF_EVALUATION, {FILER}),
        (Action.CONFIRM_RECEIPT, {FILER}),
        (Action.ACCEPT_MATERIALS, {REVIEWER, HEAD}),
        (Action.REVIEW, {REVIEWER, HEAD}),
        (Action.APPROVE_REVIEW, {HEAD}),
        (Action.LOG_RECORD, {REVIEWER, HEAD, OFFICE}),
        (Action.RATE, {LEADER, CHIEF}),
        (Action.RUN_CYCLE, {OFFICE}),
        (Action.MANAGE_ACCOUNTS, {OFFICE}),
        (Action.EDIT_BOARD, {OFFICE, CHIEF}),
        (Action.SIGN_BOARD, {CHIEF}),
        (Action.READ_EVENTS, {OFFICE, SUPERVISOR}),
        (Action.MOVE_CLOCK, {OFFICE}),
        (Action.SIGNED_IN, set(Role)),
    ],
)
def test_an_action_is_for(action: Action, allowed: set[Role]) -> None:
    assert {role for role in Role if may(somebody(role), action)} == allowed
    assert not may(None, action)


def test_every_action_but_the_public_one_stands_in_the_table() -> None:
    assert set(TABLE) == set(Action) - {Action.PUBLIC}
    assert may(None, Action.PUBLIC)


def test_a_supervisor_changes_nothing_but_who_may_change_things() -> None:
    reading = {
        Action.PUBLIC,
        Action.SIGNED_IN,
        Action.READ_CYCLE,
        Action.READ_BOARD,
        Action.READ_EVENTS,
        Action.READ_ASSESSMENT,
        Action.READ_ACCOUNTS,
        Action.READ_LIBRARY,
        Action.READ_PROPOSAL,
    }
    of_their_own = {Action.OWN_PASSWORD, Action.GUARD_ACCOUNTS, Action.WITNESS_DRAW, Action.OVERSEE_DRAW}
    assert {action for action in Action if may(somebody(SUPERVISOR), action)} == reading | of_their_own


def test_whoever_is_nothing_now_may_do_nothing() -> None:
    nobody = Actor(user=User(username="x"))
    assert [action for action in Action if may(nobody, action)] == [Action.PUBLIC]


def gate(view: Any, user: Any, **headers: str) -> HttpResponse | None:
    request = RequestFactory().get("/page/?a=1", headers=headers)
    request.user = user
    return AccessMiddleware(lambda _request: HttpResponse()).process_view(request, view, [], {})


def a_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@requires(Action.RUN_CYCLE)
def an_office_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.django_db
def test_a_view_that_names_no_action_is_refused_even_to_the_office() -> None:
    with pytest.raises(PermissionDenied):
        gate(a_view, a_person(OFFICE))


@pytest.mark.django_db
def test_the_office_passes_and_a_leader_does_not() -> None:
    assert gate(an_office_view, a_person(OFFICE)) is None
    with pytest.raises(PermissionDenied):
        gate(an_office_view, a_person(LEADER))


def test_a_stranger_signs_in_first_and_comes_back_to_the_same_page() -> None:
    answer = gate(an_office_view, AnonymousUser())
    assert answer is not None and answer.status_code == 302
    assert answer["Location"].endswith("next=/page/%3Fa%3D1")


def test_what_saves_by_itself_is_told_that_the_session_ended_instead_of_a_page() -> None:
    answer = gate(an_office_view, AnonymousUser(), x_requested_with="autosave")
    assert answer is not None
    assert (answer.status_code, answer.content) == (401, b'{"signed_out": true}')


@pytest.mark.django_db
def test_what_saves_by_itself_is_told_in_words_that_it_is_refused() -> None:
    answer = browser_of(a_person(LEADER)).post("/accounts/", headers={"X-Requested-With": "autosave"})
    assert answer.status_code == 403 and list(answer.json()) == ["refused"]
    request = RequestFactory().post("/", headers={"X-Requested-With": "autosave"})
    told = forbidden(request, NotAllowed("不在此列"))
    assert json.loads(told.content) == {"refused": "不在此列"}


@pytest.mark.django_db
def test_without_the_gate_the_requester_is_read_anew() -> None:
    request = RequestFactory().get("/")
    request.user = user = a_person(CHIEF)
    assert requester(request).roles == {CHIEF}
    request.actor = told = Actor(user=user)  # type: ignore[attr-defined]  # as the gate does
    assert requester(request) is told


@pytest.mark.django_db
def test_what_the_gate_has_read_is_not_asked_again_until_the_request_is_answered(
    django_assert_num_queries: Any,
) -> None:
    user = a_person(CHIEF)
    actor = actor_at_gate(user)
    with django_assert_num_queries(0):
        assert actor_of(user) is actor
    with django_assert_num_queries(1):
        assert actor_of(User(pk=user.pk)).roles == {CHIEF}


@pytest.mark.django_db
def test_a_person_is_everything_that_holds_now(django_assert_num_queries: Any) -> None:
    first, second = (Department.objects.create(code=code, name=code) for code in "ab")
    unit = Unit.objects.create(code="u", name="u")
    user = a_person(REVIEWER, department=first)
    since = START - timedelta(days=1)
    Membership.objects.create(user=user, role=HEAD, department=second, since=since)
    Membership.objects.create(user=user, role=FILER, unit=unit, since=since, until=START)
    with clock.travel(START - timedelta(microseconds=1)), django_assert_num_queries(1):
        actor = actor_of(user)
        assert actor.roles == {REVIEWER, HEAD, FILER} and actor.unit_ids == {unit.pk}
    with clock.travel(START):
        actor = actor_of(user)
    assert actor.unit_ids == frozenset()
    assert actor.department_ids() == {first.pk, second.pk}
    assert actor.department_ids(HEAD) == {second.pk}
    assert actor.department_ids(FILER) == frozenset()


@pytest.mark.django_db
def test_a_closed_account_is_nothing_and_is_told_nothing() -> None:
    user = a_person(CHIEF)
    assert list(members_with(role=CHIEF)) == [user]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert actor_of(user).roles == frozenset() and not members_with(role=CHIEF).exists()


@pytest.mark.django_db
def test_members_are_found_by_role_and_place() -> None:
    place, other = (Department.objects.create(code=code, name=code) for code in "ab")
    unit = Unit.objects.create(code="u", name="u")
    here, there = a_person(HEAD, department=place), a_person(HEAD, department=other)
    filer = a_person(FILER, unit=unit)
    assert set(members_with(role=HEAD)) == {here, there}
    assert list(members_with(role=HEAD, department_id=place.pk)) == [here]
    assert list(members_with(role=FILER, unit_id=unit.pk)) == [filer]
    assert not members_with(role=REVIEWER, department_id=place.pk).exists()


@pytest.mark.django_db
def test_people_are_found_by_name_place_and_role(django_assert_num_queries: Any) -> None:
    unit = Unit.objects.create(code="wz", name="万州区科协")
    filer, chief = a_person(FILER, unit=unit, name="张三"), a_person(CHIEF, name="李四")
    asked = {
        ("万州", ""): [filer],
        ("wz", ""): [filer],
        ("李", ""): [chief],
        ("", "chief"): [chief],
        ("张", "chief"): [],
        ("", "no role"): [chief, filer],
    }
    for (words, role), found in asked.items():
        assert sorted(user.username for user in people(words, role)) == sorted(user.username for user in found)
    with django_assert_num_queries(2):
        assert [len(user.held) for user in people()] == [1, 1]  # type: ignore[attr-defined]  # prefetched


@pytest.mark.django_db
def test_who_works_in_a_role_holds_it_now_and_can_sign_in() -> None:
    now = clock.now()
    passing, future, past, closed = (a_person(OFFICE) for _person in range(4))
    passing.memberships.update(until=now + timedelta(days=400))
    future.memberships.update(since=now + timedelta(days=1))
    past.memberships.update(until=now)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert [held.user for held in working(Role.OFFICE)] == [passing]


@pytest.mark.django_db
def test_an_import_joins_people_who_have_an_account_and_gives_new_ones_a_single_password() -> None:
    office, known = a_person(OFFICE), a_person(LEADER)
    unit = Unit.objects.create(code="u", name="u")
    place = Department.objects.create(code="d", name="d")
    rows = [
        NewPerson(username=known.username, name=known.name, email="", grant=Grant(FILER, unit), user=known),
        NewPerson(username="new", name="新人", email="", grant=Grant(FILER, unit)),
        NewPerson(username="new", name="新人", email="", grant=Grant(HEAD, place)),
    ]
    (made,) = import_accounts(people=rows, by=office)
    assert made.user.check_password(made.password)
    assert actor_of(known).roles == {LEADER, FILER} and known.check_password("secret")
    assert actor_of(User.objects.get(username="new")).roles == {FILER, HEAD}
