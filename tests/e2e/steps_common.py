"""What every step of a walk needs: people with a browser each, pressing and following, and a look at every page."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.support.browser import DESKTOP, PHONE
from tests.support.clients import browser_of

PASSWORD = "secret-of-the-walk"
AXE = Axe().axe_script
SERIOUS = ("serious", "critical")
# What bars people is looked for, not how to name the elements that do.
WEIGHING = "axe.run({ resultTypes: ['violations'], selectors: false })"
ANY_NUMBER = re.compile(r"\d+|(?<=/public/)[^/]+(?=/)|(?<=/objections/)[^/]+(?=/)")


def zh(text: str) -> str:
    """A text of the pages as a Chinese reader sees it."""
    with translation.override("zh-hans"):
        return gettext(text)


@dataclass
class Stage:
    """A live server, the size of the screen, and all that was noticed on the way."""

    address: str
    open_page: Callable[..., Page]
    size: tuple[int, int] = DESKTOP
    looks: bool = True  # at every page that appears
    problems: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def visitor(self, size: tuple[int, int] | None = None) -> "Visitor":
        """Somebody with a fresh browser."""
        page = self.open_page(size=size or self.size, base_url=self.address)
        page.on("console", lambda said: self._note(page, said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.on("request", lambda sent: self._own(page, sent.url))
        page.set_default_timeout(10_000)
        return Visitor(self, page)

    def person(self, user: User, size: tuple[int, int] | None = None) -> "Visitor":
        """A person who has signed in, on their first page."""
        user.refresh_from_db()  # a session ends with the password of its beginning
        visitor, cookie = self.visitor(size), browser_of(user).cookies[settings.SESSION_COOKIE_NAME]
        visitor.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        visitor.open("/")
        return visitor

    def signing_in(self, user: User, size: tuple[int, int] | None = None) -> "Visitor":
        """A person who signs in by the page for that."""
        visitor = self.visitor(size)
        visitor.open("/sign-in/")
        visitor.fill("User name", user.username)
        visitor.fill("Password", PASSWORD)
        visitor.press("Sign in")
        expect(visitor.page.locator(".who, .menu").first).to_be_attached()
        return visitor

    def _note(self, page: Page, what: str) -> None:
        self.problems.append(f"{page.url}: {what}")

    def _own(self, page: Page, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self._note(page, f"asked {url}")


class Visitor:
    """One browser with the person before it; every page that appears is looked at."""

    def __init__(self, stage: Stage, page: Page) -> None:
        self.stage, self.page = stage, page

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)
        self.look()

    def go(self, place: str) -> None:
        """Choose a place of the navigation by its name, which is a menu on a phone."""
        menu = self.page.locator("details.menu > summary")
        if menu.is_visible():
            menu.click()
        navigation = self.page.get_by_role("navigation", name=zh("Main navigation"))
        self.click(navigation.get_by_role("link", name=zh(place), exact=True))

    def follow(self, text: str) -> None:
        """Click a link by what it says."""
        self.click(self.page.get_by_role("link", name=zh(text), exact=True).first)

    def press(self, text: str) -> None:
        """Click a button by what it says."""
        self.click(self.page.get_by_role("button", name=zh(text), exact=True).first)

    def click(self, thing: Locator) -> None:
        """Click what leads to another page, and look at that."""
        before = self.page.evaluate("performance.timeOrigin")
        thing.click()
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
        self.page.wait_for_load_state("load")
        self.look()

    def fill(self, label: str, value: str) -> None:
        """Type into the field with that label."""
        self.page.get_by_label(zh(label), exact=True).first.fill(value)

    def says(self, text: str | re.Pattern[str]) -> None:
        """The page shows the text."""
        expect(self.page.locator("body")).to_contain_text(text)

    def look(self) -> None:
        """Nothing that bars people: each page on their screen, and each kind of page once on the other one too."""
        if not self.stage.looks:
            return
        kind = ANY_NUMBER.sub("*", self.page.url.removeprefix(self.stage.address).partition("?")[0])
        kind += "" if self.page.locator("[aria-invalid=true]").count() == 0 else " with errors"
        if kind in self.stage.seen:
            self._fits()
            return
        self.stage.seen.add(kind)
        own = self.page.viewport_size
        for width, height in (PHONE, DESKTOP) if own and own["width"] == DESKTOP[0] else (DESKTOP, PHONE):
            self.page.set_viewport_size({"width": width, "height": height})
            self._fits()
            self._reaches()
            self._shoot(kind)
            self._weigh(f"{kind} at {width}")

    def _fits(self) -> None:
        """No page is wider than the screen."""
        width = self.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        if width[0] > width[1]:
            self.stage.problems.append(f"{self.page.url}: {width[0]} wide on a screen of {width[1]}")

    def _reaches(self) -> None:
        """What is to be pressed can be: nothing lies above it."""
        main = self.page.locator(".btn.main:visible:enabled").first
        if main.count():
            main.click(trial=True)

    def _shoot(self, kind: str) -> None:
        wanted = os.environ.get("KAOHE_SHOTS")
        if wanted:
            folder = Path(wanted) / str(self.page.viewport_size["width"] if self.page.viewport_size else 0)
            name = f"{len(self.stage.seen):02d}{re.sub(r'[^a-z]+', '-', kind)}.png"
            self.page.screenshot(path=folder / name, full_page=True)

    def _weigh(self, kind: str) -> None:
        if not self.page.evaluate("'axe' in window"):  # it stays while the page does
            self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate(WEIGHING)
        for violation in found["violations"]:
            if violation["impact"] in SERIOUS:
                where = "; ".join(
                    f"{node['html'][:160]} {node['failureSummary'][:200]}" for node in violation["nodes"][:2]
                )
                self.stage.problems.append(f"{kind}: {violation['id']} ({violation['impact']}): {where}")
