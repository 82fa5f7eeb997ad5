"""Comments on their way: the office screens them, the leading group reads what was released, a reason is asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import ClockShift
from scoring.models import Comment
from tests.e2e.steps_common import Stage
from tests.e2e.walk_filing import press_main
from tests.support.browser import PHONE
from tests.support.world import World, a_cycle
from tests.workflow.rating.queries.test_figures import FIVE, rate

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    """Two districts whose recipients have rated, with two comments about the first."""
    made = a_cycle().with_units(2).accepted()
    assert made.cycle.ratings_close_at is not None
    ClockShift.objects.create(ahead=made.cycle.ratings_close_at + timedelta(days=1) - timezone.now())
    for unit, values in enumerate((FIVE, (*FIVE, "75"))):
        rate(made, unit, "recipients", *values)
    for text in ("科普大篷车进村，孩子们很喜欢。", "张三收了礼。"):
        Comment.objects.create(sheet=made.assessments[0].sheet, text=text)
    return made


def test_the_office_screens_and_the_leading_group_reads_what_was_released(stage: Stage, world: World) -> None:
    office, chief = stage.person(world.office), stage.person(world.chief, PHONE)
    office.go("Comments of recipients")
    for text, choice in (("科普大篷车", "release"), ("张三", "withhold")):
        card = office.page.locator(".card", has_text=text)
        card.locator(f"input[value={choice}]").check()
    press_main(office)
    office.says("请说明理由")
    office.page.locator(".card", has_text="张三").locator("input[type=text]").fill("指名道姓")
    press_main(office)
    office.says("没有待审阅的留言")

    chief.go("Ratings in figures")
    chief.says("85.30")
    chief.click(chief.page.locator("tbody a.btn").first)
    chief.says("服务对象评分")
    chief.follow("Comments of recipients")
    chief.says("科普大篷车")
    assert "张三" not in chief.page.content()
    assert not stage.problems, "\n".join(stage.problems)
