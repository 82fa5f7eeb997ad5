"""The review grid page by page: typed by keyboard, nothing lost on the way, on a screen and on a phone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from audit.models import ClockShift
from scoring.models import SheetLine
from tests.e2e.steps_common import Stage, Visitor
from tests.support.browser import DESKTOP, PHONE
from tests.support.world import World, a_cycle
from workflow.review.queries import review_grid

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PAGE = "/review/grid/district/"
STATUS = "[data-autosave-status]"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Five districts under review on pages of two, and the live server's clock among them."""
    monkeypatch.setattr(review_grid, "A_PAGE", 2)
    made = a_cycle().with_units(5).accepted()
    ClockShift.objects.create(ahead=made.at + timedelta(hours=1) - timezone.now())
    return made


def at_the_grid(stage: Stage, world: World, size: tuple[int, int] = DESKTOP) -> Visitor:
    """A reviewer before the first page."""
    visitor = stage.person(world.reviewers["district"], size)
    visitor.open(PAGE)
    return visitor


def cells(visitor: Visitor, code: str) -> Locator:
    """The inputs of a column."""
    return visitor.page.locator(f"input[name$='-{code}']")


def given(world: World) -> list[Decimal | None]:
    """What stands in the first column, by the codes of the units."""
    lines = SheetLine.objects.filter(sheet__cycle=world.cycle, code="1.1")
    return list(lines.order_by("sheet__unit__code").values_list("reviewed", flat=True))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["screen", "phone"])
def test_a_reviewer_types_through_the_pages_and_comes_back(stage: Stage, world: World, size: tuple[int, int]) -> None:
    reviewer = at_the_grid(stage, world, size)
    reviewer.says("5 份尚未送审")
    cells(reviewer, "1.1").first.focus()
    for points in ("11", "12"):
        reviewer.page.keyboard.type(points)
        reviewer.page.keyboard.press("Enter")
    reviewer.press("Next")
    cells(reviewer, "1.1").first.fill("13")
    reviewer.press("Next")
    expect(cells(reviewer, "1.1")).to_have_count(1)
    reviewer.press("Previous")
    expect(cells(reviewer, "1.1").first).to_have_value("13")
    assert given(world) == [11, 12, 13, None, None]
    assert stage.problems == []


def test_a_number_that_is_refused_waits_until_its_unit_is_shown_again(stage: Stage, world: World) -> None:
    reviewer = at_the_grid(stage, world)
    reviewer.page.on("dialog", lambda asked: asked.accept())
    address = reviewer.page.url
    cells(reviewer, "1.1").first.fill("41")
    cells(reviewer, "1.1").first.blur()
    expect(reviewer.page.locator(STATUS)).to_contain_text("有内容没有保存")
    second = reviewer.page.locator("button[name=go]").get_attribute("value")
    reviewer.open(f"{PAGE}?from={second}")
    expect(cells(reviewer, "1.1").first).to_have_value("")
    reviewer.open(f"{PAGE}?show=left")
    expect(cells(reviewer, "1.1").first).to_have_value("41")
    cells(reviewer, "1.1").first.fill("40")
    cells(reviewer, "1.1").first.blur()
    expect(reviewer.page.locator(STATUS)).to_contain_text("已保存")
    reviewer.open(address)
    expect(cells(reviewer, "1.1").first).to_have_value("40")
    assert given(world)[0] == 40


def test_going_on_with_a_number_that_is_refused_stays_and_says_why(stage: Stage, world: World) -> None:
    reviewer = at_the_grid(stage, world)
    cells(reviewer, "1.1").nth(1).fill("41")
    reviewer.press("Next")
    expect(cells(reviewer, "1.1").nth(1)).to_have_value("41")
    expect(reviewer.page.locator(".error").first).to_be_visible()
    cells(reviewer, "1.1").nth(1).fill("39")
    reviewer.press("Next")
    assert given(world)[:2] == [None, 39]


def test_a_unit_is_found_and_the_rest_is_shown_again(stage: Stage, world: World) -> None:
    reviewer = at_the_grid(stage, world)
    sought = world.assessments[4].sheet.unit_name
    reviewer.fill("Unit", sought)
    reviewer.press("Filter")
    expect(cells(reviewer, "1.1")).to_have_count(1)
    reviewer.says(sought)
    reviewer.follow("Show all")
    expect(cells(reviewer, "1.1")).to_have_count(2)
