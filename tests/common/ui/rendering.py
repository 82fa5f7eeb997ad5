"""Renders a piece of a template in English, with the clock standing in the last days of a year."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from common import clock

NOW = datetime(2026, 12, 28, 20, 0, tzinfo=clock.BEIJING)


def at(*parts: int) -> datetime:
    """An instant in Beijing."""
    return datetime(*parts, tzinfo=clock.BEIJING)  # type: ignore[misc]  # the zone is named, not counted


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Everything is said at NOW, in English."""
    with clock.travel(NOW), translation.override("en"):
        yield


def raw(source: str, **values: object) -> str:
    """The HTML of a piece as it is sent."""
    return str(Template(source).render(Context(values)))


def render(source: str, **values: object) -> str:
    """The HTML of a piece without the lines and indentation of its template."""
    return re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=[<>])", "", raw(source, **values)))


def text(source: str, **values: object) -> str:
    """What a reader sees of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", raw(source, **values))).strip()
