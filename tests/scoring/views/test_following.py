"""The office's pages by which a draft takes over from an earlier cycle, and is deleted again."""

import pytest
from django.urls import reverse

from common import clock
from scoring.models import Cycle, ScoreSheet
from tests.support.clients import browser_of, messages_on
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
URL = "/cycles/2027-%E9%9D%92%E5%B9%B4/follow/"
DROP = "/cycles/2027-%E9%9D%92%E5%B9%B4/drop/"


@pytest.fixture
def world() -> World:
    world = a_cycle().with_units(2)
    for code, sheet in zip("ab", ScoreSheet.objects.order_by("pk"), strict=True):
        sheet.unit.code = code
        sheet.unit.save()
    return world


def begin(world: World) -> str:
    """Begin the next year's scheme like this year's; where that leads."""
    fields = {"year": "2027", "word": "青年", "like": world.cycle.scheme.pk, "title": "2027年度考核"}
    return browser_of(world.office).post(reverse("scheme-start"), fields).url


def test_a_scheme_like_last_year_s_leads_to_its_units(world: World) -> None:
    there = begin(world)
    assert there == f"{URL}?from={world.cycle.pk}"
    page = browser_of(world.office).get(there)
    assert page.context["source"] == world.cycle
    assert [sheet.unit.code for sheet in page.context["page"]] == ["a", "b"]
    for name in ("scheme", "scheme-compare", "scheme-edit", "scheme-reading", "cycle-settings", "units"):
        assert browser_of(world.office).get(reverse(name, args=["2027-青年"])).status_code == 200, name


def test_what_is_taken_over_is_shown_before_it_is_done(world: World) -> None:
    begin(world)
    browser = browser_of(world.office)
    fields = {"source": world.cycle.pk, "rows": "b,a,,\n,n,新增单位,society"}
    page = browser.post(URL, fields)
    said = page.content.decode()
    assert "合并 1" in said and "新增 1" in said and "2028" in said
    assert not ScoreSheet.objects.exclude(cycle=world.cycle).exists()
    back = browser.post(URL, fields | {"again": "", "confirmed": "1"})
    assert back.context["form"]["rows"].value() == fields["rows"]
    done = browser.post(URL, fields | {"confirmed": "1", "seen": page.context["ahead"].digest})
    assert done.url == reverse("units", args=["2027-青年"])
    assert "← " in browser.get(done.url).content.decode()


def test_what_is_wrong_is_told_and_what_was_typed_stays(world: World) -> None:
    begin(world)
    fields = {"source": world.cycle.pk, "rows": "x,y,名,"}
    for confirmed in ({}, {"confirmed": "1"}):
        page = browser_of(world.office).post(URL, fields | confirmed)
        assert page.status_code == 422
        assert page.context["form"].errors
        assert page.context["form"]["rows"].value() == fields["rows"]
    assert browser_of(world.office).post(URL, {"source": "0"}).context["form"].errors["source"]


def test_the_table_comes_back_as_it_went(world: World) -> None:
    begin(world)
    browser = browser_of(world.office)
    table = browser.get(f"{URL}units.csv").content.decode("utf-8-sig")
    page = browser.post(URL, {"source": world.cycle.pk, "rows": table})
    assert (page.context["same"], page.context["fates"]) == (2, [])


def test_a_draft_is_deleted_with_a_reason(world: World) -> None:
    begin(world)
    browser = browser_of(world.office)
    assert browser.post(DROP, {"why": ""}).context["form"].errors
    assert browser.post(DROP, {"why": "重新来过"}).url == reverse("schemes")
    assert list(Cycle.objects.all()) == [world.cycle]


def test_an_open_cycle_leads_to_its_units(world: World) -> None:
    begin(world)
    Cycle.objects.filter(year=2027).update(opened_at=clock.now())
    for path in (URL, DROP):
        answer = browser_of(world.office).get(path)
        assert answer.url == reverse("units", args=["2027-青年"])
        assert messages_on(answer)


def test_without_an_earlier_cycle_the_page_says_so(world: World) -> None:
    begin(world)
    ScoreSheet.objects.all().delete()
    page = browser_of(world.office).get(URL)
    assert page.context["source"] is None
    assert browser_of(world.office).get(f"{URL}units.csv").status_code == 200
