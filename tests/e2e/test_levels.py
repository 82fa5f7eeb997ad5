"""A unit says which level it has reached, what was measured and lost, and its department what it finds: on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audit.models import ClockShift
from scoring.models import SheetLine
from tests.e2e.steps_common import Stage
from tests.support.browser import PHONE
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.world import START, World, a_cycle
from workflow.flow.models import Node

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def of_every_kind(made: World) -> World:
    """A world whose parts have levels, bands of a number, and losses."""
    let_parts_be_of_every_kind(made)
    ClockShift.objects.create(ahead=START + timedelta(hours=1) - timezone.now())
    return made


def test_points_follow_from_what_is_chosen_measured_and_lost(stage: Stage) -> None:
    world = of_every_kind(a_cycle().with_units(1).opened())
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


def test_points_follow_from_what_a_department_finds(stage: Stage) -> None:
    world = of_every_kind(a_cycle().with_units(1).accepted())
    sheet = world.assessments[0].sheet
    sheet.lines.filter(code="1.2").update(claimed=18, basis={"losses": {"1.2.1": "1"}})
    reviewer = stage.person(world.reviewers["district"], PHONE)
    reviewer.open(f"/review/{world.task(world.assessments[0], Node.DEPARTMENT_REVIEW).pk}/")
    page = reviewer.page
    lost = page.locator(".part").filter(has_text="1.2").locator("details")
    lost.locator("summary").click()
    expect(page.get_by_label("缺席一次")).to_have_value("1")
    page.get_by_label("缺席一次").fill("3")
    expect(page.locator("[name='value-1.2']")).to_have_value("14")
    expect(lost.locator(".follows")).to_contain_text("14")
    assert sheet.lines.get(code="1.2").reviewed_basis == {"losses": {"1.2.1": "3"}}
    reviewer.look()
    page.get_by_label("缺席一次").fill("4")
    page.get_by_role("button", name="保存", exact=True).click()  # before the page has saved by itself
    expect(page.locator("[name='value-1.2']")).to_have_value("12")
    assert stage.problems == []
