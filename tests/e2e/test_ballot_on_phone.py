"""From the QR code of a slip to thanks, on a phone of 390 px: few taps, no account, no address that tells the code."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request, expect

from audit.models import ClockShift
from common.ui.qr import qr_code
from scoring.models import Ballot, Draw
from tests.e2e.steps_common import Stage
from tests.e2e.walk_filing import press_main
from tests.support.ballots import a_drawn_world, a_token
from tests.support.browser import PHONE
from tests.support.world import World
from workflow.rating.services.tokens import grouped, token_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    """A district whose recipients are drawn, and the live server's clock inside the window."""
    made = a_drawn_world()
    ClockShift.objects.create(ahead=made.at - timezone.now())
    return made


@pytest.fixture
def plain_page(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A phone that runs no scripts."""
    width, height = PHONE
    context = browser.new_context(
        java_script_enabled=False, base_url=stage.address, viewport={"width": width, "height": height}, locale="zh-CN"
    )
    yield context.new_page()
    context.close()


def said_to_servers(page: Page) -> list[str]:
    """What the browser tells any server from now on, bodies aside: addresses and where it came from."""
    told: list[str] = []

    def note(sent: Request) -> None:
        told.append(f"{sent.url} {sent.headers}")

    page.on("request", note)
    return told


def test_from_the_code_on_a_slip_to_thanks(stage: Stage, world: World) -> None:
    office = stage.person(world.office)
    office.open(f"/draws/{Draw.objects.get().pk}/ballots/")
    office.page.locator("[name=ids]").first.check()
    press_main(office)
    press_main(office)
    code = token_in(office.page.locator(".slip code").inner_text())
    link = f"{stage.address}/ballot/#{code}"
    assert office.page.locator("svg.qr path").get_attribute("d") == qr_code(link).path

    phone = stage.visitor(PHONE)
    told = said_to_servers(phone.page)
    phone.page.goto(link)
    phone.page.wait_for_url("**/ballot/sheet/")
    phone.look()
    phone.says(world.assessments[0].sheet.unit_name)
    phone.page.get_by_text("很满意").click()  # the first tap
    expect(phone.page.locator("[name=value]")).to_have_value("95")
    press_main(phone)  # the second
    receipt = phone.page.locator("#receipt").inner_text()
    assert receipt.count("-") == 3
    assert not any(code in words for words in [*told, phone.page.url])
    assert Ballot.objects.get(spent=True).receipt_sha256

    phone.click(phone.page.get_by_role("button", name="修改评分"))
    phone.says("您已评价过")
    phone.page.locator("[name=value]").fill("101")
    press_main(phone)
    expect(phone.page.locator("[name=value]")).to_have_attribute("aria-invalid", "true")
    phone.page.locator("[name=value]").fill("85")
    expect(phone.page.locator("[name=step][value='85']")).to_be_checked()
    press_main(phone)
    assert phone.page.locator("#receipt").inner_text() != receipt
    assert Ballot.objects.filter(spent=True).count() == 1
    assert not stage.problems


def test_a_second_link_in_the_same_window_opens_its_own_ballot(stage: Stage, world: World) -> None:
    first, second = Ballot.objects.all()[:2]
    phone = stage.visitor(PHONE)
    for ballot in (first, second):
        phone.page.goto(f"/ballot/#{a_token(ballot)}")
        phone.page.wait_for_url("**/ballot/sheet/")
        phone.page.locator("[name=step]").nth(1).check()
        press_main(phone)
        expect(phone.page.locator("#receipt")).to_have_count(1)
    assert Ballot.objects.filter(spent=True).count() == 2


def test_a_code_typed_by_hand_and_a_wrong_one(stage: Stage, world: World) -> None:
    phone = stage.visitor(PHONE)
    phone.open("/ballot/")
    phone.page.locator("[name=token]").fill("00000-00000-00000-00000")
    press_main(phone)
    expect(phone.page.locator("[name=token]")).to_have_attribute("aria-invalid", "true")
    phone.page.locator("[name=token]").fill(grouped(a_token()).lower())
    press_main(phone)
    expect(phone.page.locator("[name=step]")).to_have_count(5)


def test_too_late_is_said_kindly_with_the_dates(stage: Stage, world: World) -> None:
    closes = world.cycle.ratings_close_at
    assert closes
    ClockShift.objects.update(ahead=closes + timedelta(seconds=1) - timezone.now())
    phone = stage.visitor(PHONE)
    phone.page.goto(f"/ballot/#{a_token()}")
    phone.page.wait_for_url("**/ballot/sheet/")
    phone.says("评价已截止")
    expect(phone.page.locator("time")).to_have_count(2)


def test_without_scripts_it_takes_a_code_a_step_and_a_button(plain_page: Page, world: World) -> None:
    plain_page.goto(f"/ballot/#{a_token()}")
    plain_page.locator("[name=token]").fill(a_token())
    plain_page.locator("button.main").click()
    plain_page.locator("[name=step]").nth(1).check()
    plain_page.locator("button.main").click()
    expect(plain_page.locator("#receipt")).to_have_count(1)
    assert Ballot.objects.filter(spent=True).count() == 1
