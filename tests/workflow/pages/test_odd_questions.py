"""What is written behind an address by hand, into every question that a page knows, never breaks the page."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Role
from common import clock
from config.settings import BASE_DIR
from tests.access.expectations import TABLE
from tests.access.scene import Scene, build
from tests.support.clients import browser_of

pytestmark = pytest.mark.django_db
# Every name that a page reads from its address.
NAMES = (
    "page",
    "q",
    "cycle",
    "year",
    "track",
    "step",
    "late",
    "kind",
    "verb",
    "person",
    "subject",
    "done",
    "others",
    "ids",
    "all",
    "texts",
    "role",
    "source",
    "search",
    "as",
    "code",
    "unit",
    "seen",
    "with",
)
READ = re.compile(r"GET(?:\.get\(|\[)\"(\w+)\"")
ODD = {
    "nothing": "",
    "below nought": "-1",
    "too large": "9" * 30,
    "too long": "9" * 5000,
    "a figure that is none": "²",
    "another script": "٣",
    "a mark of the database": "%'\"\\_",
    "an emoji": "\U0001f600",
}


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The scene of the walk, for all questions."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        with clock.travel(made.at):
            yield made
        transaction.set_rollback(True)


def test_every_name_that_a_page_reads_is_asked() -> None:
    modules = (path for room in ("accounts", "scoring", "workflow") for path in (BASE_DIR / room).rglob("*.py"))
    sources = [path.read_text() for path in modules if "views" in path.with_suffix("").parts]
    assert len(sources) > 30
    assert {name for source in sources for name in READ.findall(source)} - {*NAMES} == set()


@pytest.mark.parametrize(
    ("role", "odd"),  # the office has nearly every page; a reviewer sees some of them otherwise
    [*((Role.OFFICE, odd) for odd in ODD), (Role.REVIEWER, "nothing"), (Role.REVIEWER, "too large")],
)
def test_an_odd_question_never_breaks_a_page(scene: Scene, role: Role, odd: str) -> None:
    client = browser_of(scene.people[role])
    client.raise_request_exception = False
    query = urlencode(dict.fromkeys(NAMES, ODD[odd]))
    broken = []
    for name, expect in TABLE.items():
        path = reverse(name, kwargs=expect.at(scene) if expect.at else None)
        answer = client.get(f"{path}?{query}")
        broken += [f"{name}: {answer.status_code}"] if answer.status_code >= 500 else []
    assert broken == []


@pytest.mark.parametrize("asked", ["/accounts/?q=", "/accounts/units/?q=", "/events/?person=", "/records/?q="])
def test_more_words_than_a_database_looks_for_are_cut(scene: Scene, asked: str) -> None:
    assert browser_of(scene.people[Role.OFFICE]).get(asked + "x" * 60000).status_code == 200


@pytest.mark.parametrize("page", ["0", "2", "x", "9" * 30])
def test_a_page_that_is_not_there_is_the_nearest_one_that_is(scene: Scene, page: str) -> None:
    client = browser_of(scene.people[Role.OFFICE])
    for name in ("inbox", "messages", "events", "records", "accounts", "consolidation", "demo-mail"):
        answer = client.get(f"{reverse(name)}?page={page}")
        assert answer.status_code == 200, name
        shown = answer.context["page"]
        assert 1 <= shown.number <= shown.paginator.num_pages, name
