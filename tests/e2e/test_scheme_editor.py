"""The office makes a scheme on screen: begun from nothing, rows added, what was typed taken back and again."""

import pytest
from playwright.sync_api import expect

from scoring.models import Scheme
from tests.e2e.steps_common import PASSWORD, Stage
from tests.support.world import a_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
STATUS = "[data-autosave-status]"


def test_a_scheme_is_made_from_nothing_and_a_step_goes_back_and_comes_again(stage: Stage) -> None:
    office = a_cycle().office
    office.set_password(PASSWORD)
    office.save()
    stage.looks = False
    visitor = stage.person(office)
    visitor.open("/schemes/start/")
    page = visitor.page
    page.locator("[name=year]").fill("2030")
    page.locator("button.main").click()
    page.locator("button[value='add:tracks']").click()
    page.locator("[name=name]").fill("医院")
    page.locator("[name=name]").press("Tab")
    expect(page.locator(STATUS)).to_contain_text("已保存")
    page.locator("button[value='add:indicators']").click()
    page.locator("textarea[name=text]").fill("开展义诊")
    page.locator("button[value='add:parts']").click()  # before the page says that the words are saved
    page.locator("[name=points]").fill("40")
    back = page.locator("button[formaction$='/undo/']")
    back.click()
    expect(page.locator("[name=points]")).to_have_value("0")
    page.locator("button[formaction$='/redo/']").click()
    expect(page.locator("[name=points]")).to_have_value("40")
    track = Scheme.objects.get(cycle__year=2030).body["tracks"][1]
    assert (track["name"], track["indicators"][0]["text"], track["indicators"][0]["points"]) == (
        "医院",
        "开展义诊",
        "40",
    )
