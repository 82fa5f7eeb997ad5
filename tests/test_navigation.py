"""Every page as every role sees it: one heading, one main action, nothing inline, cells that name themselves, steps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Role, User
from common import clock
from tests.access.expectations import TABLE
from tests.access.scene import Scene, build
from tests.support.clients import browser_of
from workflow.navigation import all_places

# Named so that the database is made; the pages are read once, for all tests.
pytestmark = pytest.mark.django_db
# Pages about one assessment: its steps with their dates stand on each of them.
OF_ONE_ASSESSMENT = frozenset(
    {
        "assessment",
        "whole-sheet",
        "receipt",
        "task-delegate",
        "self-evaluation-sheet",
        "self-evaluation-check",
        "materials",
        "roster",
        "acceptance-unit",
        "review-unit",
        "incidents",
        "consolidation-unit",
        "objection",
    }
)
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "rect", "circle"}
EVENT = re.compile(r"on[a-z]+\Z")


@dataclass
class Facts:
    """What a page is made of."""

    lang: str = ""
    titles: list[str] = field(default_factory=list)
    headings: int = 0
    mains: int = 0
    main_buttons: int = 0
    steps: int = 0
    faults: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels_for: list[str] = field(default_factory=list)
    inputs: list[dict[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads the facts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.facts, self.open, self.cells, self.bare, self.plain = Facts(), [], 0, False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag says."""
        here = {name: value or "" for name, value in attrs}
        words = here.get("class", "").split()
        facts = self.facts
        facts.ids += [here["id"]] if "id" in here else []
        facts.lang = here.get("lang", "") if tag == "html" else facts.lang
        facts.headings += tag == "h1"
        facts.mains += tag == "main"
        facts.main_buttons += {"btn", "main"} <= set(words)
        facts.steps += "steps" in words
        facts.faults += [f"<{tag} {name}>" for name in here if name == "style" or EVENT.match(name)]
        if tag == "style" or (tag == "script" and "src" not in here and here.get("type") != "application/json"):
            facts.faults.append(f"<{tag}> inline")
        self._note_table(tag, here, words)
        self._note_form(tag, here)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        self.bare = self.bare and tag not in ("td", "tr")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Keep the tab's title; words in a cell without a column's name must speak for themselves."""
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.facts.titles.append(data.strip())
        if self.bare and data.strip() and not {"a", "button", "label", "b"} & set(self.open):
            self.facts.faults.append(f"“{data.strip()[:20]}” stands in a cell that names no column")

    def _note_table(self, tag: str, here: dict[str, str], words: list[str]) -> None:
        """A state says what it is by its shape and word; so do links and buttons; all else needs its column's name."""
        if tag == "table":
            self.plain = "plain" in words  # it stays a table on a phone
        if tag == "tr":
            self.cells = 0
        if tag == "td":
            self.cells += 1
            self.bare = not self.plain and self.cells > 1 and "data-l" not in here and not {"do", "wide"} & set(words)
        if tag in ("th", "table") or "state" in words:
            self.bare = False

    def _note_form(self, tag: str, here: dict[str, str]) -> None:
        if tag == "label" and "for" in here:
            self.facts.labels_for.append(here["for"])
        if tag in ("input", "select", "textarea") and here.get("type") not in ("hidden", "submit", "button"):
            self.facts.inputs.append(here | {"_in_label": str("label" in self.open)})
        if tag == "a" and here.get("href"):
            self.facts.links.append(here["href"])


@dataclass(frozen=True)
class Seen:
    """A page that a role got."""

    role: str
    name: str
    answer: Any
    facts: Facts

    def __str__(self) -> str:
        return f"{self.role} {self.name}"


def read(answer: HttpResponse) -> Facts:
    reader = Reader()
    reader.feed(answer.content.decode())
    return reader.facts


def _seen(scene: Scene, role: str, user: User | None) -> Iterator[Seen]:
    client = browser_of(user)
    for name, expect in TABLE.items():
        answer = client.get(reverse(name, kwargs=expect.at(scene) if expect.at else None))
        if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
            yield Seen(role, name, answer, read(answer))


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: Any) -> list[Seen]:
    """Every page that any role gets in the scene of the walk; what the walk made is forgotten at once."""
    with django_db_blocker.unblock(), transaction.atomic():
        scene = build()
        with clock.travel(scene.at):
            found = [page for role in Role for page in _seen(scene, role.value, scene.people[role])]
            found += _seen(scene, "stranger", None)
        transaction.set_rollback(True)
    return found


def said(faults: list[str]) -> None:
    assert not faults, "\n".join(faults)


def test_the_walk_sees_the_house(pages: list[Seen]) -> None:
    assert len({page.name for page in pages}) > 55
    assert {page.role for page in pages} == {*Role.values, "stranger"}


def test_every_page_has_one_heading_and_one_main_part(pages: list[Seen]) -> None:
    said([f"{page}: {page.facts.headings} h1" for page in pages if page.facts.headings != 1])
    said([f"{page}: {page.facts.mains} main" for page in pages if page.facts.mains != 1])


def test_every_page_has_a_title_of_its_own(pages: list[Seen]) -> None:
    said([f"{page}: {page.facts.titles}" for page in pages if not "".join(page.facts.titles).split("·")[0].strip()])


def test_every_page_says_its_language(pages: list[Seen]) -> None:
    said([f"{page}: {page.facts.lang!r}" for page in pages if page.facts.lang != "zh-Hans"])


def test_no_page_has_more_than_one_main_action(pages: list[Seen]) -> None:
    said([f"{page}: {page.facts.main_buttons}" for page in pages if page.facts.main_buttons > 1])


def test_nothing_is_inline_and_every_cell_names_its_column(pages: list[Seen]) -> None:
    said([f"{page}: {', '.join(dict.fromkeys(page.facts.faults))}" for page in pages if page.facts.faults])


def test_every_page_comes_with_its_policy(pages: list[Seen]) -> None:
    wrong = []
    for page in pages:
        policy = page.answer.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy and "default-src 'self'" not in policy:
            wrong.append(f"{page}: {policy!r}")
        if "unsafe" in policy or page.answer.headers.get("X-Frame-Options") != "DENY":
            wrong.append(f"{page}: {policy!r} {page.answer.headers.get('X-Frame-Options')}")
        if page.answer.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{page}: may be sniffed")
    said(wrong)


def test_every_page_of_one_assessment_shows_its_steps(pages: list[Seen]) -> None:
    found = [page for page in pages if page.name in OF_ONE_ASSESSMENT]
    assert len({page.name for page in found}) > 9
    said([str(page) for page in found if page.facts.steps != 1])


def test_no_id_stands_twice_on_a_page(pages: list[Seen]) -> None:
    wrong = []
    for page in pages:
        twice = {name for name in page.facts.ids if page.facts.ids.count(name) > 1}
        wrong += [f"{page}: {', '.join(sorted(twice))}"] if twice else []
    said(wrong)


def test_every_input_has_a_name_that_can_be_read_out(pages: list[Seen]) -> None:
    wrong = []
    for page in pages:
        for put in page.facts.inputs:
            named = put.get("aria-label") or put.get("aria-labelledby") or put["_in_label"] == "True"
            if not named and put.get("id") not in page.facts.labels_for:
                wrong.append(f"{page}: {put.get('name')}")
    said(wrong)


def test_no_link_leads_out_of_the_house(pages: list[Seen]) -> None:
    wrong = []
    for page in pages:
        away = [link for link in page.facts.links if not link.startswith(("/", "?", "#", "mailto:"))]
        wrong += [f"{page}: {link}" for link in away]
    said(wrong)


def test_no_template_shows_a_bare_variable(pages: list[Seen]) -> None:
    wrong = []
    for page in pages:
        text = page.answer.content.decode()
        wrong += [f"{page}: {sign}" for sign in ("{{", "{%", "&lt;QuerySet", ">None<", "object at 0x") if sign in text]
    said(wrong)


def test_the_navigation_marks_where_one_is(pages: list[Seen]) -> None:
    wrong = []
    for page in pages:
        nav = (page.answer.context or {}).get("nav") or []
        current = [str(entry.place.label) for entry in nav if entry.current]
        if page.role != "stranger" and len(current) > 1:
            wrong.append(f"{page}: {current}")
        if any(entry.url == "#" for entry in nav):
            wrong.append(f"{page}: an entry leads nowhere")
    said(wrong)


@pytest.mark.parametrize("role", Role)
def test_every_entry_of_the_navigation_opens(pages: list[Seen], role: Role) -> None:
    first = next(page for page in pages if page.role == role and page.name == "inbox")
    offered = {entry.url for entry in first.answer.context["nav"]}
    opened = {page.answer.request["PATH_INFO"] for page in pages if page.role == role}
    # What leads on to the one thing that is meant (a cycle, a self-evaluation) is no page of its own.
    leads_on = {reverse("dashboard"), reverse("self-evaluation")}
    assert offered - leads_on <= opened


def test_many_places_stand_under_the_parts_of_the_year_s_work_in_their_order(pages: list[Seen]) -> None:
    first = {page.role: page.answer for page in pages if page.name == "inbox"}
    office = first[Role.OFFICE]
    shown = [str(entry.place.chapter) for entry in office.context["nav"]]
    chapters = dict.fromkeys(str(place.chapter) for place in all_places())
    assert [chapter for chapter in chapters if chapter in shown] == list(dict.fromkeys(shown))
    assert f"<h2>{shown[-1]}</h2>" in office.content.decode()
    assert "<h2>审定、公示与通报</h2>" not in first[Role.FILER].content.decode()
