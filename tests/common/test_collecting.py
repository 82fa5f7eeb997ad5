"""Rubbish is looked for seldom: what stands is left aside, what comes later is still found."""

import gc
import weakref
from collections.abc import Iterator

import pytest

import celery_app
from common.collecting import AFTER, collect_seldom


class Circle:
    """Refers to itself."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_a_page_sets_off_no_look_at_what_stands() -> None:
    gc.set_threshold(700)
    collect_seldom()
    assert gc.get_threshold()[0] == AFTER
    assert gc.get_freeze_count() > 0


def test_later_circles_are_still_found() -> None:
    collect_seldom()
    circle = weakref.ref(Circle())
    gc.collect()
    assert circle() is None


def test_a_worker_does_so_before_it_forks() -> None:
    gc.set_threshold(700)
    celery_app.look_for_rubbish_seldom()
    assert gc.get_threshold()[0] == AFTER
