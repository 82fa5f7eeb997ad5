"""A draw from its opening to anybody's own sums, in a browser: on a phone, by people, and by the page's JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.models import ClockShift
from scoring.models import Cycle, Draw, Drawing
from tests.e2e.steps_common import Stage, zh
from tests.support.browser import PHONE
from tests.support.draw_page import vectors
from tests.support.drawings import BLUE, RED, a_lottery_day, drawn
from tests.support.world import START, World, a_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SAID = "[data-redo-said]"
WITHOUT_WEBCRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"
ALL_OF_THE_EXAMPLE = """async (v) => {
  const seedLines = v.seed_lines;
  const seed = await redoDraw.seedOf(seedLines);
  const given = { roster: v.roster, unit: v.unit, size: v.size, seed };
  const plain = await redoDraw.draw(given);
  const each = await redoDraw.draw({ ...given, categories: v.categories });
  return {
    roster_sha256: plain.roster,
    categories_sha256: await redoDraw.categoriesSha256(redoDraw.rows(v.categories)),
    covered_sha256: await redoDraw.coveredSha256(v.covered),
    secrets: Object.fromEntries(await Promise.all(
      Object.keys(v.secrets).map(async (secret) => [secret, await redoDraw.secretSha256(secret)]))),
    seed,
    drawn: plain.drawn,
    reserves: plain.reserves,
    drawn_of_each_category: each.drawn,
    reserves_of_each_category: each.reserves,
    fits: await redoDraw.secretsFit(seedLines),
    lies: await redoDraw.secretsFit(seedLines.map((line) => line.replace("4f1c", "4f1d"))),
  };
}"""


@pytest.fixture
def world() -> World:
    """Two districts that wait for recipients; the live server's clock stands there."""
    made = a_cycle().with_units(2).accepted()
    at(START)
    return made


def at(instant: Any) -> None:
    """Let the live server's clock stand about there."""
    ClockShift.objects.update_or_create(pk=1, defaults={"ahead": instant - timezone.now()})


def redone(page: Page) -> str:
    page.get_by_role("button", name=zh("Redo the draw")).click()
    expect(page.locator("[data-redo-sums]")).to_be_visible()
    said = page.locator(SAID)
    expect(said).not_to_be_empty()
    return said.inner_text()


def record(stage: Stage, world: World, *, each_category: bool = False) -> Page:
    """A stranger with a phone, at the public record of a draw."""
    Cycle.objects.filter(pk=world.cycle.pk).update(draw_each_category=each_category)
    drawn(world)
    stranger = stage.visitor(PHONE)
    stranger.open("/draws/public/")
    stranger.click(stranger.page.get_by_role("link", name="抽取 3 人").first)
    return stranger.page


def test_the_browser_comes_to_every_value_of_the_worked_example(stage: Stage, world: World) -> None:
    said = record(stage, world).evaluate(ALL_OF_THE_EXAMPLE, vectors())
    assert (said.pop("fits"), said.pop("lies")) == (True, False)
    assert said == {name: vectors()[name] for name in said}
    assert stage.problems == []


@pytest.mark.parametrize("each_category", [False, True], ids=["plain", "each category"])
def test_a_stranger_redoes_a_draw_on_a_phone(stage: Stage, world: World, each_category: bool) -> None:
    assert redone(record(stage, world, each_category=each_category)) == zh(
        "Redone in this browser: the same people, in the same order."
    )
    assert stage.problems == []


def test_a_draw_that_was_changed_is_found_out(stage: Stage, world: World) -> None:
    page = record(stage, world)
    draw = Draw.objects.get(pk=int(page.url.rstrip("/").rpartition("/")[2]))
    draw.drawn[0], draw.reserves[0] = draw.reserves[0], draw.drawn[0]
    draw.save()
    page.reload()
    assert redone(page) == zh("Redone in this browser: the result differs from what is shown here.")


def test_on_an_unencrypted_address_the_page_says_kindly_that_it_can_t(stage: Stage, world: World) -> None:
    page = record(stage, world)
    page.add_init_script(WITHOUT_WEBCRYPTO)
    page.reload()
    expect(page.locator("[data-redo-unable]")).to_be_visible()
    expect(page.get_by_role("button", name=zh("Redo the draw"))).to_be_hidden()


def test_people_draw_with_a_phone_and_the_secret_leaves_the_browser_only_when_it_is_revealed(
    stage: Stage, world: World
) -> None:
    office, supervisor = stage.person(world.office, PHONE), stage.person(world.supervisor, PHONE)
    office.open("/draws/")
    office.follow("Open a drawing")
    day = a_lottery_day(world)
    office.fill("Day of the lottery", day.isoformat())
    office.fill("Issue of the lottery", f"{day.year}136")
    office.press("Open a drawing")
    drawing = Drawing.objects.get()
    own = "示例：监督自拟的一句话，十六个字以上"
    supervisor.open(f"/draws/drawings/{drawing.pk}/")
    supervisor.fill("Secret", own)
    office.page.get_by_role("button", name=zh("Make a random secret")).click()
    for visitor in (office, supervisor):
        expect(visitor.page.locator("[data-secret-hash]")).not_to_have_value("")
        visitor.press("Log my hash")
    assert own not in str(list(drawing.shares.values()))
    for visitor in (office, supervisor):
        visitor.open(f"/draws/drawings/{drawing.pk}/")
        expect(visitor.page.locator("[data-secret-kept]")).not_to_have_value("")
        visitor.press("Reveal my secret")
    assert {share.secret for share in drawing.shares.all()} >= {own}
    at(drawing.lottery_at + timedelta(minutes=5))
    for visitor, button in ((office, "Enter the numbers"), (supervisor, "Confirm the numbers")):
        visitor.open(f"/draws/drawings/{drawing.pk}/")
        visitor.fill("Six red numbers", RED)
        visitor.fill("Blue number", BLUE)
        visitor.press(button)
    office.open(f"/draws/drawings/{drawing.pk}/")
    office.press("Draw for all units now")
    assert Draw.objects.count() == 2
    assert stage.problems == []
