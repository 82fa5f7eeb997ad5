"""A unit says which level it has reached, what was measured and what was lost: the points follow, on a phone."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from audit.models import ClockShift
from scoring.models import SheetLine
from tests.e2e.steps_common import PASSWORD, Stage
from tests.support.browser import PHONE
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.world import START, World, a_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    """An open cycle whose parts have levels, bands of a number, and losses."""
    made = a_cycle().with_units(1).opened()
    let_parts_be_of_every_kind(made)
    ClockShift.objects.create(ahead=START + timedelta(hours=1) - timezone.now())
    User.objects.update(password=make_password(PASSWORD))
    return made


def test_points_follow_from_what_is_chosen_measured_and_lost(stage: Stage, world: World) -> None:
    filer = stage.person(world.filers[world.assessments[0].sheet_id], PHONE)
    filer.open("/self-evaluation/")
    page = filer.page
    page.get_by_label("省级").check()
    expect(page.locator("[name='claimed-1.1']")).to_have_value("25")
    page.get_by_label("实际数值（倍）").fill("2.4")
    expect(page.locator("[name='claimed-2.1']")).to_have_value("40")
    page.get_by_label("缺席一次").fill("3")
    expect(page.locator("[name='claimed-1.2']")).to_have_value("14")
    expect(page.locator(".follows").filter(has_text="14")).to_be_visible()
    assert SheetLine.objects.get(sheet_id=world.assessments[0].sheet_id, code="2.1").claimed == 40
    filer.look()
    assert stage.problems == []
