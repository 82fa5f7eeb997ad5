"""Every service with everybody: it obeys those who are named for it, in their place, and nobody else."""

from collections.abc import Iterator
from enum import Enum, auto

import pytest
from django.db import transaction

from accounts.models import Membership, Role, User
from common.errors import DomainError, NotAllowed
from common.many import Dealt
from common.saving import Saved
from tests.access.services import ABOUT_A_UNIT, NOT_YET, TABLE, House, Obeys, build
from tests.style.test_who_may import ASKED_BEFORE, in_whose_name
from tests.support.source import Function, Module
from tests.support.world import START

# Who confirms depends on who asked: tests of their own.
OF_OTHER_TESTS = ("accounts/confirmations.py",)


@pytest.fixture
def house(db: None) -> Iterator[House]:
    made = build()
    with made.world.clock():
        yield made


class End(Enum):
    """How a call ended."""

    DONE = auto()
    REFUSED = auto()  # by a rule about who may
    FAILED = auto()  # with words about something else


def called(house: House, service: Obeys, by: User) -> End:
    """How the call ends in the hands of `by`; what was done is forgotten."""
    try:
        with transaction.atomic():
            answer = service.call(house, by)
            transaction.set_rollback(True)
        if isinstance(answer, Saved) and answer.refused:
            return End.REFUSED
        if isinstance(answer, Dealt) and answer.refused:
            raise answer.refused[0][1]
    except NotAllowed:
        return End.REFUSED
    except DomainError:
        return End.FAILED
    return End.DONE


def refused(house: House, service: Obeys, by: User) -> bool:
    """Whether a rule refuses `by`."""
    return called(house, service, by) is End.REFUSED


def expected(name: str, role: Role) -> End:
    """How the call of a service ends for a role, in the right place."""
    if role not in TABLE[name].roles:
        return End.REFUSED
    return End.FAILED if name in NOT_YET else End.DONE


def named(module: Module, function: Function) -> str:
    """How a service stands in the table: its module without the word that they all have, and its name."""
    path = [part for part in module.name.removesuffix(".py").split("/") if part != "services"]
    return ".".join((*path, function.name))


def test_every_service_that_acts_in_somebody_s_name_is_listed() -> None:
    asked = {
        named(module, function)
        for module, function in in_whose_name()
        if f"{module.name} {function.name}" not in ASKED_BEFORE and module.name not in OF_OTHER_TESTS
    }
    assert asked == set(TABLE)
    assert {*ABOUT_A_UNIT, *NOT_YET} <= set(TABLE)


@pytest.mark.parametrize("role", Role)
def test_a_service_obeys_the_roles_that_are_named_and_no_other(house: House, role: Role) -> None:
    by = house.people[role]
    ends = {name: called(house, service, by) for name, service in TABLE.items()}
    wrong = [f"{name} is {end.name}" for name, end in ends.items() if end is not expected(name, role)]
    assert not wrong, f"{role}: {', '.join(wrong)}"


def test_a_service_obeys_nobody_from_elsewhere(house: House) -> None:
    obeyed = [
        f"{name} obeys {by}"
        for by in house.foreigners
        for name, service in TABLE.items()
        if not refused(house, service, by)
    ]
    assert not obeyed, "\n".join(sorted(obeyed))


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.FILER, Role.SUPERVISOR)])
def test_nobody_decides_about_their_own_unit(house: House, role: Role) -> None:
    by = house.people[role]
    for unit in [assessment.sheet.unit for assessment in house.world.assessments]:
        Membership.objects.create(user=by, role=Role.FILER, unit=unit, since=START)
    obeyed = [name for name in ABOUT_A_UNIT if role in TABLE[name].roles and not refused(house, TABLE[name], by)]
    assert not obeyed, f"{role}: {', '.join(obeyed)}"


def test_what_is_about_a_whole_track_is_not_stopped_by_one_s_own_unit_in_it(house: House) -> None:
    by = house.people[Role.OFFICE]
    Membership.objects.create(user=by, role=Role.FILER, unit=house.reviewed.unit, since=START)
    stopped = [
        name
        for name, service in TABLE.items()
        if Role.OFFICE in service.roles and name not in ABOUT_A_UNIT and refused(house, service, by)
    ]
    assert not stopped
