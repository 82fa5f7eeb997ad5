"""A version that is signed while others act, on real connections: it counts once, and nobody waits for ever."""

import pytest
from django.db import transaction
from django.utils import translation

from accounts.models import Role, User
from common.errors import DomainError
from scoring.models import Cycle, FormerLine, Scheme, SchemeProposal, Step
from tests.support.locks import meanwhile
from tests.support.versions import submitted, worth
from tests.support.world import a_cycle, a_person
from tests.workflow.flow.conftest import Together
from workflow.board.services.held import hold_open
from workflow.board.services.signing import return_lines
from workflow.board.services.submitting import submit_board
from workflow.flow.endings import lock_processes
from workflow.versions.services.proposing import propose_version
from workflow.versions.services.signing import sign_version

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_version_that_two_sign_at_once_is_signed_once(together: Together) -> None:
    world = a_cycle().with_units(3, "society").consolidated()
    other = a_person(Role.CHIEF)
    proposal = submitted(world, *worth("8"))

    def sign(by: User) -> int:
        with translation.override("zh-hans"), world.clock():
            try:
                sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=by)
            except DomainError:
                return 0
            return 1

    assert sorted(together(lambda: sign(world.chief), lambda: sign(other))) == [0, 1]
    assert Scheme.objects.get(in_force=world.cycle).version == 2
    assert FormerLine.objects.count() == 3
    assert {assessment.step for assessment in world.assessments} == {Step.CONSOLIDATION}


def test_another_correction_begins_with_what_is_signed_meanwhile() -> None:
    world = a_cycle().with_units(1, "society").opened()
    proposal = submitted(world, *worth("30"))

    def propose() -> None:
        with translation.override("zh-hans"), world.clock():
            propose_version(cycle=world.cycle, why="又一处", by=world.office)

    with meanwhile(propose) as waits, transaction.atomic(), world.clock():
        lock_processes(world.cycle)
        Cycle.objects.select_for_update(no_key=True).get(pk=world.cycle.pk)
        waits()
        sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.chief)
    again = SchemeProposal.objects.latest("pk")
    assert (again.instead_of_id, again.scheme.body) == (proposal.scheme_id, proposal.scheme.body)


def test_whoever_signs_and_whoever_returns_from_a_board_never_wait_for_each_other() -> None:
    world = a_cycle().with_units(2, "society").consolidated()
    with world.clock():
        board = submit_board(track=world.cycle.tracks.get(code="society"), by=world.office)
    proposal = submitted(world, *worth("8"))

    def sign() -> None:
        with translation.override("zh-hans"), world.clock():
            sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.chief)

    with meanwhile(sign) as waits, transaction.atomic():
        hold_open(board)
        waits()
        with world.clock():
            return_lines(board=board, line_ids=[board.lines.all()[0].pk], why="再看", by=world.chief)
    assert {assessment.step for assessment in world.assessments} == {Step.CONSOLIDATION}


def test_whoever_signs_takes_the_locks_in_the_order_of_all_others() -> None:
    world = a_cycle().with_units(1, "society").opened()
    proposal = submitted(world, *worth("30"))

    def sign() -> None:
        with translation.override("zh-hans"), world.clock():
            sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.chief)

    with meanwhile(sign) as waits, transaction.atomic():
        lock_processes(world.cycle)
        waits()
        Cycle.objects.select_for_update(no_key=True).get(pk=world.cycle.pk)  # closing, windows and notices do so
    assert Scheme.objects.get(in_force=world.cycle).version == 2
