"""The leaders' sheet on a tablet: a number, an abstention, second thoughts; all of it kept without a button."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audit.models import ClockShift
from tests.e2e.steps_common import Stage, Visitor, zh
from tests.support.browser import PHONE
from tests.support.world import World, a_cycle
from workflow.rating.queries.leaders import ABSTAINED, given_by

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TABLET = (820, 1180)


@pytest.fixture
def world() -> World:
    """Three districts that leaders may rate, and the live server's clock inside the window."""
    made = a_cycle().with_units(3).accepted()
    assert made.cycle.ratings_open_at is not None
    ClockShift.objects.create(ahead=made.cycle.ratings_open_at + timedelta(hours=1) - timezone.now())
    for assessment in made.assessments:
        assessment.sheet.lines.filter(code="1.1").update(
            text="开展全国科普日、科技活动周等主题活动12场，覆盖群众3.2万人次。"
        )
    return made


def kept(leader: Visitor, state: str, row: int) -> None:
    """The row says so, and the page that it is saved."""
    expect(leader.page.locator("tbody tr").nth(row)).to_contain_text(zh(state))
    expect(leader.page.locator("[data-autosave-status]")).to_contain_text("已保存")


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_a_leader_settles_every_district_without_a_button(stage: Stage, world: World, size: tuple[int, int]) -> None:
    stage.size = size
    leader = stage.person(world.leaders[0])
    leader.open("/ratings/")
    numbers, boxes = leader.page.locator("input.pts"), leader.page.locator("[name^='abstain-']")

    numbers.nth(0).fill("88.5")
    kept(leader, "Rated", 0)
    boxes.nth(1).check()
    kept(leader, "Abstained", 1)
    expect(leader.page.locator("#left")).to_contain_text("1")
    boxes.nth(0).check()
    kept(leader, "Abstained", 0)
    expect(numbers.nth(0)).to_have_value("")
    numbers.nth(1).fill("0")
    kept(leader, "Rated", 1)
    expect(boxes.nth(1)).not_to_be_checked()
    numbers.nth(2).fill("101")
    expect(numbers.nth(2)).to_have_attribute("aria-invalid", "true")
    numbers.nth(2).fill("100")
    kept(leader, "Rated", 2)
    expect(leader.page.locator("#left b")).to_have_count(0)

    sheets = [assessment.sheet_id for assessment in world.assessments]
    given = given_by(world.leaders[0], sheets)
    assert [given[sheet] for sheet in sheets] == [ABSTAINED, 0, 100]
    assert not [problem for problem in stage.problems if "422" not in problem], "\n".join(stage.problems)
