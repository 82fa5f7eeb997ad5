"""A cycle of many units is opened on screen: the page tells how far it is, may be left, and is found again."""

import os
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audit.models import ClockShift
from scoring.models import Step
from tests.e2e.steps_common import Stage, Visitor
from tests.e2e.walk_filing import press_main
from tests.support.world import START, World, a_cycle
from workflow.bulk.models import BulkRun
from workflow.bulk.services import AT_ONCE, work_off

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
# 3,000 where somebody wants to see a province (KAOHE_OPENED_UNITS).
UNITS = int(os.environ.get("KAOHE_OPENED_UNITS", "450"))
RENEWED_WITHIN = 20_000  # milliseconds, on a machine that does other things too


@pytest.fixture
def world() -> World:
    """Units before their cycle's opening, and the live server's clock at that instant."""
    made = a_cycle().with_units(UNITS, "society")
    ClockShift.objects.create(ahead=START - timezone.now())
    return made


def says_how_far(office: Visitor, done: int) -> None:
    """The page that is open says so, without being loaded anew."""
    figures = re.compile(rf"已办 {done}，未办成 0，待办 {UNITS - done}")
    expect(office.page.locator("[data-renew]")).to_contain_text(figures, timeout=RENEWED_WITHIN)


def test_the_page_tells_how_far_the_opening_is(stage: Stage, world: World) -> None:
    """The worker's part is done here, a chunk at a time."""
    office = stage.person(world.office)
    office.go("The cycle")
    office.follow("Open the cycle")
    office.says(str(UNITS))
    press_main(office)
    says_how_far(office, 0)
    run = BulkRun.objects.get()
    work_off(run, end=0)
    says_how_far(office, AT_ONCE)
    office.follow("To the list")
    office.click(office.page.locator(f"main a[href*='/{run.pk}/']").first)
    for done in range(2 * AT_ONCE, UNITS, AT_ONCE):
        work_off(run, end=0)
        says_how_far(office, done)
    work_off(run)
    says_how_far(office, UNITS)
    expect(office.page.locator("[data-renew-finished]").first).to_be_attached()
    office.follow("To the list")
    office.says(str(UNITS))
    assert {assessment.step for assessment in world.assessments} == {Step.SELF_EVALUATION}
    assert not stage.problems, "\n".join(stage.problems)
