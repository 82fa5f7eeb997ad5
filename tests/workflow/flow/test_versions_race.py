"""Two who sign at once, on real connections: one version counts, and its units are counted anew once."""

import pytest
from django.utils import translation

from accounts.models import Role, User
from common.errors import DomainError
from scoring.models import FormerLine, Scheme, Step
from tests.support.versions import submitted, worth
from tests.support.world import a_cycle, a_person
from tests.workflow.flow.conftest import Together
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
