"""Numbers that no column holds, in every address and form: not found or said at the field, never a fault."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter

from accounts.models import Role
from common import clock
from common.numbers import KeyConverter
from tests.access.expectations import TABLE, Expect
from tests.access.scene import Scene, build
from tests.access.test_every_url import PATTERNS, roles_with
from tests.support.clients import browser_of

pytestmark = pytest.mark.django_db
TOO_LARGE = "9" * 30  # for every column; int() reads it
TOO_LONG = "9" * 5000  # for int() itself
# The inputs of a row are called by its key.
STEMS = ("grade", "rating", "value", "note", "claimed")
URLENCODED = "application/x-www-form-urlencoded"  # multipart has a limit of its own for the length of a name
Forms = list[tuple[str, str, Client, list[str]]]
FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*\bname=\"([^\"]+)\"")


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The scene of the walk, for all of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        with clock.travel(made.at):
            yield made
        transaction.set_rollback(True)


def browser(scene: Scene, expect: Expect) -> Client:
    """The browser of somebody who may."""
    role = min(expect.sees or roles_with(expect.action), key=list(Role).index)
    client = browser_of(scene.people[role])
    client.raise_request_exception = False
    return client


def address(name: str, expect: Expect, scene: Scene) -> str:
    return reverse(name, kwargs=expect.at(scene) if expect.at else None)


def test_no_address_reads_a_number_without_bounds() -> None:
    loose = [pattern.name for pattern in PATTERNS for kind in _converters(pattern) if isinstance(kind, IntConverter)]
    assert loose == [], "<int:…> takes numbers that no column holds: use <key:…>"


def _converters(pattern: Any) -> list[object]:
    return list(pattern.pattern.converters.values())


def test_an_address_with_a_number_that_nothing_has_is_not_found(scene: Scene) -> None:
    wrong = []
    for pattern in PATTERNS:
        if not any(isinstance(kind, IntConverter | KeyConverter) for kind in _converters(pattern)):
            continue
        path = "/" + re.sub(r"<\w+:\w+>", TOO_LARGE, str(pattern.pattern))
        client = browser(scene, TABLE[pattern.name])
        statuses = {method: getattr(client, method)(path).status_code for method in ("get", "post")}
        wrong += [
            f"{method} {pattern.name}: {status}" for method, status in statuses.items() if status not in (404, 405)
        ]
    assert wrong == []


@pytest.fixture(scope="module")
def forms(scene: Scene) -> Forms:
    """Every address with a browser of somebody who may, and the names of the inputs that its page shows."""
    found = []
    for name, expect in TABLE.items():
        client, path = browser(scene, expect), address(name, expect, scene)
        page = client.get(path)
        shown = "" if page.streaming else page.content.decode(errors="replace")
        found.append((name, path, client, [unescape(field) for field in FIELD.findall(shown)]))
    return found


@pytest.mark.parametrize("number", [TOO_LONG, TOO_LARGE, "1e999999"], ids=len)
def test_a_form_with_numbers_that_nothing_has_breaks_no_page(forms: Forms, number: str) -> None:
    wrong = []
    for name, path, client, fields in forms:
        keys = [*fields, *(f"{stem}-{number}" for stem in STEMS)]
        sent = dict.fromkeys(keys, number) | {"ids": number, "changed": keys, "sure": "1", "confirmed": "1"}
        with transaction.atomic():
            status = client.post(path, urlencode(sent, doseq=True), URLENCODED).status_code
            transaction.set_rollback(True)
        wrong += [f"{name}: {status}"] if status >= 500 else []
    assert wrong == []
