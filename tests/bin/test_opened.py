"""Which tests open pages is read from what they call: those run once, and their branches do not count."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client

from tests.support.clients import browser_of
from tests.support.opened import opens_pages
from tests.support.pages import Visitor


def by_a_browser() -> Any:
    return Client().get("/")


def by_a_helper() -> Any:
    return list(map(lambda _number: by_somebody(), range(1)))


def by_somebody() -> Any:
    return browser_of(None)


def by_a_visitor(world: Any) -> Visitor:
    return Visitor(world, world.office)


def by_none() -> int:
    return len(by_none.__name__) or by_none()


@pytest.mark.parametrize(
    ("function", "opens"),
    [(by_a_browser, True), (by_a_helper, True), (by_a_visitor, True), (by_none, False)],
)
def test_a_test_opens_pages_when_it_or_a_helper_makes_a_browser(function: Any, opens: bool) -> None:
    assert opens_pages(cast(pytest.Item, SimpleNamespace(function=function))) is opens


def test_a_fixture_that_makes_one_opens_pages_for_the_test() -> None:
    maker = SimpleNamespace(name2fixturedefs={"page": [SimpleNamespace(func=by_somebody)]})
    assert opens_pages(cast(pytest.Item, SimpleNamespace(function=by_none, fixturenames=["page"], _fixtureinfo=maker)))
