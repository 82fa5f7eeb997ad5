"""Nobody loses a word: offline, after the session has ended, and when a colleague types in the same field."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Locator, expect

from accounts.models import Role, User
from audit.models import ClockShift
from scoring.models import SheetLine
from tests.e2e.steps_common import PASSWORD, Stage, Visitor
from tests.support.world import START, World, a_cycle, a_person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
STATUS = "[data-autosave-status]"


@pytest.fixture
def world() -> World:
    """An open cycle with one society, and the live server's clock at its beginning."""
    made = a_cycle().with_units(1, "society").opened()
    ClockShift.objects.create(ahead=START + timedelta(hours=1) - timezone.now())
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return made


def filer_of(world: World) -> User:
    return world.filers[world.assessments[0].sheet_id]


def words(visitor: Visitor) -> Locator:
    """Where the filer writes what was done for the first part."""
    return visitor.page.locator("[name='text-1.1']")


def at_the_sheet(stage: Stage, user: User) -> Visitor:
    """Somebody who has opened the self-evaluation."""
    visitor = stage.person(user)
    visitor.open("/self-evaluation/")
    return visitor


def saved_words() -> str:
    return SheetLine.objects.get(code="1.1").text


def test_what_is_typed_offline_is_saved_as_soon_as_the_network_is_back(stage: Stage, world: World) -> None:
    filer = at_the_sheet(stage, filer_of(world))
    filer.page.context.set_offline(True)
    words(filer).fill("断网时写下的话")
    words(filer).blur()
    expect(filer.page.locator(STATUS)).to_contain_text("没有连上")
    assert saved_words() == ""
    filer.page.context.set_offline(False)
    expect(filer.page.locator(STATUS)).to_contain_text("已保存")
    assert saved_words() == "断网时写下的话"


def test_what_could_not_be_saved_is_there_after_a_reload(stage: Stage, world: World) -> None:
    filer = at_the_sheet(stage, filer_of(world))
    filer.page.context.route("**/save/", lambda route: route.abort())
    words(filer).fill("没有存上的话")
    words(filer).blur()
    expect(filer.page.locator(STATUS)).to_contain_text("没有连上")
    filer.page.reload()
    expect(words(filer)).to_have_value("没有存上的话")


def test_an_ended_session_keeps_the_words_until_one_signs_in_again(stage: Stage, world: World) -> None:
    filer = at_the_sheet(stage, filer_of(world))
    Session.objects.all().delete()
    words(filer).fill("登录过期后写下的话")
    words(filer).blur()
    expect(filer.page.locator(STATUS)).to_contain_text("登录已过期")
    filer.page.goto("/self-evaluation/")
    filer.page.locator("[name=username]").fill(filer_of(world).username)
    filer.page.locator("[name=password]").fill(PASSWORD)
    filer.page.locator("form .btn.main").click()
    expect(words(filer)).to_have_value("登录过期后写下的话")


def test_two_filers_of_one_field_see_each_other_and_choose(stage: Stage, world: World) -> None:
    colleague = a_person(Role.FILER, unit=world.assessments[0].sheet.unit, name="同事甲")
    colleague.set_password(PASSWORD)
    colleague.save()
    first, second = at_the_sheet(stage, filer_of(world)), at_the_sheet(stage, colleague)
    words(first).fill("第一个人写的")
    words(first).blur()
    expect(first.page.locator(STATUS)).to_contain_text("已保存")
    words(second).fill("第二个人写的")
    words(second).blur()
    expect(second.page.locator("main")).to_contain_text("第一个人写的")
    expect(words(second)).to_have_value("第二个人写的")
    assert saved_words() == "第一个人写的", "nothing is overwritten before somebody chooses"
