"""Walks every page of the scene as every role, in a language, and keeps what was shown; where links lead, too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from tests.access.expectations import TABLE
from tests.access.scene import Scene
from tests.support.clients import browser_of

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "rect", "circle"})
# A run of Chinese with the figures in it, and a Latin word: what is the same in the data is no text of ours.
HAN = re.compile(r"[0-9]*[\u4e00-\u9fff][\u4e00-\u9fff0-9]*")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")
# What only keeps a word together at the end of a line is no piece of its own.
UNBROKEN = re.compile(r'<span class="word">([^<]*)</span>')
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-l")


@dataclass
class Piece:
    """A text that a person sees or hears: its words, the tags around it (the outermost first), where it stands."""

    words: str
    around: tuple[str, ...]
    attribute: str = ""


@dataclass
class Tag:
    """An element with its attributes and the tags around it."""

    name: str
    attributes: dict[str, str]
    around: tuple[str, ...]


@dataclass
class Page:
    """A page that a role got: its address, its texts, its elements."""

    role: str
    name: str
    path: str
    source: str
    pieces: list[Piece] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.role} {self.name}"

    @property
    def links(self) -> set[str]:
        """Where its links lead within the house, without the places on a page."""
        found = (tag.attributes.get("href", "") for tag in self.tags if tag.name == "a")
        return {urljoin(self.path, href).split("#")[0] for href in found if href and not href.startswith("#")}

    def of(self, *names: str) -> list[Tag]:
        """Its elements of these names."""
        return [tag for tag in self.tags if tag.name in names]


class _Reader(HTMLParser):
    """Puts the texts and elements of a page's source into `page`."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.open = page, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element and what it says in its attributes."""
        here = {name: value or "" for name, value in attrs}
        around = tuple(self.open)
        self.page.tags.append(Tag(tag, here, around))
        self.page.pieces += [Piece(here[name], (*around, tag), name) for name in SPOKEN if here.get(name)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if data.strip():
            self.page.pieces.append(Piece(" ".join(data.split()), tuple(self.open)))


def read(role: str, name: str, path: str, source: str) -> Page:
    """The page of this source."""
    page = Page(role, name, path, source)
    _Reader(page).feed(UNBROKEN.sub(r"\1", source))
    return page


def browser(user: User | None, language: str) -> Client:
    """A browser that asks for a language."""
    client = browser_of(user)
    client.cookies["django_language"] = language
    return client


def pages_of(scene: Scene, role: str, user: User | None, language: str) -> Iterator[Page]:
    """Every page that the person gets in the scene."""
    client = browser(user, language)
    for name, expect in TABLE.items():
        path = reverse(name, kwargs=expect.at(scene) if expect.at else None)
        answer = client.get(path)
        if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
            yield read(role, name, path, answer.content.decode())


def everybody(scene: Scene) -> list[tuple[str, User | None]]:
    """Every role with its person, and a stranger."""
    return [*((role.value, scene.people[role]) for role in Role), ("stranger", None)]


def dead_links(pages: list[Page], role: str, user: User | None) -> Iterator[str]:
    """Every link of the role's pages that leads the role to neither a page (those walked are some) nor a file."""
    client = browser(user, "zh-hans")
    theirs = [page for page in pages if page.role == role]
    from_where = {link: str(page) for page in theirs for link in page.links}
    for link in sorted(from_where.keys() - {page.path for page in theirs}):
        status = client.get(link, follow=True).status_code
        if status != 200:
            yield f"{from_where[link]} → {link}: {status}"


def stored_words() -> set[str]:
    """Every word in a row of the database, Chinese or Latin, mails and texts left aside: they are written by us."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.managed and model._meta.app_label != "outbox":
            text = " ".join(str(row) for row in model._default_manager.values_list())
            found |= set(HAN.findall(text)) | set(LATIN.findall(text))
    return found
