"""Nobody loses a word: offline, after the session has ended, and when a colleague types in the same field."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F
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
    """An open cycle with a society and a district, and the live server's clock at its beginning."""
    made = a_cycle().with_units(1).with_units(1, "society").opened()
    ClockShift.objects.create(ahead=START + timedelta(hours=1) - timezone.now())
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return made


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """Its pages are looked at by those who walk through all of them."""
    stage.looks = False
    return stage


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
    return SheetLine.objects.get(sheet__track__code="district", code="1.1").text


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


def test_a_busy_server_is_told_apart_and_asked_again(stage: Stage, world: World) -> None:
    filer = at_the_sheet(stage, filer_of(world))
    busy = {"status": 503, "content_type": "text/html", "body": "busy"}
    filer.page.context.route("**/save/", lambda route: route.fulfill(**busy), times=1)
    words(filer).fill("繁忙时写下的话")
    words(filer).blur()
    expect(filer.page.locator(STATUS)).to_contain_text("系统正忙")
    filer.page.evaluate("dispatchEvent(new Event('online'))")
    expect(filer.page.locator(STATUS)).to_contain_text("已保存")
    assert saved_words() == "繁忙时写下的话"


def kept_in(visitor: Visitor, store: str) -> str:
    """All that pages have put into a store of this browser."""
    return str(visitor.page.evaluate(f"JSON.stringify({{...{store}}})"))


def at_the_roster(stage: Stage, world: World) -> tuple[Visitor, str]:
    """A filer who has pasted people into the roster without handing them in, and the page's address."""
    district = next(assessment for assessment in world.assessments if assessment.sheet.track.code == "district")
    filer = stage.person(world.filers[district.sheet_id])
    path = f"/self-evaluation/{district.pk}/roster/"
    filer.open(path)
    filer.page.locator("[name=rows]").fill("科技志愿者,张三,13900000001")
    return filer, path


def test_names_and_phones_are_kept_only_as_long_as_the_tab(stage: Stage, world: World) -> None:
    filer, path = at_the_roster(stage, world)
    assert "13900000001" in kept_in(filer, "sessionStorage")
    assert "13900000001" not in kept_in(filer, "localStorage")
    filer.page.reload()
    expect(filer.page.locator("[name=rows]")).to_have_value("科技志愿者,张三,13900000001")
    other_tab = filer.page.context.new_page()
    other_tab.goto(path)
    expect(other_tab.locator("[name=rows]")).to_have_value("")


def test_signing_out_leaves_nothing_in_any_tab(stage: Stage, world: World) -> None:
    filer, _path = at_the_roster(stage, world)
    other_tab = Visitor(stage, filer.page.context.new_page())
    other_tab.page.context.route("**/save/", lambda route: route.abort())
    other_tab.page.goto("/self-evaluation/")
    words(other_tab).fill("没有存上的话")
    expect(other_tab.page.locator(STATUS)).to_contain_text("没有连上")
    assert "没有存上的话" in kept_in(other_tab, "localStorage")
    other_tab.page.locator("[data-forget]").first.click()
    expect(other_tab.page.locator("[name=username]")).to_be_visible()
    filer.page.wait_for_function("!JSON.stringify({...sessionStorage}).includes('13900000001')")
    for store in ("localStorage", "sessionStorage"):
        assert "没有存上的话" not in kept_in(other_tab, store) and "13900000001" not in kept_in(other_tab, store)


def test_whoever_signs_in_next_on_the_same_browser_sees_nothing_of_it(stage: Stage, world: World) -> None:
    filer, path = at_the_roster(stage, world)
    Session.objects.all().delete()
    filer.page.goto("/sign-in/")
    unit = next(assessment.sheet.unit for assessment in world.assessments if f"/{assessment.pk}/" in path)
    colleague = a_person(Role.FILER, unit=unit, name="同事乙")
    colleague.set_password(PASSWORD)
    colleague.save()
    filer.fill("User name", colleague.username)
    filer.fill("Password", PASSWORD)
    filer.press("Sign in")
    filer.open(path)
    expect(filer.page.locator("[name=rows]")).to_have_value("")
    assert "13900000001" not in kept_in(filer, "sessionStorage") + kept_in(filer, "localStorage")


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


def test_who_has_a_password_of_somebody_else_s_is_told_the_way(stage: Stage, world: World) -> None:
    filer = at_the_sheet(stage, filer_of(world))
    User.objects.filter(pk=filer_of(world).pk).update(must_change_password=True)
    words(filer).fill("密码重置后写下的话")
    words(filer).blur()
    expect(filer.page.locator(STATUS)).to_contain_text("请先修改密码")
    expect(filer.page.locator(f"{STATUS} a")).to_have_attribute("href", "/password/")


def test_who_may_no_longer_write_here_reads_why(stage: Stage, world: World) -> None:
    filer = at_the_sheet(stage, filer_of(world))
    filer_of(world).memberships.update(until=F("since"))
    words(filer).fill("不再是填报人后写下的话")
    words(filer).blur()
    expect(filer.page.locator(STATUS)).to_contain_text("角色不包括这一项")


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
