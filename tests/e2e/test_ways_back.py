"""Going back is part of the work: asked again, returned, upheld, and each time straight back to whoever sent it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from audit.models import ClockShift
from scoring.models import Step
from tests.e2e import walk_back, walk_ending
from tests.e2e.steps_common import PASSWORD, Stage
from tests.support.browser import PHONE
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.publicity.models import Publicity

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
UNTIL = "2026-12-20"


@pytest.fixture
def world() -> World:
    """Three reviewed societies, and the live server's clock at their instant."""
    made = a_cycle().with_units(3, "society").reviewed()
    ClockShift.objects.create(ahead=made.at - timezone.now())
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return made


def test_each_piece_comes_straight_back(stage: Stage, world: World) -> None:
    """A better result after an objection stands on a list of its own; the first list says what holds now."""
    stage.size = PHONE
    first, second, third = (assessment.sheet.unit_name for assessment in world.assessments)
    office, chief = stage.person(world.office), stage.person(world.chief)
    reviewer, head = stage.person(world.reviewers["society"]), stage.person(world.heads["society"])

    walk_back.ask_again(office, first, "第一项请复核", UNTIL)
    walk_back.review_again(reviewer, head, first, "第一项请复核", "9")
    walk_back.confirm_all(office)
    walk_ending.submit_board(office)
    walk_back.return_a_row(chief, second, "请说明加分依据")
    office.go("Consolidation")
    office.click(office.page.locator("tbody tr", has_text=second).locator("a.btn"))
    office.says("请说明加分依据")
    walk_back.confirm_all(office)
    walk_ending.submit_board(office)
    walk_back.grade_all_and_sign(chief, "一等")
    walk_ending.publish(office)

    walk_ending.object_publicly(stage, first)
    walk_back.uphold(office, "经核查属实")
    walk_back.ask_again(office, first, "异议成立，请复评", UNTIL)
    walk_back.review_again(reviewer, head, first, "异议成立，请复评", "12")
    walk_back.confirm_all(office)
    walk_ending.submit_board(office)
    walk_back.grade_all_and_sign(chief, "一等")
    walk_ending.publish(office)

    old, new = Publicity.objects.order_by("published_at")
    stranger = stage.visitor()
    stranger.open(f"/public/{old.slug}/")
    expect(stranger.page.locator("tbody tr", has_text=first)).to_contain_text("结果已更新")
    stranger.click(stranger.page.locator("main .hint a").first)
    assert stranger.page.url.endswith(f"/public/{new.slug}/")
    expect(stranger.page.locator("tbody tr", has_text=third)).to_contain_text("原第 1 名")
    assert Board.objects.count() == 3
    assert {assessment.step for assessment in world.assessments} == {Step.PUBLICITY}
    assert not stage.problems, "\n".join(stage.problems)
