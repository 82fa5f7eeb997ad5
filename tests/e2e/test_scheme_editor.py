"""The office makes a scheme on screen and opens its cycle: begun from nothing, typed, taken from the library."""

import pytest
from playwright.sync_api import expect

from common import clock
from scoring.engine.edit import Edit
from scoring.models import Cycle, Scheme
from scoring.services.editing import edit_scheme
from scoring.services.library import put_in_library
from tests.e2e.steps_common import Stage, Visitor
from tests.e2e.walk_filing import press_main
from tests.support.world import a_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
STATUS = "[data-autosave-status]"


@pytest.fixture
def office(stage: Stage) -> Visitor:
    """Somebody of the office, with one indicator of 40 points in the library."""
    world = a_cycle(year=clock.today().year + 2)
    scheme = Scheme.objects.select_related("cycle").get()
    put_in_library(scheme=scheme, places=[("tracks", 0, "indicators", 1)], by=world.office)
    return stage.person(world.office)


def begin(office: Visitor, year: int) -> None:
    """A draft with nothing in it but a track without a name."""
    office.open("/schemes/start/")
    office.page.locator("[name=year]").fill(str(year))
    office.page.locator("[name=title]").fill(f"{year}年度医院考核")
    press_main(office)
    office.page.locator("[name=deadline]").fill(f"{year}-12-31")
    office.page.locator("[name=why]").fill("按会议纪要编制。")
    press_main(office)


def write_the_track(office: Visitor) -> None:
    """Its name and desk are typed, an indicator written and one taken; a step goes back and comes again."""
    page = office.page
    office.click(page.locator(".toc li:not([class]) a").nth(1))
    page.locator("[name=name]").fill("医院")
    page.locator("[name=desk]").fill("医务部")
    page.locator("[name=desk]").press("Tab")
    expect(page.locator(STATUS)).to_contain_text("已保存")
    office.click(page.locator("button[value='add:indicators']"))
    page.keyboard.type("开展义诊")
    office.click(page.locator("button[value='add:parts']"))  # before the page says that the words are saved
    page.keyboard.type("义诊")
    page.locator("[name=points]").fill("60")
    office.click(page.locator("button[formaction$='/undo/']"))
    expect(page.locator("[name=points]")).to_have_value("0")
    office.click(page.locator("button[formaction$='/redo/']"))
    expect(page.locator("[name=points]")).to_have_value("60")
    type_while_a_colleague_saves(office)
    office.click(page.locator(".quiet a").first)
    office.click(page.locator("a[href*='/edit/take/']"))
    page.locator("[name=ids]").first.check()
    press_main(office)


def type_while_a_colleague_saves(office: Visitor) -> None:
    """The second is told; what was typed is there when the row is looked at again, and saved when that is said."""
    page, draft = office.page, Scheme.objects.select_related("cycle").latest("pk")
    edit = Edit((), {"issuer": "市卫生健康委"})
    edit_scheme(scheme=draft, edit=edit, what="函", by=draft.loaded_by, seen=draft.sha256, why="按会议纪要编制。")
    page.locator("[name=per]").fill("场")
    page.locator("[name=per]").press("Tab")
    expect(page.locator("#id_per_error")).to_be_visible()
    office.click(page.locator("#stale a"))
    expect(page.locator("[name=per]")).to_have_value("场")
    draft.refresh_from_db()
    assert draft.body["tracks"][0]["indicators"][0]["parts"][1]["per"] is None
    press_main(office)
    expect(page.locator("[name=per]")).to_have_value("场")


def settle(office: Visitor, year: int) -> None:
    """What the letter does not state is confirmed as it stands."""
    office.open(f"/schemes/{year}/")
    for box in office.page.locator("input[name=ids]").all():
        box.check()
    press_main(office)
    press_main(office)


def open_with_a_unit(office: Visitor, year: int) -> None:
    """One hospital takes part; its department is that of the track."""
    office.follow("Units")
    row = ["h01", "市第一医院", "annex-1", "filer", "填报同志", "filer@example.org"]
    office.page.locator("#import [name=rows]").fill("\t".join(row))
    office.click(office.page.locator("#import button").first)
    press_main(office)
    office.open(f"/cycles/{year}/open/")
    press_main(office)


def test_from_nothing_to_an_open_cycle(stage: Stage, office: Visitor) -> None:
    year = clock.today().year
    office.go("Indicator library")
    begin(office, year)
    write_the_track(office)
    stage.looks = False  # at the pages that follow another walk has looked
    settle(office, year)
    open_with_a_unit(office, year)
    cycle = Cycle.objects.get(year=year)
    (track,) = cycle.scheme.body["tracks"]
    assert cycle.is_open
    assert track["indicators"][0]["parts"][1]["per"] == "场"
    assert [(row["code"], row["points"]) for row in track["indicators"]] == [("1", "60"), ("2", "40")]
    assert set(cycle.scheme.steps.values_list("why", flat=True)) == {"按会议纪要编制。"}
    assert not stage.problems, "\n".join(stage.problems)
