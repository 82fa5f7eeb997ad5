"""From an open cycle to the confirmed notice, over all roles in the browser: at a desk, or on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import ClockShift
from scoring.models import Step
from tests.e2e import walk_ending, walk_filing, walk_judging
from tests.e2e.steps_common import PASSWORD, Stage
from tests.support.browser import PHONE
from tests.support.world import START, World, a_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
CLAIMED = {"1.1": "40", "1.2": "18.5", "2.1": "35"}
REVIEWED = {"1.1": "38", "1.2": "18", "2.1": "35"}


@pytest.fixture
def world() -> World:
    """An open cycle with a district, and the live server's clock at its beginning."""
    made = a_cycle().with_units(1).opened()
    ClockShift.objects.create(ahead=START + timedelta(hours=1) - timezone.now())
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return made


def test_everybody_does_their_part(stage: Stage, world: World) -> None:
    """No page bars anybody, scrolls sideways, errs, or asks another server; at the end everything is circulated."""
    assessment = world.assessments[0]
    filer = stage.signing_in(world.filers[assessment.sheet_id], PHONE)
    desk, head = stage.person(world.reviewers["district"]), stage.person(world.heads["district"])
    office, chief = stage.person(world.office), stage.person(world.chief)

    walk_filing.fill_by_typing(filer, CLAIMED)
    walk_filing.hand_in_materials(filer, people=6)
    walk_filing.submit(filer)
    walk_filing.return_it(desk, until="2026-12-10")
    walk_filing.submit(filer)
    walk_filing.accept_it(desk)

    walk_judging.score(desk, REVIEWED)
    walk_judging.approve(head)
    walk_judging.draw(office, world)
    walk_judging.go_to(office, "2027-01-05")
    walk_judging.rate_by_link(stage, office)
    walk_judging.rate_as_leader(stage.person(world.leaders[0], PHONE))
    walk_judging.pass_deadline(office)
    walk_judging.take_the_few(world)
    walk_judging.consolidate(office)

    walk_ending.submit_board(office)
    walk_ending.sign(chief)
    walk_ending.publish(office)
    walk_ending.object_publicly(stage, assessment.sheet.unit_name)
    walk_ending.dismiss(office)
    walk_judging.pass_deadline(office)
    walk_ending.issue(office, "测科协发〔2027〕1号")
    walk_ending.confirm(filer)

    assessment.refresh_from_db()
    assert assessment.step == Step.CIRCULATED
    office.go("All records")
    office.go("The cycle")
    filer.go("Self-evaluation")
    filer.follow("See the whole way")
    assert not stage.problems, "\n".join(stage.problems)
