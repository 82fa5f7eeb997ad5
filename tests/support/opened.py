"""Which tests open pages: they are about what stands above services and queries, which have tests of their own."""

import inspect
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType

import pytest
from django.test import AsyncClient, Client

from tests.support.pages import Visitor

BROWSERS = (AsyncClient, Client, Visitor)
FIXTURES = {"client", "live_server"}  # of pytest-django


def opens_pages(item: pytest.Item) -> bool:
    """Whether the test, a fixture of it or a helper that one of them calls makes a browser."""
    names = set(getattr(item, "fixturenames", ()))
    makers = getattr(item, "_fixtureinfo", None)
    fixtures = [found[-1].func for name, found in makers.name2fixturedefs.items() if name in names] if makers else []
    functions = [getattr(item, "function", None), *fixtures]
    return bool(FIXTURES & names) or any(
        isinstance(function, FunctionType) and _makes_one(function) for function in functions
    )


@cache
def _makes_one(function: FunctionType, above: frozenset[FunctionType] = frozenset()) -> bool:
    called = [function.__globals__.get(name) for name in _names(function.__code__)]
    if any(thing in BROWSERS for thing in called if inspect.isclass(thing)):
        return True
    above |= {function}
    ours = [thing for thing in called if isinstance(thing, FunctionType) and thing.__module__.startswith("tests.")]
    return any(_makes_one(thing, above) for thing in ours if thing not in above)


def _names(code: CodeType) -> Iterator[str]:
    """The global names that it uses, also within its lambdas and inner functions."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
